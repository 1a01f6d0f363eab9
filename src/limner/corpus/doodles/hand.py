"""``ToyHand``: the random differences between drawings of the same thing.

All random numbers are derived from uniform ones, which numpy keeps the same on all platforms.

Letters: ``D`` drawings, ``K`` knots, ``n`` points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.doodles.line import ToyLine, oval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.corpus.doodles.line import Knot, Mask, Number

    Floats = NDArray[np.float64]

SLIP = 5.0  # largest error of a knot, along each axis
TREMBLE = (170.0, 1.0)  # wavelength along the line, amplitude
BEND = (260.0, 3.5)  # wavelength across the sheet, amplitude
TURN, SLANT, STRETCH = 0.16, 0.16, 0.14  # largest values: radians, shear, logarithm of the ratio


class ToyHand:
    """Draws ``n_drawings`` of one kind, all at once, on a sheet of about 240 by 240.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_drawings : int
        D.
    """

    def __init__(self, rng: np.random.Generator, n_drawings: int) -> None:
        self._rng = rng
        self._n = n_drawings
        self._side = np.ones(n_drawings)

    # Random numbers --------------------------------------------------------------------------------------

    def between(self, low: float, high: float) -> Floats:
        """Sample uniformly from a range, (D,)."""
        return low + (high - low) * self._rng.random(self._n)

    def about(self, mean: float, width: float) -> Floats:
        """Sample a bell-shaped density from ``mean - width`` to ``mean + width``, (D,)."""
        return mean + width * self._bell(self._n)

    def chance(self, probability: float) -> Mask:
        """Sample True with this probability, (D,)."""
        return self._rng.random(self._n) < probability

    def mirror(self, share: float) -> None:
        """Mirror this share of the drawings."""
        self._side = np.where(self.chance(share), -1.0, 1.0)

    def _bell(self, *shape: int) -> Floats:
        a, b, c = self._rng.random((3, *shape))
        return np.asarray((a + b + c - 1.5) / 1.5)

    # The pen -------------------------------------------------------------------------------------

    def pen(self, x: Number, y: Number, *, slip: float = SLIP) -> ToyLine:
        """Begin a line, whose knots all have errors of at most ``slip``."""

        def place(knots: tuple[Knot, ...]) -> Floats:
            exact = np.empty((self._n, len(knots), 2))
            for k, (knot_x, knot_y) in enumerate(knots):
                exact[:, k, 0], exact[:, k, 1] = knot_x, knot_y
            return exact + slip * self._bell(*exact.shape)

        return ToyLine(place, (x, y))

    def ring(self, x: Number, y: Number, r: Number) -> ToyLine:
        """Draw a small circle that overshoots its beginning: an eye, a bubble, an apple."""
        start, *knots = oval(x, y, r, r, (0, 380), 5)
        return self.pen(*start, slip=2.0).curve(*knots)

    # The pose ------------------------------------------------------------------------------------

    def pose(self, lines: list[ToyLine]) -> list[Floats]:
        """Return the points of the lines, (D, n, 2) each, trembling, bent and transformed."""
        trembling = [
            _wave(line.points, self._arc_lengths(line.points), *TREMBLE, self._phase()) for line in lines
        ]
        matrix, phase = self._matrix(), self._phase()
        bent = [_wave(points, points[..., ::-1], *BEND, phase) for points in trembling]
        return [np.einsum("dij,dnj->dni", matrix, points) for points in bent]

    def _matrix(self) -> Floats:
        """Return mirroring, stretching, slant and turn, in this order: (D, 2, 2)."""
        angle, slant = self.about(0, TURN), self.about(0, SLANT)
        wide, none = np.exp(self.about(0, STRETCH) / 2), np.zeros(self._n)
        cos, sin = np.cos(angle), np.sin(angle)
        shape = np.array([[wide * self._side, slant], [none, 1 / wide]])  # (2, 2, D)
        matrix: Floats = np.einsum("ijd,jkd->dik", np.array([[cos, -sin], [sin, cos]]), shape)
        return matrix

    def _phase(self) -> Floats:
        return 2 * np.pi * self._rng.random((self._n, 1, 2))

    @staticmethod
    def _arc_lengths(points: Floats) -> Floats:
        """Return the length of the line up to each point: (D, n, 1)."""
        steps = np.diff(points, axis=1, prepend=points[:, :1])
        return np.cumsum(np.hypot(steps[..., 0], steps[..., 1]), axis=1)[..., None]


def _wave(points: Floats, along: Floats, wavelength: float, amplitude: float, phase: Floats) -> Floats:
    return points + amplitude * np.sin(2 * np.pi / wavelength * along + phase)
