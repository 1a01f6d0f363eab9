"""Drawings as tokens: dictionaries of offsets, and grids of the page."""
