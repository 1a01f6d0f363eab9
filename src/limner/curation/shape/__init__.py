"""Features of the shape of drawings: where ink runs and in which direction, where strokes end and turn."""
