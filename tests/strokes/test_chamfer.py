"""The chamfer distance of sets of points."""

from __future__ import annotations

import numpy as np
import pytest

from limner.strokes.chamfer import point_set_chamfer


def test_both_directions_count_alike() -> None:
    one, two = np.array([(0.0, 0.0)]), np.array([(0.0, 0.0), (0.0, 4.0)])
    assert point_set_chamfer(one, two) == point_set_chamfer(two, one) == (0 + 2) / 2


def test_equals_all_pairs() -> None:
    rng = np.random.default_rng(0)
    one, two = rng.normal(size=(40, 2)), rng.normal(size=(30, 2))
    pairs = np.hypot(*(one[:, None] - two).transpose(2, 0, 1))
    expected = (pairs.min(axis=0).mean() + pairs.min(axis=1).mean()) / 2
    assert point_set_chamfer(one, two) == pytest.approx(expected)
    assert point_set_chamfer(one, one[::-1]) == 0
