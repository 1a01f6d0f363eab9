"""Evaluation: how likely a model finds drawings it has not seen, and how fast it works."""
