"""Worker processes that parse untrusted data within limits on memory and processor time."""
