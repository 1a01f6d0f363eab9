"""The look of pictures as numbers: edges, colour, ink and its pieces."""
