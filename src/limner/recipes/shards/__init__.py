"""Build a corpus of many shards, on this machine or on a cluster."""
