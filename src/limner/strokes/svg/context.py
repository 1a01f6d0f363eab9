"""``ElementContext``: what an element of an SVG document inherits from those around it.

Letters: ``m`` edges of a clip.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from limner.strokes.svg.clip import UNCLIPPED
from limner.strokes.svg.style import SvgStyle

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

    from limner.strokes.svg.lengths import Units

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ElementContext:
    """Coordinates, style and clip of an element.

    Parameters
    ----------
    units : Units
        Resolve relative lengths.
    style : SvgStyle
    matrix : float64 array of shape ``(3, 3)``
        From the element's coordinates to those of the document.
    clip : float64 array of shape ``(m, 3)``
        Half planes that it is seen through; see :mod:`limner.strokes.svg.clip`.
    uses : tuple of Element
        The ``<use>`` elements that led here, the outermost first.
    is_target : bool
        Whether the last of them refers to this very element.
    """

    units: Units
    style: SvgStyle = field(default_factory=SvgStyle)
    matrix: Floats = field(default_factory=lambda: np.eye(3))
    clip: Floats = field(default_factory=lambda: UNCLIPPED)
    uses: tuple[Element, ...] = ()
    is_target: bool = False
