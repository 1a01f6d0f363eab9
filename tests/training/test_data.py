"""Batches are pure functions of seed and step; the source never changes.

Letters: ``n`` drawings of a split.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from limner.corpus.corpus import Corpus, Split
from limner.errors import DataError
from limner.models.batch import Batch
from limner.strokes.drawing import Drawing
from limner.strokes.simplify import simplify_strokes
from limner.training.batches import SplitBatches, TrainBatches
from limner.training.config import TrainConfig
from limner.training.data import ready_split, training_data

PLAIN = TrainConfig(batch_size=8, scale_augment=0, drop_augment=0, convention="end-once")
AUGMENTED = TrainConfig(batch_size=8, convention="end-once", sorted_batches=3)


def _batches(
    toys: Corpus, config: TrainConfig, *, seed: int = 0, rank: int = 0, ranks: int = 1
) -> TrainBatches:
    return TrainBatches(
        training_data(toys), config, seed=seed, steps=100, first_step=lambda: 0, rank=rank, ranks=ranks
    )


def _numbered(n: int) -> Corpus:
    """Make drawings that can be told apart: drawing k has k + 1 points."""
    drawings = [np.array([[0, 0, 0]] + [[1, 2, 0]] * k, np.float32) for k in range(n)]
    return Corpus({"train": Split.from_arrays(drawings)})


def _names(batch: Batch) -> list[int]:
    """Read back which of the numbered drawings a batch holds."""
    return [n - 1 for n in batch.lengths.tolist()]


def _same(a: Batch, b: Batch) -> bool:
    return torch.equal(a.strokes, b.strokes) and torch.equal(a.lengths, b.lengths)


# Training data -----------------------------------------------------------------------------------


def test_scale_factor_is_the_deviation_of_the_train_split(toys: Corpus) -> None:
    data = training_data(toys)
    assert data.scale_factor == pytest.approx(toys.splits["train"].rows[:, :2].std(), rel=1e-5)
    assert data.n_max == toys.n_max
    assert len(data.valid) == 8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "factor"), [("aaron_sheep", 18.5198), ("omniglot", 53.4370), ("short_kanji", 99.7125)]
)
def test_published_scale_factors(data_dir: object, name: str, factor: float) -> None:
    from limner.corpus.load import load_corpus

    assert training_data(load_corpus(f"{data_dir}/stroke3/{name}.npz")).scale_factor == pytest.approx(
        factor, abs=1e-4
    )


def test_facts_for_the_card() -> None:
    """Median start and size, and the reach of nearly all beginnings."""
    drawings = [np.array([[10 + k, 5, 0], [30 + k, 0, 0], [0, 20, 1]], np.float32) for k in (-2, -1, 0, 1, 2)]
    data = training_data(Corpus({"train": Split.from_arrays(drawings)}, label_names=("box",)))
    assert data.start == pytest.approx((10, 5))
    assert data.extent == 30
    assert data.start_reach == pytest.approx(2)
    assert data.classes == ("box",)


def test_tolerance_is_where_simplification_begins_to_bite(toys: Corpus) -> None:
    """Just within it 95 of 100 points stay, just beyond it fewer do."""
    data = training_data(toys)
    strokes = [stroke for rows in toys.splits["train"] for stroke in Drawing.from_stroke3(rows)]
    before = sum(map(len, strokes))
    for factor, stays in ((0.98, True), (1.02, False)):
        after = sum(map(len, simplify_strokes(strokes, factor * data.tolerance)))
        assert (after / before > 0.95) is stays


def test_missing_train_split_is_refused(toys: Corpus) -> None:
    bad: list[dict[str, Split]] = [{"valid": toys.splits["valid"]}, {}, {"train": Split.from_arrays([])}]
    for splits in bad:
        with pytest.raises(DataError, match="no train split"):
            training_data(Corpus(splits))


def test_train_split_validates_where_there_is_no_other(toys: Corpus) -> None:
    data = training_data(Corpus({"train": toys.splits["train"]}))
    assert data.valid is data.train


def test_offsets_that_do_not_vary() -> None:
    data = training_data(Corpus({"train": Split.from_arrays([np.array([[0, 0, 1]], np.float32)])}))
    assert data.scale_factor == 1
    assert data.extent == 1


def test_far_offsets_are_clipped() -> None:
    split = Split.from_arrays([np.array([[0, 0, 0], [5000, -1200, 0], [-5000, 1, 1]], np.float32)])
    assert ready_split(split).rows.tolist() == [[0, 0, 0], [1000, -1000, 0], [-1000, 1, 1]]
    assert split.rows[1, 0] == 5000


def test_valid_drawings_are_settled_as_the_train_split_says() -> None:
    """A corpus of pages; its one valid drawing happens to begin at the origin's edge."""
    page = np.array([[400, 300, 0], [50, 0, 0], [0, 50, 1]], np.float32)
    train = Split.from_arrays([page * np.array([1 + k / 50, 1, 1], np.float32) for k in range(20)])
    near = np.array([[12, 0, 0], [50, 0, 0], [0, 50, 1]], np.float32)
    data = training_data(Corpus({"train": train, "valid": Split.from_arrays([near])}))
    assert (data.train.rows[data.train.offsets[:-1], :2] == 0).all()
    assert data.valid.rows[0, :2].tolist() == [0, 0]


