"""Distances between sets of drawings, and between single drawings."""
