"""The named values that options of pictures take. No Pillow here, so that ``--help`` stays quick."""

from __future__ import annotations

from typing import Literal

Ground = Literal["auto", "paper", "white", "none"]
"""What lies beneath drawings; see :class:`limner.render.style.Style`."""

ColourBy = Literal["single", "stroke", "order", "hands"]
"""What decides the ink of a stroke; see :class:`limner.render.style.Style`."""

FilmKind = Literal["draw", "sheet", "morph"]
"""What an animation shows; see :class:`limner.render.film.Film`."""
