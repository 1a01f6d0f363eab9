"""Cubic Bézier curves to polylines within a tolerance.

Letters: ``K`` curves, ``P`` pieces of curves, ``N`` points, ``k`` curves of one chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FINEST = 1e-7
"""Finest tolerance relative to the largest coordinate, near the precision of float32."""
SHARE = 1e-4
"""Finest tolerance relative to a curve's own size: nothing smaller can be seen."""
AT_ONCE = 1 << 15
"""Curves flattened together; their arrays take some tens of megabytes."""


class TooManyPointsError(ValueError):
    """A drawing would have more points than it may have."""


def flatten_cubics(controls: Floats, tolerance: float, max_points: int) -> tuple[Floats, NDArray[np.int64]]:
    """Halve cubic Bézier curves until each piece lies within ``tolerance`` of its chord.

    The distance to a chord is convex and vanishes at its ends, so that it is at most 3/4 of that of the
    farther inner control point (:func:`_bulge`).

    Parameters
    ----------
    controls : float64 array of shape ``(K, 4, 2)``
    tolerance : float
        Largest distance between curve and polyline, positive; not finer than a ten-thousandth of the curve's
        own size, nor than float32 can tell.
    max_points : int
        Number of points allowed in all.

    Returns
    -------
    points : float64 array of shape ``(N, 2)``
        Without the start of each curve; the last one of each is exactly its end.
    counts : int64 array of shape ``(K,)``
        Number of points of each curve.

    Raises
    ------
    TooManyPointsError
        If there are more than ``max_points`` points; before they are made.
    """
    ends, owners, positions = _flat_pieces(controls, _bounds(controls, tolerance), max_points)
    order = np.lexsort((positions, owners))
    return ends[order], np.bincount(owners, minlength=len(controls))


def _flat_pieces(
    controls: Floats, bounds: Floats, max_points: int
) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Halve curves until their pieces are flat.

    Return for each piece, in no order, its end, ``(N, 2)``, and the index of its curve and the parameter at
    its start, both ``(N,)``.
    """
    pieces, owner, position, width = controls, np.arange(len(controls)), np.zeros(len(controls)), 1.0
    ends, owners, positions, done = [np.zeros((0, 2))], [owner[:0]], [position[:0]], 0
    while len(pieces):
        if done + len(pieces) > max_points:
            raise TooManyPointsError
        flat = 0.75 * _bulge(pieces) <= bounds[owner]
        ends.append(pieces[flat, 3])
        owners.append(owner[flat])
        positions.append(position[flat])
        done += len(ends[-1])
        width /= 2
        pieces = _halves(pieces[~flat])
        owner = np.repeat(owner[~flat], 2)
        position = np.add.outer(position[~flat], [0.0, width]).ravel()
    return np.concatenate(ends), np.concatenate(owners), np.concatenate(positions)


def flatten_chain(chain: Floats, tolerance: float, max_points: int) -> Floats:
    """Return the polyline of a chain of cubic curves, ``(k, 4, 2)``, from its start to its end."""
    return np.concatenate([chain[:1, 0], flatten_cubics(chain, tolerance, max_points)[0]])


def flatten_chains(chains: Sequence[Floats], tolerance: float, max_points: int) -> Iterator[Floats]:
    """Yield the polylines of chains of cubic curves; see :func:`flatten_cubics`.

    Parameters
    ----------
    chains : sequence of float64 arrays of shape ``(k, 4, 2)``, k >= 1
    tolerance : float
    max_points : int
        Number of points allowed in all chains together, starts not counted.
    """
    left = max_points
    for batch in _batches(chains):
        points, counts = flatten_cubics(np.concatenate(batch), tolerance, left)
        left -= len(points)
        ends = np.append(0, np.cumsum(counts))[np.cumsum([len(chain) for chain in batch])]
        for chain, line in zip(batch, np.split(points, ends[:-1]), strict=True):
            yield np.concatenate([chain[:1, 0], line])


def _batches(chains: Sequence[Floats]) -> Iterator[list[Floats]]:
    """Yield runs of chains with some :data:`AT_ONCE` curves each."""
    batch: list[Floats] = []
    size = 0
    for chain in chains:
        batch.append(chain)
        size += len(chain)
        if size >= AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _bounds(controls: Floats, tolerance: float) -> Floats:
    """Return the tolerance of each curve, no finer than is useful: ``(K,)``."""
    sizes = np.ptp(controls, axis=1).max(axis=1, initial=0)
    finest = np.maximum(SHARE * sizes, FINEST * np.abs(controls).max(axis=(1, 2), initial=0))
    return np.asarray(np.maximum(tolerance, finest))


def _bulge(pieces: Floats) -> Floats:
    """Return the distance of the farther inner control point from the chord: ``(P,)``.

    That of a point of the curve is at most 3t(1-t)^2 d1 + 3t^2(1-t) d2 <= 3/4 max(d1, d2), where d1 and d2
    are the distances of the two inner control points.
    """
    start, chord = pieces[:, :1], pieces[:, 3:] - pieces[:, :1]  # (P, 1, 2)
    inner = pieces[:, 1:3] - start  # (P, 2, 2)
    squared = (chord**2).sum(axis=2)
    share = (inner * chord).sum(axis=2) / np.where(squared > 0, squared, 1.0)
    offset = inner - np.clip(share, 0, 1)[..., None] * chord
    return np.asarray(np.hypot(offset[..., 0], offset[..., 1]).max(axis=1))


def _halves(pieces: Floats) -> Floats:
    """Split every piece at the middle of its parameter: ``(P, 4, 2)`` to ``(2P, 4, 2)``."""
    a, b, c, d = (pieces[:, i] for i in range(4))
    ab, bc, cd = (a + b) / 2, (b + c) / 2, (c + d) / 2
    abc, bcd = (ab + bc) / 2, (bc + cd) / 2
    middle = (abc + bcd) / 2
    return np.stack([a, ab, abc, middle, middle, bcd, cd, d], axis=1).reshape(-1, 4, 2)
