"""``Line``: the path of a pen, drawn for many drawings at once.

Letters: ``D`` drawings, ``K`` knots, ``n`` points. A number in a recipe is one for all drawings or an array
of shape ``(D,)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.doodles.spline import SAMPLES_PER_ARC, smooth_curve, straight_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Number = float | Floats
    Knot = tuple[Number, Number]


class Line:
    """A pen on its way: it starts somewhere and goes on straight or in curves.

    Parameters
    ----------
    place : callable
        Turns K knots into an array of shape ``(D, K, 2)``, a little beside where they were meant.
    start : Knot
        Where the pen comes down.
    """

    def __init__(self, place: Callable[[tuple[Knot, ...]], Floats], start: Knot) -> None:
        self._place = place
        self._pieces = [place((start,))]
        self.corners = [0]  # indices into the n points: where the line starts, bends sharply or ends
        self.drawn: Mask = np.ones(len(self._pieces[0]), bool)  # (D,) whether a drawing has this line
        self.first: Mask = ~self.drawn  # (D,) whether it is drawn before the others

    @property
    def points(self) -> Floats:
        """The path so far, of shape ``(D, n, 2)``."""
        return np.concatenate(self._pieces, axis=1)

    def to(self, *knots: Knot) -> Line:
        """Go straight from knot to knot."""
        self._go(straight_lines, knots)
        self.corners += [self.corners[-1] + SAMPLES_PER_ARC * (k + 1) for k in range(len(knots))]
        return self

    def curve(self, *knots: Knot) -> Line:
        """Go through the knots in one smooth curve."""
        self._go(smooth_curve, knots)
        self.corners.append(self.corners[-1] + SAMPLES_PER_ARC * len(knots))
        return self

    def only(self, drawings: Mask) -> Line:
        """Keep the line in these drawings only."""
        self.drawn = self.drawn & drawings
        return self

    def early(self, drawings: Mask) -> Line:
        """Draw the line before all others in these drawings."""
        self.first = drawings
        return self

    def _go(self, path: Callable[[Floats], Floats], knots: tuple[Knot, ...]) -> None:
        placed = np.concatenate([self._pieces[-1][:, -1:], self._place(knots)], axis=1)  # (D, K+1, 2)
        self._pieces.append(path(placed)[:, 1:])


def oval(
    x: Number, y: Number, rx: Number, ry: Number, angles: tuple[Number, Number], n: int, *, grow: Number = 1.0
) -> list[Knot]:
    """Give ``n`` knots on an ellipse from the first angle to the second, in degrees: 0 is right, 90 is down.

    The radius grows evenly to ``grow`` times itself at the last knot: a spiral.
    """
    turns = np.deg2rad(np.linspace(*angles, n))
    swell = [1 + (grow - 1) * (k / max(n - 1, 1)) for k in range(n)]
    return [(x + rx * s * np.cos(a), y + ry * s * np.sin(a)) for a, s in zip(turns, swell, strict=True)]
