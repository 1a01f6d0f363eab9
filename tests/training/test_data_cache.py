"""Large corpora come from files, and nothing else is different."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.corpus import Corpus, Split
from limner.corpus.load import load_corpora
from limner.corpus.parquet_writer import write_parquet
from limner.errors import DataError
from limner.models.config import ModelConfig
from limner.training import data_cache, memmap
from limner.training.batches import TrainBatches
from limner.training.config import RunConfig, TrainConfig
from limner.training.data import TrainingData, training_data
from limner.training.data_cache import load_training_data
from limner.training.run import train

NAMES = ("a", "b")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every parquet corpus in a cache of this test's own."""
    monkeypatch.setattr(data_cache, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(data_cache, "user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "limner" / "corpora"


def walk(n: int, seed: int, at: float = 0.0) -> list[np.ndarray]:
    """Draw scribbles that begin at a place on a page."""
    rng = np.random.default_rng(seed)
    drawings = [rng.integers(-9, 10, (rng.integers(1, 12), 3)).astype(np.float32) for _ in range(n)]
    for rows in drawings:
        rows[:, 2] = rows[:, 2] > 4
        rows[0, :2] += at
    return drawings


def split_of(n: int, seed: int, at: float = 0.0) -> Split:
    labels = np.random.default_rng(seed).integers(-1, 2, n)
    return Split.from_arrays(walk(n, seed, at), labels, [f"f{seed}#{i}" for i in range(n)])


def same_split(a: Split, b: Split) -> None:
    for one, other in (
        (a.rows, b.rows),
        (a.offsets, b.offsets),
        (a.labels, b.labels),
        (a.origins, b.origins),
    ):
        np.testing.assert_array_equal(one, other)
    assert a.sources == b.sources


def same(a: TrainingData, b: TrainingData) -> None:
    same_split(a.train, b.train)
    same_split(a.valid, b.valid)
    assert (a.n_max, a.start, a.start_reach, a.extent) == (b.n_max, b.start, b.start_reach, b.extent)
    assert (a.tolerance, a.scale_factor, a.classes) == (b.tolerance, b.scale_factor, b.classes)
    assert a.fingerprint == b.fingerprint


def plain(folder: Path) -> list[Path]:
    corpus = Corpus({"train": split_of(60, 1), "valid": split_of(7, 2), "test": split_of(5, 3)}, NAMES)
    write_parquet(corpus, folder / "plain.parquet")
    return [folder / "plain.parquet"]


def shards(folder: Path) -> list[Path]:
    for k in range(3):
        parts = {"train": split_of(20, 10 + k), "valid": split_of(2, 20 + k)}
        write_parquet(Corpus(parts, ("b", "c") if k else NAMES), folder / "shards" / f"part-{k}.parquet")
    return [folder / "shards"]


def pages(folder: Path) -> list[Path]:
    """Drawings on pages are settled, and long offsets are clipped."""
    far = Split.from_arrays([*walk(40, 1, at=4000.0), np.array([[4000, 4000, 0], [1500, 0, 1]], np.float32)])
    write_parquet(Corpus({"train": far, "valid": split_of(5, 2, 4000.0)}, NAMES), folder / "pages.parquet")
    return [folder / "pages.parquet"]


def several(folder: Path) -> list[Path]:
    return [*plain(folder), *shards(folder)]


def without_splits(folder: Path) -> list[Path]:
    """Some have a split, most are shared out."""
    import pyarrow.parquet as pq

    write_parquet(Corpus({"train": split_of(90, 4)}, NAMES), folder / "a.parquet")
    pq.write_table(pq.read_table(folder / "a.parquet").drop_columns("split"), folder / "a.parquet")
    return [folder / "a.parquet", *plain(folder)]


def only_train(folder: Path) -> list[Path]:
    write_parquet(Corpus({"train": split_of(9, 4)}, NAMES), folder / "a.parquet")
    return [folder / "a.parquet"]


@pytest.mark.parametrize("make", [plain, shards, pages, several, without_splits, only_train])
def test_the_same_data_as_from_memory(
    make: Callable[[Path], list[Path]], tmp_path: Path, cache: Path
) -> None:
    names = make(tmp_path)
    wanted = training_data(load_corpora(names))
    told: list[tuple[int, int]] = []
    first = load_training_data(names, progress=lambda *done: told.append(done))
    again = load_training_data(names)
    assert len(list(cache.iterdir())) == 1
    assert told[-1][0] == told[-1][1] > 0
    for found in (first, again):
        same(found, wanted)
        assert (found.valid is found.train) == (wanted.valid is wanted.train)
        config = TrainConfig(batch_size=8, sorted_batches=2)
        one, two = (TrainBatches(x, config, seed=1, steps=9, first_step=lambda: 0) for x in (found, wanted))
        for a, b in zip(one, two, strict=True):
            assert a.strokes.equal(b.strokes)


def test_it_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = plain(tmp_path)
    first = load_training_data(names)
    with monkeypatch.context() as patch:
        patch.setattr(data_cache, "write_memmap", None)
        same(load_training_data(names), first)
        same(load_training_data([str(names[0])]), first)


def test_a_changed_corpus_is_read_anew(tmp_path: Path, cache: Path) -> None:
    names = plain(tmp_path)
    assert len(load_training_data(names).train) == 60
    write_parquet(Corpus({"train": split_of(33, 8)}, NAMES), names[0])
    assert len(load_training_data(names).train) == 33
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("damage", ["cut", "gone", "facts", "version"])
def test_a_damaged_cache_is_made_anew(damage: str, tmp_path: Path, cache: Path) -> None:
    names = plain(tmp_path)
    wanted = load_training_data(names)
    folder = next(cache.iterdir())
    facts = folder / memmap.FACTS_NAME
    if damage == "cut":
        rows = (folder / "train.rows").read_bytes()
        (folder / "train.rows").unlink()
        (folder / "train.rows").write_bytes(rows[:-12])
    elif damage == "gone":
        (folder / "valid.labels").unlink()
    elif damage == "facts":
        facts.write_text("{")
    else:
        facts.write_text(json.dumps({**json.loads(facts.read_text()), "version": 0}))
    same(load_training_data(names), wanted)


def test_small_corpora_and_other_files_stay_in_memory(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez(tmp_path / "a.npz", train=np.ones((5, 2, 3), "i2"))
    assert len(load_training_data([tmp_path / "a.npz"]).train) == 5
    monkeypatch.setattr(data_cache, "IN_MEMORY_BYTES", 1 << 20)
    assert len(load_training_data(plain(tmp_path)).train) == 60
    assert not cache.exists()


def test_bad_corpora_are_refused_and_leave_nothing(tmp_path: Path, cache: Path) -> None:
    write_parquet(Corpus({"valid": split_of(3, 1)}, NAMES), tmp_path / "valid.parquet")
    bad = replace(split_of(3, 1), rows=np.full_like(split_of(3, 1).rows, np.nan))
    write_parquet(Corpus({"train": bad}, NAMES), tmp_path / "nan.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "nan.parquet").read_bytes()[:-9])
    write_parquet(Corpus({}), tmp_path / "empty.parquet")
    reasons = {
        "valid": "no train split",
        "nan": "row 0: .*finite",
        "cut": "not a whole",
        "empty": "no drawings",
    }
    for name, reason in reasons.items():
        with pytest.raises(DataError, match=rf"{name}\.parquet.*{reason}"):
            load_training_data([tmp_path / f"{name}.parquet"])
    assert list(cache.iterdir()) == []


def test_memory_that_was_touched_is_given_back(tmp_path: Path) -> None:
    """After every batch, whatever it has read."""
    maps = Path("/proc/self/smaps")
    if not maps.is_file():
        pytest.skip("only Linux tells which pages of a file are in memory")
    data = load_training_data(plain(tmp_path))

    def resident() -> int:
        parts = maps.read_text().split("train.rows")[1:]
        return sum(int(part.split("Rss:")[1].split()[0]) for part in parts)

    assert data.train.rows.sum() != 0
    assert resident() > 0
    TrainBatches(data, TrainConfig(batch_size=4), seed=0, steps=1, first_step=lambda: 0).batch(0)
    assert resident() == 0


@pytest.mark.slow
def test_training(tiny: ModelConfig, tmp_path: Path) -> None:
    """What is trained from files goes on from memory."""
    settings = TrainConfig(batch_size=8, convention="end-once", validate_every=2, log_every=1)
    config = RunConfig(model=tiny, train=settings, max_steps=2)
    names = plain(tmp_path)
    train(load_training_data(names), tmp_path / "run", config)
    outcome = train(load_corpora(names), tmp_path / "run", replace(config, max_steps=4), resume=True)
    assert outcome.step == 4
    assert outcome == train(load_training_data(names), tmp_path / "whole", replace(config, max_steps=4))
