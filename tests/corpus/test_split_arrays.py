from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.corpus.split_arrays import Appendable, InFile, InMemory


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), max_size=20))
def test_parts_are_concatenated(lengths: list[int]) -> None:
    array = InMemory("rows", "f4", (3,))
    parts = [np.full((length, 3), i, np.float64) for i, length in enumerate(lengths)]
    for part in parts:
        array.append(part)
    whole = array.done()
    assert whole.dtype == np.float32
    np.testing.assert_array_equal(whole, np.concatenate([np.zeros((0, 3)), *parts]))


@pytest.mark.parametrize("lengths", [[], [0], [3, 0, 5]])
def test_in_a_file(lengths: list[int], tmp_path: Path) -> None:
    """The array is a view of the file, and what is written to it is stored there."""
    array: Appendable = InFile(tmp_path / "rows", "i4", (2,))
    for i, length in enumerate(lengths):
        array.append(np.full((length, 4), i, np.int64)[:, ::2])
    whole = array.done()
    assert whole[:, 0].tolist() == [i for i, length in enumerate(lengths) for _ in range(length)]
    whole[:] = 7
    assert np.fromfile(tmp_path / "rows", np.int32).tolist() == [7] * 2 * sum(lengths)
