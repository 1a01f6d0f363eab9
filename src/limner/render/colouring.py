"""The ink of each piece of a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.render.smooth import flatten_smooth
from limner.render.style import HAND_INKS, ORDER_INKS, STROKE_INKS, Colour, parse_colour

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from limner.render.style import Style
    from limner.strokes.drawing import Drawing, Stroke

ORDER_STEPS = 24
"""Inks in the gradient of ``colour_by="order"``."""

SLIVER = 1e-9
"""Share of a drawing's ink below which a piece is a rounding error and goes to its neighbour."""


class Piece(NamedTuple):
    """Points, of shape ``(n, 2)``, that are drawn in one ink."""

    colour: Colour
    points: NDArray[np.float32]


def inks(style: Style) -> tuple[Colour, ...]:
    """Return the inks that a style can draw with, in their order."""
    if style.colour_by == "single":
        return (style.ink_colour,)
    named = {"stroke": STROKE_INKS, "order": ORDER_INKS, "hands": HAND_INKS}[style.colour_by]
    stops = [parse_colour(name) for name in named]
    return _gradient(stops, ORDER_STEPS) if style.colour_by == "order" else tuple(stops)


def inked_strokes(drawing: Drawing, style: Style) -> list[list[Piece]]:
    """Return each stroke as pieces of one ink; a piece starts at the point where the one before it ends.

    Where the style is smooth, the pieces have further points along the curves.

    Raises
    ------
    TypeError
        If ``given_points`` of the style is a tuple; see :meth:`.style.Style.of_drawing`.
    """
    palette = inks(style)
    if style.colour_by == "order":
        smooth = drawing.replace(strokes=tuple(map(flatten_smooth, drawing))) if style.smooth else drawing
        return list(_by_order(smooth, palette))
    if style.colour_by == "hands":
        if not isinstance(style.given_points, int):
            raise TypeError("given_points must be those of one drawing; use style.of_drawing(index).")
        strokes = list(_by_hand(drawing, palette, style.given_points))
    else:
        strokes = [[Piece(palette[i % len(palette)], stroke)] for i, stroke in enumerate(drawing)]
    if style.smooth:
        return [[Piece(p.colour, flatten_smooth(p.points)) for p in stroke] for stroke in strokes]
    return strokes


def _by_hand(drawing: Drawing, palette: tuple[Colour, ...], given: int) -> Iterator[list[Piece]]:
    """Cut at the last point that a person drew."""
    person, model = palette
    for stroke in drawing:
        if given >= len(stroke):
            yield [Piece(person, stroke)]
        elif given <= 0:
            yield [Piece(model, stroke)]
        else:
            yield [Piece(person, stroke[:given]), Piece(model, stroke[given - 1 :])]
        given -= len(stroke)


def _gradient(stops: list[Colour], steps: int) -> tuple[Colour, ...]:
    at = np.linspace(0, len(stops) - 1, steps)
    channels = [np.interp(at, range(len(stops)), [stop[c] for stop in stops]) for c in range(3)]
    return tuple(Colour(*(round(float(v)) for v in values)) for values in zip(*channels, strict=True))


def _by_order(drawing: Drawing, palette: tuple[Colour, ...]) -> Iterator[list[Piece]]:
    arc_lengths = list(ink_arc_lengths(drawing))
    edges = np.linspace(0, arc_lengths[-1][-1] if arc_lengths else 0.0, len(palette) + 1)
    for index, (stroke, lengths) in enumerate(zip(drawing, arc_lengths, strict=True)):
        if lengths[-1] - lengths[0] <= 2 * SLIVER * edges[-1]:
            # a dot takes the ink of its position in the drawing; in a drawing of dots, that of its index
            share = lengths[0] / edges[-1] if edges[-1] > 0 else index / len(drawing)
            yield [Piece(palette[min(int(share * len(palette)), len(palette) - 1)], stroke)]
        else:
            yield list(_cut(stroke, lengths, edges, palette))


def _cut(
    stroke: Stroke, lengths: NDArray[np.float64], edges: NDArray[np.float64], palette: tuple[Colour, ...]
) -> Iterator[Piece]:
    """Cut a stroke, whose points lie at the arc lengths ``lengths`` of the drawing, at the edges."""
    for colour, low, high in zip(palette, edges[:-1], edges[1:], strict=True):
        first, last = max(low, lengths[0]), min(high, lengths[-1])
        if last - first <= SLIVER * edges[-1]:
            continue
        inside = lengths[(lengths > first) & (lengths < last)]
        at = np.concatenate([[first], inside, [last]])
        points = np.column_stack([np.interp(at, lengths, stroke[:, axis]) for axis in (0, 1)])
        yield Piece(colour, points.astype(np.float32))


def ink_arc_lengths(drawing: Drawing) -> Iterator[NDArray[np.float64]]:
    """Yield, for each stroke, the length of the ink from the drawing's first point to each of its points.

    Each array has shape ``(n,)``; gaps between strokes have no length.
    """
    drawn = 0.0
    for stroke in drawing:
        steps = np.hypot(*np.diff(stroke.astype(np.float64), axis=0).T)
        lengths = np.cumsum(np.concatenate([[drawn], steps]))
        drawn = float(lengths[-1])
        yield lengths
