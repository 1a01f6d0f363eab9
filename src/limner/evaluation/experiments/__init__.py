"""Experiments: published claims, tested by grids of trainings, with a verdict on each."""
