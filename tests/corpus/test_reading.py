from __future__ import annotations

import numpy as np

from limner.corpus.corpus import Split
from limner.corpus.reading import Reading, merge, number_labels, to_corpus


def numbered(first: int, n: int, label: int = -1) -> Split:
    rows = [np.array([[0, 0, 0], [i, 9, 1]], np.float32) for i in range(first, first + n)]
    return Split.from_arrays(rows, [label] * n, [f"#{i}" for i in range(first, first + n)])


def test_labels_are_numbered_by_name() -> None:
    labels, names = number_labels(["dog", None, "cat", "dog"])
    assert names == ("cat", "dog")
    assert labels.tolist() == [1, -1, 0, 1]


def test_merge_joins_splits_and_matches_labels_by_name() -> None:
    one = Reading(
        {"train": numbered(0, 2, 0), "test": numbered(2, 1, 1)}, ("dog", "cat"), ("int16",), ("One.",)
    )
    two = Reading(
        {"train": numbered(5, 1, 0), None: numbered(7, 2)}, ("bee",), ("float32",), ("One.", "Two.")
    )
    merged = merge([one, two])
    assert merged.label_names == ("bee", "cat", "dog")
    assert list(merged.parts) == ["train", "test", None]
    assert merged.parts["train"].sources == ("#0", "#1", "#5")
    assert merged.parts["train"].labels.tolist() == [2, 2, 0]
    assert merged.parts["test"].labels.tolist() == [1]
    assert merged.parts[None].labels.tolist() == [-1, -1]
    assert (merged.dtypes, merged.notes) == (("float32", "int16"), ("One.", "Two."))
    assert len(merged) == 6


def test_merge_of_nothing_is_empty() -> None:
    assert len(merge([])) == 0


def test_drawings_without_a_split_join_those_that_have_one() -> None:
    reading = Reading({"train": numbered(0, 10), None: numbered(10, 60)}, (), ("int16",))
    corpus = to_corpus(reading, seed=3)
    assert {name: len(split) for name, split in corpus.splits.items()} == {"train": 64, "valid": 3, "test": 3}
    assert corpus.splits["train"].sources[:10] == tuple(f"#{i}" for i in range(10))
    assert corpus.notes == (
        "Drawings without a split were shared out with seed 3: 54 train, 3 valid and 3 test.",
    )
    assert corpus.dtype == "int16"


def test_given_splits_stay_as_they_are() -> None:
    corpus = to_corpus(Reading({"train": numbered(0, 10), "valid": numbered(10, 2)}))
    assert corpus.notes == ()
    assert corpus.splits["valid"].sources == ("#10", "#11")
