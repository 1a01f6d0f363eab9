"""Which ink each piece of a drawing takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.render.style import ORDER_INKS, STROKE_INKS, Colour, parse_colour

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
    stops = [parse_colour(name) for name in (STROKE_INKS if style.colour_by == "stroke" else ORDER_INKS)]
    return tuple(stops) if style.colour_by == "stroke" else _gradient(stops, ORDER_STEPS)


def inked_strokes(drawing: Drawing, style: Style) -> list[list[Piece]]:
    """Cut each stroke into pieces of one ink; a piece begins at the point where the one before it ends."""
    palette = inks(style)
    if style.colour_by != "order":
        return [[Piece(palette[i % len(palette)], stroke)] for i, stroke in enumerate(drawing)]
    return list(_by_order(drawing, palette))


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
