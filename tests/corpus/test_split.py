from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.corpus.corpus import Split
from limner.corpus.split import split_drawings, split_sizes


def numbered(n: int) -> Split:
    return Split.from_arrays([np.array([[i, 0, 1]], np.float32) for i in range(n)])


@pytest.mark.parametrize(
    ("n", "sizes"),
    [
        (0, {}),
        (1, {"train": 1}),
        (2, {"train": 1, "valid": 1}),
        (3, {"train": 1, "valid": 1, "test": 1}),
        (20, {"train": 18, "valid": 1, "test": 1}),
        (1000, {"train": 900, "valid": 50, "test": 50}),
        (200_000, {"train": 195_000, "valid": 2500, "test": 2500}),
    ],
)
def test_sizes(n: int, sizes: dict[str, int]) -> None:
    assert split_sizes(n) == sizes


@given(st.integers(0, 200), st.integers(0, 2**32))
def test_every_drawing_is_in_one_split(n: int, seed: int) -> None:
    splits = split_drawings(numbered(n), seed=seed)
    found = [source for split in splits.values() for source in split.sources]
    assert sorted(found) == sorted(f"#{i}" for i in range(n))
    for split in splits.values():
        indices = [int(source[1:]) for source in split.sources]
        assert indices == sorted(indices)
        assert split.rows[:, 0].tolist() == indices


def test_a_seed_gives_the_same_splits_again_and_another_gives_others() -> None:
    first, again, other = (split_drawings(numbered(100), seed=seed) for seed in (7, 7, 8))
    assert first["test"].sources == again["test"].sources
    assert first["test"].sources != other["test"].sources


def test_the_splits_of_seed_0_do_not_change_between_versions() -> None:
    splits = split_drawings(numbered(40))
    assert [splits[name].sources for name in ("valid", "test")] == [
        ("#29", "#33"),
        ("#15", "#31"),
    ]
