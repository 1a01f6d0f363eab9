"""Sketchformer: a transformer that reads a drawing into one vector, and one that draws from it."""
