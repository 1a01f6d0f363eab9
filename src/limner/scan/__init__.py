"""Scan: a picture of a drawing to the strokes the hand made."""
