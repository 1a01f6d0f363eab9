"""A corpus of some drawings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.corpus.corpus import Corpus
from limner.corpus.load import load_corpus
from limner.curation.choices import read_choices
from limner.curation.items import DrawingItems, PictureItems
from limner.curation.selection import (
    check_selection_suffix,
    intersection,
    mask_of_labels,
    select_drawings,
    write_selection,
)
from limner.errors import DataError, LimnerError


def _mask(items: DrawingItems, *places: int) -> NDArray[np.bool_]:
    return np.isin(np.arange(len(items.ids)), places)


def test_drawings_stay_in_their_splits(items: DrawingItems, corpus: Corpus) -> None:
    found = select_drawings(items, _mask(items, 3, 85, 80), {})
    assert {name: list(split.sources) for name, split in found.splits.items()} == {
        "train": ["toys#3"],
        "valid": ["toys#80", "toys#85"],
    }
    assert found.drawing("valid", 1) == corpus.drawing("valid", 5)


def test_new_labels(items: DrawingItems) -> None:
    found = select_drawings(items, _mask(items, 1, 2), {"toys#1": "something new"})
    assert found.drawing("train", 0).label == "something new"
    assert found.drawing("train", 1).label == items.labels[2]
    assert set(found.label_names) == {"something new", items.labels[2]}


@pytest.mark.parametrize("name", ["x.npz", "x.parquet"])
def test_written_and_read(items: DrawingItems, tmp_path: Path, name: str) -> None:
    told = write_selection(items, _mask(items, 0, 7, 100), tmp_path / name)
    assert told.kept == {"train": 2, "valid": 0, "test": 1}
    assert told.of == {"train": 80, "valid": 20, "test": 20}
    assert bool(told.notes) == (name == "x.npz")  # labels are lost there
    found = load_corpus(tmp_path / name)
    assert {name: len(split) for name, split in found.splits.items()} == {"train": 2, "test": 1}
    for rows, i in zip(found.splits["train"], (0, 7), strict=True):
        np.testing.assert_allclose(rows, items.drawing(i).to_stroke3(), atol=1e-3)


def test_a_list_of_choices(items: DrawingItems, tmp_path: Path) -> None:
    write_selection(items, _mask(items, 5), tmp_path / "x.csv", {"toys#5": "five"})
    found = read_choices(tmp_path / "x.csv")
    assert (found.choice, found.label) == ({"toys#5": "keep"}, {"toys#5": "five"})


def test_pictures_are_listed_only(pages: Path, tmp_path: Path) -> None:
    items = PictureItems.of([pages])
    mask = mask_of_labels(items, ["notes"])
    assert write_selection(items, mask, tmp_path / "x.csv").kept == {"all": 6}
    assert set(read_choices(tmp_path / "x.csv").label.values()) == {"notes"}
    with pytest.raises(LimnerError, match=r"pictures is written as \.csv"):
        check_selection_suffix(items, tmp_path / "x.npz")


def test_what_is_refused(items: DrawingItems, tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match="Nothing is left"):
        write_selection(items, _mask(items), tmp_path / "x.npz")
    with pytest.raises(LimnerError, match=r"\.npz or \.parquet or \.csv"):
        write_selection(items, _mask(items, 1), tmp_path / "x.txt")
    assert not list(tmp_path.iterdir())
    label = next(label for label in items.labels if label)
    with pytest.raises(DataError, match=f"did you mean '{label}'"):
        mask_of_labels(items, [label + "e"])


def test_all_conditions() -> None:
    one, two = np.array([True, True, False]), np.array([True, False, True])
    assert intersection([one]).tolist() == one.tolist()
    assert intersection([one, two]).tolist() == [True, False, False]
