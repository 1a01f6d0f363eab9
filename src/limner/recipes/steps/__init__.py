"""The steps that recipes are made of, a few to a file."""
