"""Looking over many drawings or pages: what is alike, what belongs together, what stays."""
