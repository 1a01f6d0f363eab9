"""``Look``: what a person may choose of a picture's look. No Pillow here, so that ``--help`` stays quick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from limner.render.style import Style

Ground = Literal["auto", "paper", "white", "none"]


@dataclass(frozen=True)
class Look:
    """What lies beneath drawings, and how lines run from point to point."""

    ground: Ground = "auto"
    """paper, white, or none (of SVG, PNG and GIF); auto: paper, but none beneath a single drawing in SVG."""
    smooth: bool = False
    """Draw smooth curves through the points, not straight lines between them."""

    def style(self, **more: Any) -> Style:
        """Return a style of this look; ``more`` as in :class:`limner.render.style.Style`."""
        from limner.render.style import Style

        return Style(ground=self.ground, smooth=self.smooth, **more)
