"""Which ink each piece of a drawing takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.render.smooth import flattened
from limner.render.style import HAND_INKS, ORDER_INKS, STROKE_INKS, Colour, parse_colour

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from limner.render.style import Style
    from limner.strokes.drawing import Drawing, Stroke

ORDER_STEPS = 24
"""Inks in the gradient of ``colour_by="order"``."""

SLIVER = 1e-9
"""Pieces below this share of the ink are rounding, not drawing: they are left to their neighbours."""


class Piece(NamedTuple):
    """A run of points, of shape ``(n, 2)``, in one ink."""

    colour: Colour
    points: NDArray[np.float32]


def inks(style: Style) -> tuple[Colour, ...]:
    """List the inks that a style can draw with, in their order."""
    if style.colour_by == "single":
        return (style.ink_colour,)
    named = {"stroke": STROKE_INKS, "order": ORDER_INKS, "hands": HAND_INKS}[style.colour_by]
    stops = [parse_colour(name) for name in named]
    return _gradient(stops, ORDER_STEPS) if style.colour_by == "order" else tuple(stops)


def inked_strokes(drawing: Drawing, style: Style) -> list[list[Piece]]:
    """Cut each stroke into pieces of one ink; a piece begins at the point where the one before it ends.

    Where the style is smooth the pieces have points along the curves.
    """
    palette = inks(style)
    if style.colour_by == "order":
        smooth = drawing.replace(strokes=tuple(map(flattened, drawing))) if style.smooth else drawing
        return list(_by_order(smooth, palette))
    if style.colour_by == "hands":
        strokes = list(_by_hand(drawing, palette, style.given_points))
    else:
        strokes = [[Piece(palette[i % len(palette)], stroke)] for i, stroke in enumerate(drawing)]
    if style.smooth:
        return [[Piece(p.colour, flattened(p.points)) for p in stroke] for stroke in strokes]
    return strokes


def _by_hand(drawing: Drawing, palette: tuple[Colour, ...], given: int) -> Iterator[list[Piece]]:
    """Cut at the last point that was given."""
    yours, models = palette
    for stroke in drawing:
        if given >= len(stroke):
            yield [Piece(yours, stroke)]
        elif given <= 0:
            yield [Piece(models, stroke)]
        else:
            yield [Piece(yours, stroke[:given]), Piece(models, stroke[given - 1 :])]
        given -= len(stroke)


def _gradient(stops: list[Colour], steps: int) -> tuple[Colour, ...]:
    at = np.linspace(0, len(stops) - 1, steps)
    channels = [np.interp(at, range(len(stops)), [stop[c] for stop in stops]) for c in range(3)]
    return tuple(Colour(*(round(float(v)) for v in values)) for values in zip(*channels, strict=True))


def _by_order(drawing: Drawing, palette: tuple[Colour, ...]) -> Iterator[list[Piece]]:
    marked = list(ink_marks(drawing))
    edges = np.linspace(0, marked[-1][-1] if marked else 0.0, len(palette) + 1)
    for index, (stroke, marks) in enumerate(zip(drawing, marked, strict=True)):
        if marks[-1] - marks[0] <= 2 * SLIVER * edges[-1]:
            # a dot takes the ink of its moment; in a drawing of dots, of its turn
            share = marks[0] / edges[-1] if edges[-1] > 0 else index / len(drawing)
            yield [Piece(palette[min(int(share * len(palette)), len(palette) - 1)], stroke)]
        else:
            yield list(_cut(stroke, marks, edges, palette))


def _cut(
    stroke: Stroke, marks: NDArray[np.float64], edges: NDArray[np.float64], palette: tuple[Colour, ...]
) -> Iterator[Piece]:
    """Cut a stroke, whose points lie at ``marks`` along the drawing, where the marks pass an edge."""
    for colour, low, high in zip(palette, edges[:-1], edges[1:], strict=True):
        first, last = max(low, marks[0]), min(high, marks[-1])
        if last - first <= SLIVER * edges[-1]:
            continue
        inside = marks[(marks > first) & (marks < last)]
        at = np.concatenate([[first], inside, [last]])
        points = np.column_stack([np.interp(at, marks, stroke[:, axis]) for axis in (0, 1)])
        yield Piece(colour, points.astype(np.float32))


def ink_marks(drawing: Drawing) -> Iterator[NDArray[np.float64]]:
    """Length of ink drawn until each point, an array of shape ``(n,)`` for each stroke."""
    drawn = 0.0
    for stroke in drawing:
        steps = np.hypot(*np.diff(stroke.astype(np.float64), axis=0).T)
        marks = np.cumsum(np.concatenate([[drawn], steps]))
        drawn = float(marks[-1])
        yield marks