# Training batches ------------------------------------------------------------------------------------


@pytest.mark.parametrize("config", [PLAIN, AUGMENTED, replace(AUGMENTED, convention="magenta-train")])
def test_batch_is_a_function_of_seed_and_step(toys: Corpus, config: TrainConfig) -> None:
    batches = _batches(toys, config)
    first = {step: batches.batch(step) for step in range(7)}
    for step in (6, 0, 3, 3, 5):
        assert _same(batches.batch(step), first[step])
        assert _same(_batches(toys, config).batch(step), first[step])
    assert not _same(first[0], first[1])
    assert not _same(_batches(toys, config, seed=1).batch(0), first[0])


@pytest.mark.parametrize("sorted_batches", [1, 2])
@pytest.mark.parametrize("ranks", [2, 3])
def test_processes_share_the_batch_of_one(toys: Corpus, ranks: int, sorted_batches: int) -> None:
    """Each makes every so many drawings of it, bit for bit, labels included."""
    train = toys.splits["train"]
    named = Corpus(
        {"train": replace(train, labels=np.arange(len(train), dtype=np.int32))}, ("x",) * len(train)
    )
    part = replace(AUGMENTED, batch_size=4, sorted_batches=sorted_batches, convention="magenta-train")
    whole = _batches(named, replace(part, batch_size=4 * ranks))
    each = [_batches(named, part, rank=rank, ranks=ranks) for rank in range(ranks)]
    for step in (0, 5, 3):
        batch = whole.batch(step)
        for rank, batches in enumerate(each):
            mine = batches.batch(step)
            assert torch.equal(mine.strokes, batch.strokes[rank::ranks])
            assert mine.labels is not None
            assert batch.labels is not None
            assert torch.equal(mine.labels, batch.labels[rank::ranks])


def test_processes_have_equal_parts_of_a_small_corpus() -> None:
    """A batch that cannot be divided evenly would count the drawings of one process for more."""
    sizes = [len(_batches(_numbered(7), PLAIN, rank=rank, ranks=3).batch(0)) for rank in range(3)]
    assert sizes == [2, 2, 2]
    with pytest.raises(DataError, match="2 drawings, too few for 3 processes"):
        _batches(_numbered(2), PLAIN, ranks=3)


def test_iteration_begins_at_the_first_step(toys: Corpus) -> None:
    begin = [0]
    batches = TrainBatches(training_data(toys), PLAIN, seed=0, steps=5, first_step=lambda: begin[0])
    whole = list(batches)
    begin[0] = 3
    assert len(whole) == 5
    assert all(_same(a, b) for a, b in zip(batches, whole[3:], strict=True))


@pytest.mark.parametrize("config", [PLAIN, AUGMENTED])
def test_source_rows_stay(toys: Corpus, config: TrainConfig) -> None:
    data = training_data(toys)
    before = data.train.rows.copy()
    list(TrainBatches(data, config, seed=0, steps=20, first_step=lambda: 0))
    assert np.array_equal(data.train.rows, before)


def test_drawings_of_a_batch_are_distinct() -> None:
    corpus = _numbered(20)
    for step in range(10):
        names = _names(_batches(corpus, PLAIN).batch(step))
        assert len(set(names)) == 8


def test_sorted_pools_cover_distinct_drawings_of_like_length() -> None:
    corpus, config = _numbered(30), replace(PLAIN, sorted_batches=3)
    batches = _batches(corpus, config)
    for pool in range(3):
        names = [_names(batches.batch(3 * pool + k)) for k in range(3)]
        assert len({name for part in names for name in part}) == 24
        spans = sorted((min(part), max(part)) for part in names)
        assert all(low[1] < high[0] for low, high in pairwise(spans))


def test_small_corpus_gets_many_pools() -> None:
    """A pool of sixteen batches would hold a corpus of two batches eight times over, in the same parts."""
    corpus, config = _numbered(20), replace(PLAIN, sorted_batches=16)
    batches = _batches(corpus, config)
    seen = {tuple(sorted(_names(batches.batch(step)))) for step in range(16)}
    assert len(seen) > 8
    assert len(set().union(*seen)) == 20


