"""Interchange: import models of other programs, export limner's."""
