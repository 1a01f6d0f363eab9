"""Smooth curves through a few knots, for many drawings at once.

The curve is Hobby's (Hobby 1986, "Smooth, easy to compute interpolating splines"; the curves of METAFONT):
its curvature is as small and as even as its knots allow, so that four knots make a circle.

Letters: ``D`` drawings, ``K`` knots, ``n`` points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAMPLES_PER_ARC = 10
_ROOT_2, _ROOT_5 = 2.0**0.5, 5.0**0.5


def smooth_curve(knots: Floats, samples: int = SAMPLES_PER_ARC) -> Floats:
    """Return points of a smooth open curve through knots.

    Parameters
    ----------
    knots : float array of shape ``(D, K, 2)``, K >= 2
        Neighbouring knots must lie apart.
    samples : int
        Points an arc from knot to knot.

    Returns
    -------
    float array of shape ``(D, (K - 1) * samples + 1, 2)``
        It begins and ends in the first and last knot.
    """
    chords = np.diff(knots, axis=1)  # (D, K-1, 2)
    lengths = np.hypot(chords[..., 0], chords[..., 1])  # (D, K-1)
    leave, arrive = _angles(chords, lengths)
    after = knots[:, :-1] + _turned(chords, leave) * _reach(leave, arrive)[..., None]
    before = knots[:, 1:] - _turned(chords, -arrive) * _reach(arrive, leave)[..., None]
    t = (np.arange(samples) / samples)[:, None]
    arcs = sum(
        weight * handle[:, :, None]
        for weight, handle in (
            ((1 - t) ** 3, knots[:, :-1]),
            (3 * t * (1 - t) ** 2, after),
            (3 * t**2 * (1 - t), before),
            (t**3, knots[:, 1:]),
        )
    )  # (D, K-1, samples, 2)
    return np.concatenate([np.reshape(arcs, (len(knots), -1, 2)), knots[:, -1:]], axis=1)


def straight_lines(knots: Floats, samples: int = SAMPLES_PER_ARC) -> Floats:
    """Return points of straight lines through knots; shapes as in :func:`smooth_curve`."""
    t = (np.arange(samples) / samples)[:, None]
    lines = knots[:, :-1, None] * (1 - t) + knots[:, 1:, None] * t  # (D, K-1, samples, 2)
    return np.concatenate([lines.reshape(len(knots), -1, 2), knots[:, -1:]], axis=1)


def _angles(chords: Floats, lengths: Floats) -> tuple[Floats, Floats]:
    """Solve for the angles between curve and chord, where an arc leaves and where it arrives: (D, K-1) each.

    Equal mock curvature on both sides of a knot gives one linear equation a knot; circular arcs at both ends.
    """
    heading = np.arctan2(chords[..., 1], chords[..., 0])
    turn = np.zeros((len(chords), chords.shape[1] + 1))  # (D, K); none at the ends
    turn[:, 1:-1] = (np.diff(heading, axis=1) + np.pi) % (2 * np.pi) - np.pi
    weight = np.pad(1 / lengths, ((0, 0), (1, 1)))  # 1 / length of the chord before and after a knot
    low, high = weight[:, :-1].copy(), weight[:, 1:].copy()
    middle = 2 * (low + high)
    right = -2 * low * turn - high * np.roll(turn, -1, axis=1)
    middle[:, 0], right[:, 0] = high[:, 0], -high[:, 0] * turn[:, 1]
    middle[:, -1], right[:, -1] = low[:, -1] * (1 + 1e-9), 0.0  # the nudge keeps two knots solvable
    leave = _solve_tridiagonal(low, middle, high, right)
    return leave[:, :-1], -turn[:, 1:] - leave[:, 1:]


def _solve_tridiagonal(low: Floats, middle: Floats, high: Floats, right: Floats) -> Floats:
    """Solve low x[k-1] + middle x[k] + high x[k+1] = right, all of shape (D, K), by Thomas's algorithm."""
    middle, right = middle.copy(), right.copy()
    for k in range(1, middle.shape[1]):
        factor = low[:, k] / middle[:, k - 1]
        middle[:, k] -= factor * high[:, k - 1]
        right[:, k] -= factor * right[:, k - 1]
    x = right / middle
    for k in range(middle.shape[1] - 2, -1, -1):
        x[:, k] -= high[:, k] / middle[:, k] * x[:, k + 1]
    return x


def _turned(vectors: Floats, angles: Floats) -> Floats:
    cos, sin = np.cos(angles), np.sin(angles)
    x, y = vectors[..., 0], vectors[..., 1]
    return np.stack([x * cos - y * sin, x * sin + y * cos], axis=-1)


def _reach(near: Floats, far: Floats) -> Floats:
    """Return the length of a Bezier handle in chords, from the angles at both ends (Hobby's rho)."""
    sin_near, sin_far, cos_near, cos_far = np.sin(near), np.sin(far), np.cos(near), np.cos(far)
    swell = _ROOT_2 * (sin_near - sin_far / 16) * (sin_far - sin_near / 16) * (cos_near - cos_far)
    length = (2 + swell) / (3 * (1 + (_ROOT_5 - 1) / 2 * cos_near + (3 - _ROOT_5) / 2 * cos_far))
    return np.asarray(length)
