"""Recipes: ordered steps that make a corpus of drawings, on one laptop or on many machines."""
