"""Networks of attention alone."""
