"""The room Scan: pictures read as strokes."""
