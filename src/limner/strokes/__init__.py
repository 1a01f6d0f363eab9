"""Strokes: the one data type of the house, its formats and its geometry. No torch in this room."""
