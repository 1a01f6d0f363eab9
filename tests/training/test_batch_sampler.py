"""Which drawings a batch holds: equal shares for unequal corpora and classes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.corpus.corpus import Split
from limner.errors import DataError
from limner.training.batch_sampler import BatchSampler, make_batch_sampler
from limner.training.config import TrainConfig

BY_CORPUS = TrainConfig(batch_size=12, balance="corpus")
BY_CLASS = replace(BY_CORPUS, balance="class")


def _split(*sizes: int) -> Split:
    """Make corpora of these sizes; a drawing of corpus k has label k // 2, and about 10 k points."""
    rng = np.random.default_rng(0)
    origins = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    drawings = [np.zeros((10 * k + rng.integers(1, 9), 3), np.float32) for k in origins]
    plain = Split.from_arrays(drawings, labels=origins // 2)
    return replace(plain, origins=origins)


def _shares(split: Split, sampler: BatchSampler, step: int) -> list[int]:
    counts = Counter(split.origins[sampler.indices(step)].tolist())
    return [counts[k] for k in range(int(split.origins.max()) + 1)]


@pytest.mark.parametrize("sorted_batches", [1, 4, 16])
def test_equal_shares(sorted_batches: int) -> None:
    split = _split(500, 7, 40)
    sampler = make_batch_sampler(split, replace(BY_CORPUS, sorted_batches=sorted_batches), seed=0)
    assert all(_shares(split, sampler, step) == [4, 4, 4] for step in range(40))


def test_classes_have_equal_shares() -> None:
    split = _split(500, 7, 40)  # of labels 0, 0 and 1
    sampler = make_batch_sampler(split, BY_CLASS, seed=0)
    for step in range(10):
        assert Counter(split.labels[sampler.indices(step)].tolist()) == {0: 6, 1: 6}


@pytest.mark.parametrize("sorted_batches", [1, 3])
@pytest.mark.parametrize("groups", [5, 7, 12, 20])
def test_left_over_places_go_round(groups: int, sorted_batches: int) -> None:
    """No batch has more than one drawing too many of a group, and in the end all had the same number."""
    split = _split(*[30 + k for k in range(groups)])
    sampler = make_batch_sampler(split, replace(BY_CORPUS, sorted_batches=sorted_batches), seed=3)
    shares = np.array([_shares(split, sampler, step) for step in range(3 * groups)])  # (steps, groups)
    assert (shares.sum(1) == 12).all()
    assert (shares.max(1) - shares.min(1) <= 1).all()
    assert len(set(shares.sum(0).tolist())) == 1


@pytest.mark.parametrize("sorted_batches", [1, 8])
def test_drawings_of_a_batch_are_distinct_where_possible(sorted_batches: int) -> None:
    split = _split(500, 6, 2)  # shares of 4: the last group stands twice in every batch
    sampler = make_batch_sampler(split, replace(BY_CORPUS, sorted_batches=sorted_batches), seed=0)
    for step in range(16):
        counts = Counter(sampler.indices(step).tolist())
        assert sorted(counts.values()) == [1] * 8 + [2, 2]
        assert {i for i, count in counts.items() if count == 2} == {506, 507}


def test_all_drawings_get_their_turn() -> None:
    split = _split(60, 9)
    sampler = make_batch_sampler(split, BY_CORPUS, seed=0)
    assert set(np.concatenate([sampler.indices(step) for step in range(100)])) == set(range(69))


def test_sorted_pools_have_batches_of_like_length() -> None:
    """Each batch takes the same part of every group's lengths."""
    split = _split(400, 400)
    plain = make_batch_sampler(split, BY_CORPUS, seed=0)
    pooled = make_batch_sampler(split, replace(BY_CORPUS, sorted_batches=16), seed=0)

    def spread(sampler: BatchSampler) -> float:
        return float(np.mean([np.ptp(split.lengths[sampler.indices(step)] % 10) for step in range(64)]))

    assert spread(pooled) < spread(plain) / 3


def test_smaller_corpora_than_a_batch() -> None:
    split = _split(3, 2)
    sampler = make_batch_sampler(split, BY_CORPUS, seed=0)
    assert {tuple(sorted(_shares(split, sampler, step))) for step in range(6)} == {(2, 3)}


@pytest.mark.parametrize("sorted_batches", [1, 5])
@pytest.mark.parametrize("balance", ["none", "corpus"])
def test_batches_are_a_function_of_seed_and_step(balance: str, sorted_batches: int) -> None:
    split = _split(90, 11)
    config = replace(BY_CORPUS, balance=balance, sorted_batches=sorted_batches)  # type: ignore[arg-type]
    first = [make_batch_sampler(split, config, seed=1).indices(step).tolist() for step in range(12)]
    again = make_batch_sampler(split, config, seed=1)
    for step in (11, 0, 3, 3, 7):
        assert again.indices(step).tolist() == first[step]
    assert make_batch_sampler(split, config, seed=2).indices(0).tolist() != first[0]
    assert len({tuple(sorted(batch)) for batch in first}) == 12


@pytest.mark.parametrize("balance", ["none", "corpus"])
def test_processes_pick_what_one_would_for_a_larger_batch(balance: str) -> None:
    split = _split(90, 11)
    config = replace(BY_CORPUS, balance=balance, sorted_batches=2)  # type: ignore[arg-type]
    three = make_batch_sampler(split, config, seed=1, ranks=3)
    one = make_batch_sampler(split, replace(config, batch_size=36), seed=1)
    assert all(three.indices(step).tolist() == one.indices(step).tolist() for step in range(5))


def test_one_corpus_is_like_none() -> None:
    split = _split(50)
    sampler = make_batch_sampler(split, BY_CORPUS, seed=0)
    assert all(len(set(sampler.indices(step).tolist())) == 12 for step in range(5))


def test_classes_that_are_not_named() -> None:
    split = Split.from_arrays([np.zeros((1, 3), np.float32)] * 3)
    with pytest.raises(DataError, match=r"names no classes .* --train\.balance corpus"):
        make_batch_sampler(split, BY_CLASS, seed=0)


def test_drawings_without_a_class_are_one_more() -> None:
    split = Split.from_arrays([np.zeros((1, 3), np.float32)] * 40, labels=[0] * 30 + [-1] * 10)
    sampler = make_batch_sampler(split, BY_CLASS, seed=0)
    assert Counter(split.labels[sampler.indices(0)].tolist()) == {0: 6, -1: 6}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(1, 30), st.integers(1, 6), st.data())
def test_any_corpora(sizes: list[int], batch_size: int, sorted_batches: int, data: st.DataObject) -> None:
    split = _split(*sizes)
    config = TrainConfig(batch_size=batch_size, sorted_batches=sorted_batches, balance="corpus")
    sampler = make_batch_sampler(split, config, seed=data.draw(st.integers(0, 9)))
    step = data.draw(st.integers(0, 1000))
    chosen = sampler.indices(step).tolist()
    shares = _shares(split, sampler, step)
    assert len(chosen) == min(batch_size, sum(sizes))
    assert max(shares) - min(shares) <= 1
    for k, (share, size) in enumerate(zip(shares, sizes, strict=True)):
        counts = Counter(i for i in chosen if split.origins[i] == k).values()
        assert max(counts, default=0) == -(-share // size)