@pytest.mark.parametrize("n", [1, 3, 7])
@pytest.mark.parametrize("sorted_batches", [1, 16])
def test_corpus_smaller_than_a_batch(n: int, sorted_batches: int) -> None:
    corpus, config = _numbered(n), replace(PLAIN, sorted_batches=sorted_batches)
    for step in range(4):
        assert sorted(_names(_batches(corpus, config).batch(step))) == list(range(n))


def test_padding_by_convention(toys: Corpus) -> None:
    """To N_max where padding counts, else to the longest of the batch."""
    whole = _batches(toys, replace(PLAIN, convention="magenta-train")).batch(0)
    assert whole.targets.shape[1] == toys.n_max
    trimmed = _batches(toys, PLAIN).batch(0)
    assert int(trimmed.lengths.max()) < trimmed.targets.shape[1] <= int(trimmed.lengths.max()) + 8


def test_model_units(toys: Corpus) -> None:
    """Without augmentation the offsets of a batch are those of the corpus over the scale factor."""
    data = training_data(toys)
    batch = _batches(toys, PLAIN).batch(0)
    known = [rows / [data.scale_factor, data.scale_factor, 1] for rows in data.train]
    for strokes, n in zip(batch.targets, batch.lengths.tolist(), strict=True):
        found = strokes[:n, [0, 1, 3]]
        assert any(len(rows) == n and np.allclose(found, rows, atol=1e-6) for rows in known)


def test_augmentation_stretches_and_drops(toys: Corpus) -> None:
    plain = _batches(toys, PLAIN).batch(0)
    stretched = _batches(toys, replace(PLAIN, scale_augment=0.15)).batch(0)
    assert torch.equal(stretched.lengths, plain.lengths)
    mask = plain.targets[..., :2].abs() > 1e-3
    ratio = (stretched.targets[..., :2] / plain.targets[..., :2])[mask]
    assert 0.85 <= float(ratio.min()) < 0.95
    assert 1.05 < float(ratio.max()) <= 1.1501
    dropped = _batches(toys, replace(PLAIN, drop_augment=0.5)).batch(0)
    assert (dropped.lengths <= plain.lengths).all()
    assert (dropped.lengths < plain.lengths).any()
    torch.testing.assert_close(
        dropped.targets[..., :2].sum(1), plain.targets[..., :2].sum(1), rtol=1e-4, atol=1e-3
    )


def test_every_step_augments_anew(toys: Corpus) -> None:
    """Even where every batch holds the same drawings."""
    one = Corpus({"train": toys.splits["train"].take([0])})
    batches = _batches(one, replace(PLAIN, scale_augment=0.15))
    widths = {float(batches.batch(step).targets[0, :, 0].sum()) for step in range(5)}
    assert len(widths) == 5


# Batches of a split ------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "size"), [(20, 8), (16, 8), (5, 8), (1, 8), (20, 1)])
def test_split_batches_cover_everything_once(n: int, size: int) -> None:
    split = _numbered(n).splits["train"]
    batches = SplitBatches(split, 2.0, size)
    parts = [_names(batch) for batch in batches]
    assert len(parts) == len(batches) == -(-n // size)
    assert [name for part in parts for name in part] == list(range(n))  # the shortest first
    assert [_names(batch) for batch in batches] == parts


@pytest.mark.parametrize("ranks", [2, 3])
def test_processes_share_the_batches_of_a_split(ranks: int) -> None:
    split = _numbered(20).splits["train"]
    parts = [list(SplitBatches(split, 1.0, 4, rank=rank, ranks=ranks)) for rank in range(ranks)]
    assert sorted(name for part in parts for batch in part for name in _names(batch)) == list(range(20))
    few = SplitBatches(split, 1.0, 20, rank=1, ranks=2)
    assert len(list(few)) == len(few) == 1  # a process without any would wait for ever


def test_split_batches_of_given_length() -> None:
    split = _numbered(6).splits["train"]
    assert {batch.targets.shape[1] for batch in SplitBatches(split, 1.0, 4, 33)} == {33}


def test_batches_that_are_kept_are_made_once() -> None:
    split = _numbered(6).splits["train"]
    batches = SplitBatches(split, 1.0, 4, keep=True)
    first = list(batches)
    assert all(one is other for one, other in zip(first, batches, strict=True))
    made = list(SplitBatches(split, 1.0, 4))
    assert [one.strokes.tolist() for one in first] == [one.strokes.tolist() for one in made]
