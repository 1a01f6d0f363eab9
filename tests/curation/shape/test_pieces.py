"""Drawings in a common frame: wherever they stand and however large and however densely drawn they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import KDTree

from limner.corpus.doodles.make import make_doodles
from limner.curation.shape.pieces import PIECE, cut, segments, unit_sized
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import transformed
from limner.strokes.packed import PackedStrokes

CAT = make_doodles(1, seed=5)[0]


def test_unit_size_keeps_the_aspect() -> None:
    packed = unit_sized(
        PackedStrokes.from_drawings([Drawing.from_polylines(([[10, 10], [30, 10], [30, 20]],))])
    )
    np.testing.assert_allclose(packed.boxes, [[0, 0, 1, 0.5]])


def test_segments_never_join_strokes() -> None:
    two = Drawing.from_polylines(([[0, 0], [1, 0]], [[5, 5], [5, 6], [4, 6]], [[9, 9]]))
    of, starts, ways = segments(PackedStrokes.from_drawings([two, two]))
    assert of.tolist() == [0, 0, 0, 1, 1, 1]
    assert starts[:3].tolist() == [[0, 0], [5, 5], [5, 6]]
    assert ways[:3].tolist() == [[1, 0], [0, 1], [-1, 0]]


def test_pieces_are_short_and_hold_all_the_ink() -> None:
    packed = unit_sized(PackedStrokes.from_drawings([CAT]))
    pieces, _ = cut(packed)
    lengths = np.hypot(*pieces.vectors.T)
    assert lengths.max() <= PIECE * (1 + 1e-9)
    assert lengths.sum() == pytest.approx(packed.inks[0])


@pytest.mark.slow
@given(st.floats(0.01, 500), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_size_and_place_do_not_count(scale: float, dx: float, dy: float) -> None:
    moved = transformed(CAT, [[scale, 0, dx], [0, scale, dy]])
    plain, other = (cut(unit_sized(PackedStrokes.from_drawings([drawing])))[0] for drawing in (CAT, moved))
    assert KDTree(plain.middle).query(other.middle)[0].max() < 0.03  # rounding may decide about a point
    assert KDTree(other.middle).query(plain.middle)[0].max() < 0.03


def test_most_of_the_ink_lies_inside_the_frame() -> None:
    pieces, _ = cut(unit_sized(PackedStrokes.from_drawings(make_doodles(50, seed=1))))
    inside = ((pieces.middle > 0) & (pieces.middle < 1)).all(axis=1)
    assert inside.mean() > 0.9


def test_a_tail_moves_the_frame_less_than_the_box() -> None:
    """The face stands nearer to where it stood than if the box alone decided."""
    turn = np.linspace(0, 2 * np.pi, 60)
    face = np.column_stack([np.cos(turn), np.sin(turn)])
    tailed = Drawing.from_polylines((face, [[1, 0], [4, 0]]))
    pieces, _ = cut(unit_sized(PackedStrokes.from_drawings([Drawing.from_polylines((face,)), tailed])))
    middles = [pieces.middle[pieces.of == k] for k in (0, 1)]
    assert middles[0].mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.01)
    box = (middles[1][:, 0].min() + middles[1][:, 0].max()) / 2
    assert box > 0.5  # the middle of the box lies to the right of the frame's middle


@pytest.mark.parametrize("strokes", [([[3, 3]],), ([[1, 1], [1, 1]],), ([[0, 0], [0, 9]],), ()])
def test_drawings_without_extent(strokes: tuple[list[list[int]], ...]) -> None:
    pieces, frames = cut(unit_sized(PackedStrokes.from_drawings([Drawing.from_polylines(strokes), CAT])))
    assert np.isfinite(pieces.middle).all()
    assert np.isfinite(frames.centre).all()
    assert (frames.size > 0).all()
