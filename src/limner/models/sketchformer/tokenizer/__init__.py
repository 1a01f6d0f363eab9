"""Drawings as words: dictionaries of offsets, and grids of the page."""
