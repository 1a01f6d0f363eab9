"""The transform of an element of an SVG document, from its properties or its attribute, as a matrix."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limner.strokes.svg.css_transform import CENTRE, css_matrix
from limner.strokes.svg.transform import parse_transform, translation

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from limner.strokes.svg.lengths import Length, Units
    from limner.strokes.svg.skipped import Skipped
    from limner.strokes.svg.style import SvgStyle
    from limner.strokes.svg.transform import Box, Matrix

INDIVIDUAL_TRANSFORMS = ("translate", "rotate", "scale")
"""Properties that come before ``transform``, in this order. Source: CSS Transforms 2, 3."""
ORIGIN: tuple[Length, Length] = ((), ())
"""The point about which elements are transformed unless they say otherwise."""
CENTRE_ORIGIN: tuple[Length, Length] = (CENTRE, CENTRE)
"""The same for the root element, which lies on the page like any other box of CSS."""


def has_transform(element: Element, style: SvgStyle) -> bool:
    """Return whether an element has a transform of its own."""
    names = ("transform", *INDIVIDUAL_TRANSFORMS)
    return "transform" in element.attrib or any(style.own.get(name) for name in names)


def own_transform(
    element: Element,
    style: SvgStyle,
    box: Box,
    units: Units,
    skipped: Skipped,
    default_origin: tuple[Length, Length] = ORIGIN,
) -> Matrix:
    """Return the matrix of an element's own transform, of shape ``(3, 3)``.

    Parameters
    ----------
    element : Element
    style : SvgStyle
    box : tuple of float
        x, y, width and height of the box that origin and percentages refer to.
    units : Units
        Resolve other lengths.
    skipped : Skipped
        Counts attributes that cannot be read.
    default_origin : pair of lengths
        Origin unless ``transform-origin`` is set.
    """
    x, y, width, height = box
    units = replace(units, width=width, height=height)
    individual = [function for name in INDIVIDUAL_TRANSFORMS for function in style.own.get(name, ())]
    attribute = _attribute(element, skipped) if "transform" not in style.own else None
    matrix = css_matrix(individual, units)
    matrix = matrix @ (css_matrix(style.own.get("transform", ()), units) if attribute is None else attribute)
    origin_x, origin_y = style.own.get("transform-origin", default_origin)
    origin = (x + units.resolve(origin_x, "x"), y + units.resolve(origin_y, "y"))
    return translation(*origin) @ matrix @ translation(-origin[0], -origin[1]) if any(origin) else matrix


def _attribute(element: Element, skipped: Skipped) -> Matrix | None:
    text = element.get("transform")
    matrix = None if text is None else parse_transform(text)
    skipped.add("transforms that cannot be read", bool(text) and matrix is None)
    return matrix
