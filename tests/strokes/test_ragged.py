from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.strokes import ragged
from limner.strokes.ragged import blocks, take_ragged
from limner.strokes.segments import offsets_from_lengths

LENGTHS = st.lists(st.integers(0, 9), max_size=60)


@settings(deadline=None)
@given(LENGTHS, st.integers(1, 30))
def test_blocks_cover_everything_once_and_hold_about_so_much(lengths: list[int], size: int) -> None:
    offsets = offsets_from_lengths(lengths)
    runs = list(blocks(offsets, size))
    assert [i for run in runs for i in range(len(lengths))[run]] == list(range(len(lengths)))
    for run in runs:
        held = offsets[run.stop] - offsets[run.start]
        assert held <= size or run.stop - run.start == 1


@pytest.mark.slow
@pytest.mark.parametrize("block", [1, 5, 1 << 20])
@settings(deadline=None)
@given(lengths=LENGTHS, data=st.data())
def test_take(block: int, lengths: list[int], data: st.DataObject) -> None:
    """In any order, again and again, and in long runs of neighbours."""
    n = len(lengths)
    things = [np.arange(10 * i, 10 * i + length) for i, length in enumerate(lengths)]
    flat = np.concatenate([np.zeros(0, np.int64), *things])
    pieces = data.draw(st.lists(st.slices(n), max_size=4))
    odd = data.draw(st.lists(st.integers(0, n - 1), max_size=5)) if n else []
    chosen = np.concatenate([np.arange(n)[piece] for piece in pieces] + [np.array(odd, np.int64)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ragged, "blocks", lambda offsets: blocks(offsets, block))
        taken, offsets = take_ragged(flat, offsets_from_lengths(lengths), chosen.astype(np.int64))
    assert [taken[a:b].tolist() for a, b in pairwise(offsets)] == [things[i].tolist() for i in chosen]


def test_rows_stay_rows() -> None:
    rows = np.arange(300, dtype=np.float32).reshape(-1, 3)
    taken, offsets = take_ragged(rows, offsets_from_lengths([50, 50]), np.array([1]))
    assert taken.tolist() == rows[50:].tolist()
    assert offsets.tolist() == [0, 50]
