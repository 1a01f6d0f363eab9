"""Features of pictures: edges, colour, ink and its pieces."""
