"""One builder for whatever readers find."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from limner.corpus.builder import CorpusBuilder, Splits
from limner.corpus.corpus import Split, number_labels
from limner.corpus.rejections import Rejected
from limner.corpus.split_arrays import Appendable, InFile
from limner.errors import DataError


def numbered(first: int, n: int, label: int = -1) -> Split:
    rows = [np.array([[0, 0, 0], [i, 9, 1]], np.float32) for i in range(first, first + n)]
    return Split.from_arrays(rows, [label] * n, [f"#{i}" for i in range(first, first + n)])


def test_labels_are_numbered_by_name() -> None:
    labels, names = number_labels(["dog", None, "cat", "dog"])
    assert names == ("cat", "dog")
    assert labels.tolist() == [1, -1, 0, 1]


def test_splits_are_concatenated_and_labels_matched_by_name() -> None:
    builder = CorpusBuilder()
    builder.add(
        {"train": numbered(0, 2, 0), "test": numbered(2, 1, 1)},
        ("dog", "cat"),
        dtypes=("int16",),
        notes=("One.",),
        ignored={"text": 2},
    )
    builder.add(
        {"train": numbered(5, 1, 0), None: numbered(7, 2)},
        ("bee",),
        notes=("One.", "Two."),
        ignored={"text": 1},
    )
    splits, label_names = builder.splits()
    assert label_names == ("bee", "cat", "dog")
    assert list(splits) == ["train", "test", None]
    assert splits["train"].sources == ("#0", "#1", "#5")
    assert splits["train"].labels.tolist() == [2, 2, 0]
    assert splits["test"].labels.tolist() == [1]
    assert splits[None].labels.tolist() == [-1, -1]
    assert (builder.dtypes, builder.notes) == ({"float32", "int16"}, ("One.", "Two."))
    assert builder.ignored == {"text": 3}
    assert len(builder) == 6


def test_a_single_part_is_not_copied() -> None:
    builder, split = CorpusBuilder(), numbered(0, 2, 0)
    builder.add({"train": split}, ("dog", "cat"))
    splits, label_names = builder.splits()
    assert splits["train"] is split
    assert label_names == ("dog", "cat")


def test_nothing_is_empty() -> None:
    assert CorpusBuilder().splits() == ({}, ())


def test_drawings_without_a_split_join_those_that_have_one() -> None:
    builder = CorpusBuilder()
    builder.add({"train": numbered(0, 10), None: numbered(10, 60)}, dtypes=("int16",))
    corpus = builder.corpus(seed=3)
    assert {name: len(split) for name, split in corpus.splits.items()} == {"train": 64, "valid": 3, "test": 3}
    assert corpus.splits["train"].sources[:10] == tuple(f"#{i}" for i in range(10))
    assert corpus.notes == (
        "Drawings without a split were shared out with seed 3: 54 train, 3 valid and 3 test.",
    )
    assert corpus.dtype == "int16"


def test_given_splits_stay_as_they_are() -> None:
    builder = CorpusBuilder()
    builder.add({"train": numbered(0, 10), "valid": numbered(10, 2)})
    corpus = builder.corpus()
    assert corpus.notes == ()
    assert corpus.splits["valid"].sources == ("#10", "#11")


def test_what_was_ignored_is_a_note() -> None:
    builder = CorpusBuilder()
    builder.add({"train": numbered(0, 10)}, ignored={"colour": 1, "text": 1200})
    assert builder.corpus().notes == ("Passed over: text (1,200) and colour (1).",)


def test_all_drawings_are_for_testing_only_where_none_has_a_split() -> None:
    free, given = CorpusBuilder(), CorpusBuilder()
    free.add({None: numbered(0, 3)})
    corpus = free.test_corpus()
    assert list(corpus.splits) == ["test"]
    assert corpus.notes[0] == "The file has no splits: all 3 drawings are for testing."
    given.add({"train": numbered(0, 3)})
    assert list(given.test_corpus().splits) == ["train"]


def test_prefix_and_origin_are_those_of_the_moment() -> None:
    builder = CorpusBuilder(strict=False)
    with builder.prefixed("a/"):
        with builder.prefixed("b/"), builder.whole():
            builder.add({None: numbered(0, 1)})
            builder.reject("#8", "it is bad", "here")
        builder.origin = 3
        builder.add({None: numbered(1, 1)})
    builder.add({None: numbered(2, 1)})
    splits, _ = builder.splits()
    assert splits[None].sources == ("a/b/#0", "a/#1", "#2")
    assert splits[None].origins.tolist() == [0, 3, 3]
    assert builder.rejected == [Rejected("a/b/#8", "it is bad")]


def test_a_part_that_fails_is_not_added() -> None:
    builder = CorpusBuilder()

    def fail() -> None:
        with builder.whole():
            builder.add({None: numbered(0, 5)}, notes=("Never.",))
            raise DataError("It is damaged.")

    with pytest.raises(DataError, match="damaged"):
        fail()
    builder.add({None: numbered(5, 1)})
    assert len(builder) == 1
    assert builder.notes == ()


def test_a_sink_gets_the_drawings_instead() -> None:
    received: list[tuple[Splits, tuple[str, ...]]] = []
    builder = CorpusBuilder(sink=lambda *part: received.append(part))
    builder.add({None: numbered(0, 2, 0)}, ["cat"])
    ((splits, label_names),) = received
    assert splits[None].sources == ("#0", "#1")
    assert label_names == ("cat",)
    assert builder.splits() == ({}, ())
    assert len(builder) == 2


def test_arrays_may_be_files(tmp_path: Path) -> None:
    def in_folder(name: str, dtype: str, shape: tuple[int, ...]) -> Appendable:
        return InFile(tmp_path / name, dtype, shape)

    builder = CorpusBuilder(allocate=in_folder)
    builder.add({"train": numbered(0, 2, 0)}, ["owl"])
    builder.add({"train": numbered(2, 2, 0)}, ["cat"])
    splits, label_names = builder.splits()
    assert label_names == ("cat", "owl")
    assert splits["train"].labels.tolist() == [1, 1, 0, 0]
    assert splits["train"].sources == ("#0", "#1", "#2", "#3")
    assert np.fromfile(tmp_path / "train.labels", np.int32).tolist() == [1, 1, 0, 0]


@pytest.mark.slow
def test_a_hundred_thousand_labels_are_numbered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every drawing is a class of its own; the names are looked up once for each part, not for each block."""
    n, part = 100_000, 5_000
    monkeypatch.setattr(
        "limner.corpus.builder.blocks",
        lambda offsets: [slice(i, i + 1000) for i in range(0, len(offsets) - 1, 1000)],
    )
    builder = CorpusBuilder()
    for first in range(0, n, part):
        rows = np.tile(np.array([1, 2, 1], np.float32), (part, 1))
        names = [f"{i:06d}" for i in range(first + part - 1, first - 1, -1)]
        labels = np.arange(part, dtype=np.int32)[::-1].copy()
        builder.add({None: Split(rows, np.arange(part + 1), labels, names[::-1])}, names)
    corpus = builder.corpus()
    assert len(corpus.label_names) == n
    for split in corpus.splits.values():
        assert [corpus.label_names[label] for label in split.labels] == list(split.sources)
