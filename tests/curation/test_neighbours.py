"""Visual search."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.corpus import Corpus
from limner.corpus.parquet_writer import write_parquet
from limner.curation.embedder import OWN, page_embedder
from limner.curation.embedding import embed
from limner.curation.features import Features
from limner.curation.items import DrawingItems, PictureItems
from limner.curation.neighbours import distances, nearest, place_of, sought_row
from limner.errors import DataError
from limner.strokes.geometry import scaled


def test_an_item_is_found_by_its_id(items: DrawingItems, features: Features) -> None:
    row, place = sought_row("toys#17", items, features, lambda name: OWN[name]())
    assert place == 17
    assert np.array_equal(row, features.matrix[17])
    assert place_of("some/folder/toys#17", items) == 17
    assert place_of("toys#999", items) is None


def test_a_copy_is_the_nearest(items: DrawingItems, features: Features, tmp_path: Path) -> None:
    path = tmp_path / "copy.svg"
    path.write_text(scaled(items.drawing(44), 0.3).to_svg())
    row, place = sought_row(str(path), items, features, lambda name: OWN[name]())
    assert place is None
    (first, away), (second, farther) = nearest(features, row, 2)
    assert first == 44
    assert away < 0.1 < farther
    assert second != 44


def test_an_item_named_by_its_place_in_a_file(
    items: DrawingItems, features: Features, corpus: Corpus, tmp_path: Path
) -> None:
    write_parquet(corpus, tmp_path / "elsewhere.parquet")
    _, place = sought_row(f"{tmp_path}/elsewhere.parquet#valid/4", items, features, lambda name: OWN[name]())
    assert place == 84


def test_neighbours_of_an_item_leave_it_out(features: Features) -> None:
    found = nearest(features, features.matrix[5], 12, without=5)
    assert len(found) == 12
    assert 5 not in [i for i, _ in found]
    away = [d for _, d in found]
    assert away == sorted(away)
    same = [features.labels[i] == features.labels[5] for i, _ in found[:3]]
    assert all(same)


def test_more_neighbours_than_items(features: Features) -> None:
    assert len(nearest(features, features.matrix[0], 999, without=0)) == 119


@pytest.mark.slow
def test_pictures(pages: Path) -> None:
    items = PictureItems.of([pages])
    found = embed(items, page_embedder())
    row, place = sought_row(str(pages / "notes" / "note00.png"), items, found, lambda name: OWN[name]())
    assert place is None
    assert items.ids[nearest(found, row, 1)[0][0]] == "notes/note00.png"


def test_what_is_refused(items: DrawingItems, features: Features, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nosuch"):
        sought_row("nosuch.npz#3", items, features, lambda name: OWN[name]())
    with pytest.raises(DataError, match="different ways"):
        distances(features, np.zeros(3, np.float32))
    (tmp_path / "a.svg").write_text(items.drawing(0).to_svg())
    older = replace(features, facts={**features.facts, "version": 0})
    with pytest.raises(DataError, match="another version"):
        sought_row(str(tmp_path / "a.svg"), items, older, lambda name: OWN[name]())
    (tmp_path / "empty.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with pytest.raises(DataError, match=r"empty\.svg"):
        sought_row(str(tmp_path / "empty.svg"), items, features, lambda name: OWN[name]())
