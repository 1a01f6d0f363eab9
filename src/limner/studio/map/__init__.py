"""The Map room: drawings laid out in the plane by similarity."""
