"""The command line: one file a verb, nothing but argument handling."""
