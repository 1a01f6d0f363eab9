"""Sampling: a trained network draws; generation, completion, reconstruction and interpolation."""
