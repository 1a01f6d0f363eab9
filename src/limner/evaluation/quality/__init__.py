"""How good drawings are: distances between sets of drawings and between single ones."""
