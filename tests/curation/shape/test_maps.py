"""Maps of the ink: what lies where, which way it runs, and that mirror images are alike."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.corpus.doodles.make import make_doodles
from limner.curation.shape.maps import (
    CELLS,
    DIRECTIONS,
    described,
    direction_maps,
    point_maps,
    turns,
)
from limner.curation.shape.pieces import Frames, Pieces, cut, unit_sized
from limner.strokes.drawing import Drawing
from limner.strokes.packed import PackedStrokes


def _maps(*drawings: Drawing) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    packed = unit_sized(PackedStrokes.from_drawings(drawings))
    pieces, frames = cut(packed)
    return direction_maps(pieces, len(packed)), point_maps(packed, frames)


@pytest.mark.parametrize(
    ("degrees", "shares"), [(0, {0: 1}), (90, {3: 1}), (45, {1: 0.5, 2: 0.5}), (180, {0: 1})]
)
def test_the_direction_of_a_piece(degrees: float, shares: dict[int, float]) -> None:
    angle = np.radians(degrees)
    way = np.array([[np.cos(angle), np.sin(angle)]])
    found = direction_maps(Pieces(np.array([0]), np.array([[0.5, 0.5]]), way), 1)
    by_direction = found.sum(axis=(0, 2, 3))
    wanted = [shares.get(k, 0) for k in range(DIRECTIONS)]
    assert by_direction.tolist() == pytest.approx(wanted, abs=1e-6)


def test_the_place_of_a_piece() -> None:
    middle = np.array([[10.5 / CELLS, 4.5 / CELLS]])  # the middle of column 10 and row 4
    found = direction_maps(Pieces(np.array([0]), middle, np.array([[1.0, 0.0]])), 1)
    assert found[0, 0, 4, 10] == pytest.approx(1)
    assert found.sum() == pytest.approx(1)


def test_ink_is_neither_made_nor_lost() -> None:
    drawings = make_doodles(20, seed=2)
    packed = unit_sized(PackedStrokes.from_drawings(drawings))
    pieces, _ = cut(packed)
    np.testing.assert_allclose(direction_maps(pieces, 20).sum(axis=(1, 2, 3)), packed.inks, rtol=1e-4)


def test_ends_and_corners() -> None:
    corner = PackedStrokes.from_drawings([Drawing.from_polylines(([[0, 0], [1, 0], [1, 1]],))])
    ends, corners = point_maps(corner, Frames(np.array([[0.5, 0.5]]), np.array([[2.0, 2.0]])))[0]
    assert ends.sum() == pytest.approx(2)
    assert corners.sum() == pytest.approx(0.25)  # (90 / 180) squared
    assert np.unravel_index(corners.argmax(), corners.shape)[0] < CELLS / 2


def test_turns_to_the_left_and_right() -> None:
    packed = PackedStrokes.from_drawings(
        [Drawing.from_polylines(([[0, 0], [1, 0], [1, 1], [2, 1]], [[7, 7], [8, 8]]))]
    )
    inner, angles = turns(packed)
    assert inner.tolist() == [1, 2]
    assert angles.tolist() == pytest.approx([np.pi / 2, -np.pi / 2])


def test_mirror_images_are_alike_and_other_drawings_are_not() -> None:
    drawings = make_doodles(12, seed=4)
    mirrored = [d.replace(strokes=tuple(s * (-1, 1) for s in d)) for d in drawings]
    plain, mirror = described(*_maps(*drawings)), described(*_maps(*mirrored))
    np.testing.assert_allclose(mirror, plain, atol=2e-3)
    upside_down = [d.replace(strokes=tuple(s * (1, -1) for s in d)) for d in drawings]
    assert np.abs(described(*_maps(*upside_down)) - plain).max(axis=1).min() > 0.02


def test_what_is_not_symmetric_is_told_from_what_is() -> None:
    """Two strokes that face each other, and two that both face right, have equal means with their mirrors."""
    lines = np.array([[0.0, 0.0], [0.5, 1.0]]), np.array([[2.0, 1.0], [2.5, 0.0]])
    both_right = Drawing.from_polylines((lines[0], lines[0] + (2, 0)))
    facing = Drawing.from_polylines(lines)
    rows = described(*_maps(both_right, facing))
    assert np.abs(rows[0] - rows[1]).max() > 0.02


def test_nothing_drawn_is_zeros() -> None:
    rows = described(*_maps(Drawing.from_polylines(()), make_doodles(1)[0]))
    assert not rows[0].any()
    assert rows[1].any()
