"""Distances of drawings from what was made of them."""

from __future__ import annotations

import numpy as np
import pytest

from limner.corpus.doodles.make import make_doodles
from limner.evaluation.reconstruction import centred, reconstruction_distances
from limner.strokes.drawing import Drawing

LINE = Drawing((np.array([[0, 0], [100, 0]], np.float32),))


def test_copies_are_perfect_wherever_they_lie() -> None:
    drawings = make_doodles(4, seed=1)
    moved = [d.replace(strokes=tuple(stroke + np.array([500, -70]) for stroke in d)) for d in drawings]
    found = reconstruction_distances(drawings, moved)
    assert found.own.max() < 1e-4
    assert found.shifted.min() > 0.01


def test_by_hand() -> None:
    """A line of half the length: a quarter of it lies outside on each side, on average 12.5 away."""
    short = Drawing((np.array([[0, 0], [50, 0]], np.float32),))
    found = reconstruction_distances([LINE, short], [short, LINE])
    assert found.own[0] == pytest.approx((0.5 * 12.5 + 0) / 2 / 100, rel=0.04)
    assert found.own[1] == pytest.approx((0.5 * 12.5 + 0) / 2 / 50, rel=0.04)
    assert found.shifted == pytest.approx([0, 0], abs=1e-6)


def test_nothing_drawn_is_a_dot_in_the_middle() -> None:
    found = reconstruction_distances([LINE], [Drawing(())])
    assert found.own[0] == pytest.approx((25 + 0) / 2 / 100, rel=0.05)


def test_centred() -> None:
    assert centred(LINE).bounds == (-50, 0, 50, 0)
    assert np.array_equal(centred(Drawing(())).points, [[0, 0]])


def test_pairs_are_needed() -> None:
    with pytest.raises(ValueError, match="0 drawings"):
        reconstruction_distances([], [])
    with pytest.raises(ValueError, match="compared with 2"):
        reconstruction_distances([LINE], [LINE, LINE])
