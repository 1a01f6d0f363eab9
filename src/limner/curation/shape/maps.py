"""Maps of the ink of a drawing by position and direction, and of ends and turns of strokes.

They are what histograms of oriented gradients (Dalal and Triggs 2005) are to pictures. The direction of a
line is known here, though, and need not be guessed from pixels.

Letters: ``n`` drawings, ``C`` maps, ``G`` cells along a side, ``k`` marks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.curation.shape.pieces import Frames, Pieces
    from limner.strokes.packed import PackedStrokes

    Maps = NDArray[np.float32]

DIRECTIONS = 6
"""Of lines, of which the two ends are alike: every 30 degrees."""

CELLS = 32
BLUR_CELLS = 2.0
POINT_BLUR_CELLS = 3.0
"""How far ink and points may lie beside where they lay in a drawing that is alike: standard deviations."""

POOL = 2
"""So many cells a side become one, after blurring."""

EVENNESS = 0.4
"""Power that brings heavily and lightly drawn places nearer to each other."""

WEIGHTS = (1.0, 0.3, 0.25)
"""Of the maps of directions, of ends and of corners."""

ASYMMETRY = 0.7
"""Weight of how much a drawing differs from its mirror image."""


def direction_maps(pieces: Pieces, n: int) -> Maps:
    """Return the ink of each drawing by direction and position, ``(n, DIRECTIONS, G, G)``.

    Direction 0 is level; a piece is shared between the two nearest directions and the four nearest cells.
    """
    turn = np.arctan2(pieces.vectors[:, 1], pieces.vectors[:, 0]) % np.pi / np.pi * DIRECTIONS
    low = np.floor(turn).astype(np.int64)
    ink = np.hypot(*pieces.vectors.T)
    found = np.zeros((n, DIRECTIONS, CELLS, CELLS), np.float32)
    for step, share in ((0, 1 - (turn - low)), (1, turn - low)):
        _splat(found, pieces.of, (low + step) % DIRECTIONS, pieces.middle, ink * share)
    return found


def point_maps(packed: PackedStrokes, frames: Frames) -> Maps:
    """Return maps of the ends and of the turns of strokes: ``(n, 2, G, G)``.

    A turn by the angle a weighs (a / 180 degrees) squared.
    """
    n = len(packed)
    of = np.repeat(np.arange(n), packed.sizes)
    positions = frames.inside(packed.points, of)
    ends = np.concatenate([packed.stroke_starts[:-1], packed.stroke_starts[1:] - 1])
    inner, angle = turns(packed)
    found = np.zeros((n, 2, CELLS, CELLS), np.float32)
    _splat(found, of[ends], np.zeros(len(ends), np.int64), positions[ends], np.ones(len(ends)))
    _splat(found, of[inner], np.ones(len(inner), np.int64), positions[inner], (angle / np.pi) ** 2)
    return found


def turns(packed: PackedStrokes) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the inner points of strokes, and the turning angle at each, -pi to pi."""
    edge = np.zeros(len(packed.points), np.bool_)
    edge[packed.stroke_starts[:-1]] = edge[packed.stroke_starts[1:] - 1] = True
    inner = np.flatnonzero(~edge)
    into = packed.points[inner] - packed.points[inner - 1]
    out = packed.points[inner + 1] - packed.points[inner]
    cross = into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0]
    return inner, np.arctan2(cross, (into * out).sum(axis=1))


def described(directions: Maps, points: Maps) -> Maps:
    """Return features of maps that are the same for a drawing and its mirror image.

    Returns
    -------
    float32 array of shape ``(n, d)``
    """
    plain = _blocks(directions, points)
    mirrored = _blocks(directions[:, -np.arange(DIRECTIONS) % DIRECTIONS, :, ::-1], points[..., ::-1])
    halves = []
    for one, other in zip(plain, mirrored, strict=True):
        half = (slice(None), slice(None), slice(None), slice(0, one.shape[-1] // 2))
        halves += [(one + other)[half], ASYMMETRY * np.abs(one - other)[half]]
    rows = np.concatenate([half.reshape(len(half), -1) for half in halves], axis=1)
    return np.asarray(rows / np.sqrt(2), np.float32)


def _blocks(directions: Maps, points: Maps) -> list[Maps]:
    parts = (
        (directions, BLUR_CELLS),
        (points[:, :1], POINT_BLUR_CELLS),
        (points[:, 1:], POINT_BLUR_CELLS),
    )
    return [w * _block(maps, blur) for w, (maps, blur) in zip(WEIGHTS, parts, strict=True)]


def _block(maps: Maps, blur: float) -> Maps:
    """Blur, pool and compress maps, and normalise those of a drawing to length 1; zeros stay."""
    smooth = nd.gaussian_filter(maps, (0, 0, blur, blur), mode="constant", truncate=3.0)
    n, count, side, _ = maps.shape
    pooled = smooth.reshape(n, count, side // POOL, POOL, side // POOL, POOL).mean(axis=(3, 5))
    even = np.maximum(pooled, 0) ** EVENNESS
    length = np.sqrt((even**2).sum(axis=(1, 2, 3), keepdims=True))
    return np.asarray(even / np.maximum(length, np.finfo(np.float32).tiny), np.float32)


def _splat(
    maps: Maps,
    of: NDArray[np.int64],
    which: NDArray[np.int64],
    positions: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> None:
    """Add ``weights`` at ``positions`` (0 to 1) of maps ``which`` of drawings ``of``; all ``(k,)``."""
    at = np.clip(positions * CELLS - 0.5, 0, CELLS - 1)
    low = np.minimum(np.floor(at).astype(np.int64), CELLS - 2)
    share = at - low
    base = (of * maps.shape[1] + which) * CELLS**2
    flat = maps.reshape(-1)
    for down, across in ((0, 0), (0, 1), (1, 0), (1, 1)):
        part = _side(share[:, 1], down) * _side(share[:, 0], across)
        cell = base + (low[:, 1] + down) * CELLS + low[:, 0] + across
        flat += np.bincount(cell, weights * part, len(flat)).astype(np.float32)


def _side(share: NDArray[np.float64], far: int) -> NDArray[np.float64]:
    return share if far else 1 - share
