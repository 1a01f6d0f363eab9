"""``Look``: the options of a picture's look. No Pillow here, so that ``--help`` stays quick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from limner.render.options import Ground

if TYPE_CHECKING:
    from limner.render.style import Style


@dataclass(frozen=True)
class Look:
    """What lies beneath drawings, and how lines run from point to point."""

    ground: Ground = "auto"
    """paper, white, or none (of SVG, PNG and GIF); auto: paper, but none beneath a single drawing in SVG."""
    smooth: bool = False
    """Draw smooth curves through the points, not straight lines between them."""

    curves: bool = False
    """In SVG, write curves that fit the strokes within their ink, which editors like better than points."""

    def style(self, **options: Any) -> Style:
        """Return the style of this look; ``options`` are further fields of :class:`.style.Style`."""
        from limner.render.style import Style

        return Style(ground=self.ground, smooth=self.smooth, curves=self.curves, **options)
