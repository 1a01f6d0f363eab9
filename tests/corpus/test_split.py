from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.corpus.small_corpus import defaults_for
from limner.corpus.split import default_split_sizes, random_splits, split_pages, split_sizes
from limner.strokes.ragged import BLOCK


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
    splits = random_splits(n, seed=seed)
    assert {name: len(chosen) for name, chosen in splits.items()} == default_split_sizes(n)
    found = np.concatenate([np.zeros(0, np.int64), *splits.values()])
    assert sorted(found.tolist()) == list(range(n))
    assert all((np.diff(chosen) > 0).all() for chosen in splits.values())


def test_a_seed_gives_the_same_splits_again_and_another_gives_others() -> None:
    first, again, other = (random_splits(100, seed=seed)["test"].tolist() for seed in (7, 7, 8))
    assert first == again != other


def test_the_splits_of_seed_0_do_not_change_between_versions() -> None:
    splits = random_splits(40, hold_out=0.05)
    assert [splits[name].tolist() for name in ("valid", "test")] == [[29, 33], [15, 31]]


@given(st.lists(st.integers(0, 9), max_size=80), st.integers(0, 100))
def test_pages_are_not_torn_apart(pages: list[int], seed: int) -> None:
    hashes = np.array(pages, np.uint64)
    found = split_pages(hashes, np.full(len(pages), -1, np.int8), seed=seed)
    for page in set(pages):
        assert len(set(found[hashes == page].tolist())) == 1
    share = defaults_for(len(pages)).hold_out
    sizes = split_sizes(len(set(pages)), valid=share, test=share)
    by_page = {page: int(split) for page, split in zip(pages, found, strict=True)}
    assert sorted(by_page.values()) == sorted(i for i, n in enumerate(sizes.values()) for _ in range(n))


def test_single_drawings_go_where_shares_sends_them() -> None:
    found = split_pages(np.arange(50, dtype=np.uint64)[::-1], np.full(50, -1, np.int8), seed=3)
    for code, chosen in enumerate(random_splits(50, seed=3).values()):
        assert np.flatnonzero(found == code).tolist() == chosen.tolist()


@pytest.mark.slow
def test_many_pages_of_two_drawings_each() -> None:
    n = BLOCK  # so that they are looked up in two blocks
    pages = np.random.default_rng(0).permutation(n).astype(np.uint64) * np.uint64(977)
    found = split_pages(np.concatenate([pages, pages[::-1]]), np.full(2 * n, -1, np.int8))
    assert np.bincount(found).tolist() == [2 * n - 10_000, 5000, 5000]
    np.testing.assert_array_equal(found[:n], found[n:][::-1])


def test_given_splits_stay() -> None:
    pages = np.array([1, 1, 2, 3, 4], np.uint64)
    found = split_pages(pages, np.array([2, -1, 0, -1, -1], np.int8))
    assert found[:3].tolist() == [2, 2, 0]
    assert found[3:].tolist() == [0, 0]
    many = np.concatenate([pages, np.arange(10, 60, dtype=np.uint64)])
    found = split_pages(many, np.array([2, -1, 0, *[-1] * 52], np.int8))
    assert found[:3].tolist() == [2, 2, 0]
    assert np.bincount(found[3:]).tolist() == [46, 3, 3]


def test_shares_of_another_size() -> None:
    assert split_sizes(40, valid=0.5, test=0.1, at_most=3) == {"train": 34, "valid": 3, "test": 3}
    assert split_sizes(40, valid=0.5, test=0.1, at_most=None) == {"train": 16, "valid": 20, "test": 4}
    assert split_sizes(40, valid=0.0, test=0.1) == {"train": 36, "test": 4}
    assert split_sizes(2, valid=0.4, test=0.4) == {"train": 1, "valid": 1}
