"""``ToyLine``: the path of a pen, computed for many drawings at once.

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


class ToyLine:
    """A line that begins at a knot and continues straight or in curves.

    Parameters
    ----------
    place : callable
        Converts K knots to an array of shape ``(D, K, 2)``, with random errors.
    start : Knot
        Where the pen comes down.
    """

    def __init__(self, place: Callable[[tuple[Knot, ...]], Floats], start: Knot) -> None:
        self._place = place
        self._pieces = [place((start,))]
        self.corners = [0]  # indices into the n points: beginning, sharp bends, end
        self.drawn: Mask = np.ones(len(self._pieces[0]), bool)  # (D,) whether a drawing has this line
        self.first: Mask = ~self.drawn  # (D,) whether it is drawn before the others

    @property
    def points(self) -> Floats:
        """The path so far, of shape ``(D, n, 2)``."""
        return np.concatenate(self._pieces, axis=1)

    def to(self, *knots: Knot) -> ToyLine:
        """Continue with straight lines from knot to knot."""
        self._go(straight_lines, knots)
        self.corners += [self.corners[-1] + SAMPLES_PER_ARC * (k + 1) for k in range(len(knots))]
        return self

    def curve(self, *knots: Knot) -> ToyLine:
        """Continue with one smooth curve through the knots."""
        self._go(smooth_curve, knots)
        self.corners.append(self.corners[-1] + SAMPLES_PER_ARC * len(knots))
        return self

    def only(self, drawings: Mask) -> ToyLine:
        """Keep the line in these drawings only."""
        self.drawn = self.drawn & drawings
        return self

    def early(self, drawings: Mask) -> ToyLine:
        """Draw the line before all others in these drawings."""
        self.first = drawings
        return self

    def _go(self, path: Callable[[Floats], Floats], knots: tuple[Knot, ...]) -> None:
        placed = np.concatenate([self._pieces[-1][:, -1:], self._place(knots)], axis=1)  # (D, K+1, 2)
        self._pieces.append(path(placed)[:, 1:])


def oval(
    x: Number, y: Number, rx: Number, ry: Number, angles: tuple[Number, Number], n: int, *, grow: Number = 1.0
) -> list[Knot]:
    """Return ``n`` knots on an ellipse between two angles, in degrees: 0 is right, 90 is down.

    The radius grows linearly to ``grow`` times itself at the last knot, which makes a spiral.
    """
    turns = np.deg2rad(np.linspace(*angles, n))
    swell = [1 + (grow - 1) * (k / max(n - 1, 1)) for k in range(n)]
    return [(x + rx * s * np.cos(a), y + ry * s * np.sin(a)) for a, s in zip(turns, swell, strict=True)]
