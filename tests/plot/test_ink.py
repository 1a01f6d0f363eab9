"""Fillings of a pen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from limner.plot.ink import fillings
from limner.plot.layers import length_of


def line(length: float) -> np.ndarray:
    return np.array([(0.0, 0.0), (length, 0.0)])


def test_a_filling_ends_before_a_stroke_that_needs_more() -> None:
    shares = fillings([line(40), line(50), line(30), line(70), line(10)], 100)
    assert [[length_of(s) for s in share] for share in shares] == [[40, 50], [30, 70], [10]]


def test_only_a_stroke_that_needs_more_than_a_filling_is_cut() -> None:
    shares = fillings([line(5), line(250)], 100)
    assert [[length_of(s) for s in share] for share in shares] == [[5], [100], [100], [50]]
    ends = [share[0] for share in shares[1:]]
    assert all((a[-1] == b[0]).all() for a, b in pairwise(ends))


@pytest.mark.parametrize("n", [0, 1, 3])
def test_dots_need_no_ink(n: int) -> None:
    assert len(fillings([np.zeros((1, 2))] * n, 10)) == min(n, 1)
