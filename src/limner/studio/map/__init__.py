"""The room Map: drawings laid out by likeness."""
