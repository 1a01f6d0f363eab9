"""Corpus: many drawings; reading, checking, writing, making and augmenting them."""
