"""Interchange: models of other programs in, ours out."""
