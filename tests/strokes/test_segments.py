"""Runs of values: sums, cumulative sums and indices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.strokes.segments import LONG_RUN, offsets_from_lengths, ranges, segment_cumsum, segment_sum


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.floats(-1e6, 1e6), max_size=9), max_size=6))
def test_sums_are_those_of_each_run(runs: list[list[float]]) -> None:
    flat = np.array([value for run in runs for value in run])
    offsets = offsets_from_lengths([len(run) for run in runs])
    expected = np.concatenate([np.zeros(0), *(np.cumsum(run) for run in runs)])
    np.testing.assert_array_equal(segment_cumsum(flat, offsets), expected)
    np.testing.assert_allclose(segment_sum(flat, offsets), [sum(run) for run in runs], rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("longest", [LONG_RUN - 1, LONG_RUN, 3 * LONG_RUN])
def test_long_runs_are_added_up_one_after_another(longest: int) -> None:
    runs = [np.random.default_rng(n).uniform(-1, 1, n) for n in (longest, 1, 5, longest)]
    offsets = offsets_from_lengths([len(run) for run in runs])
    sums = segment_cumsum(np.concatenate(runs), offsets)
    np.testing.assert_array_equal(sums, np.concatenate([np.cumsum(run) for run in runs]))


def test_a_huge_neighbour_spoils_no_sum() -> None:
    flat = np.array([1e30, 1.0, 2.0, 3.0])
    assert segment_cumsum(flat, np.array([0, 1, 4])).tolist() == [1e30, 1, 3, 6]


def test_ranges() -> None:
    assert ranges([5, 0, 2], [2, 0, 3]).tolist() == [5, 6, 2, 3, 4]
