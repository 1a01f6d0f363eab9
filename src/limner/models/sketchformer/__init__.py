"""Sketchformer: a transformer that encodes a drawing as one vector, and one that decodes it."""
