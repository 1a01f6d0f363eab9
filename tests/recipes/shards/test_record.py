from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from limner.recipes.columns import Columns
from limner.recipes.shards.record import Record, column_arrays, columns_of
from limner.recipes.step_stats import Example, Histogram, Rejection, StepStats


def example(rank: int, n: int) -> Example:
    rows = (np.arange(3 * n).reshape(n, 3) / 7).astype(np.float32)
    return Example(rank, f"f#{rank}", rows, rows[: n // 2], (0.5, 1.0, 2.0, 1e9) if rank % 2 else None)


def stats() -> StepStats:
    found = StepStats.empty(2)
    found.counts[1] = (5, 9, 2**40)
    found.reasons[1, "it is empty"] = 3
    found.rejected.append(Rejection(-1, "f#é", "no points"))
    found.dropped[1, "it is empty"] = [example(2**64 - 1, 4), example(7, 1)]
    found.kept = [example(3, 6), example(4, 2)]
    found.before = Histogram()
    found.before.points.update({4: 2, 900: 1})
    found.after.strokes.update({1: 5})
    return found


def same_examples(one: list[Example], two: list[Example]) -> bool:
    return len(one) == len(two) and all(
        (a.rank, a.source, a.box) == (b.rank, b.source, b.box)
        and np.array_equal(a.before, b.before)
        and np.array_equal(a.after, b.after)
        for a, b in zip(one, two, strict=True)
    )


@pytest.mark.parametrize("before", [stats(), StepStats.empty(3)])
def test_stats_are_what_they_were(before: StepStats, tmp_path: Path) -> None:
    Record(before, {"notes": ["é"]}, {"more": np.arange(3)}).save(tmp_path / "a.npz")
    record = Record.load(tmp_path / "a.npz")
    after = record.stats
    assert record.facts == {"notes": ["é"]}
    assert record.arrays["more"].tolist() == [0, 1, 2]
    assert after.counts.dtype == np.int64
    np.testing.assert_array_equal(after.counts, before.counts)
    assert (after.reasons, after.rejected) == (before.reasons, before.rejected)
    assert isinstance(after.rejected[0], Rejection) if after.rejected else True
    assert (after.before, after.after) == (before.before, before.after)
    assert list(after.dropped) == list(before.dropped)
    assert all(same_examples(after.dropped[key], before.dropped[key]) for key in before.dropped)
    assert same_examples(after.kept, before.kept)
    after.add(before)


def test_columns_are_what_they_were(tmp_path: Path) -> None:
    before = Columns(
        np.array([0, -1], np.int8),
        np.array([1, 2**64 - 1], np.uint64),
        np.array([1, 2], np.uint32),
        np.array([3, 4], np.uint32),
        np.array([0, -1], np.int32),
        ("cat",),
        {"ink": np.array([0.5, 1], np.float32), "sketch": np.ones((2, 8), np.int8)},
    )
    Record(StepStats.empty(0), {}, column_arrays(before)).save(tmp_path / "a.npz")
    after = columns_of(Record.load(tmp_path / "a.npz").arrays, ["cat"])
    assert after.label_names == before.label_names
    assert after.more.keys() == before.more.keys()
    for name, array in column_arrays(before).items():
        found = column_arrays(after)[name]
        np.testing.assert_array_equal(found, array)
        assert found.dtype == array.dtype
