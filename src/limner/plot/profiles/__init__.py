"""Profiles of machines; see :mod:`limner.plot.profile`."""
