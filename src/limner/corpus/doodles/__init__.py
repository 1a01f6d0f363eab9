"""Doodles: a toy corpus of single-line drawings, made by recipe; nothing to download."""
