"""Items to features: some hundred at a time, and the same numbers however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.curation import embedding
from limner.curation.embedder import Embedder, default_embedder, page_embedder, shape_embedder
from limner.curation.embedding import embed, raw_rows
from limner.curation.features import Features
from limner.curation.items import DrawingItems, PictureItems
from limner.errors import DataError


def _counting(sizes: list[int]) -> Embedder:
    def rows(drawings: Sequence[Any]) -> NDArray[np.float32]:
        sizes.append(len(drawings))
        return np.array([[len(d), d.n_points] for d in drawings], np.float32)

    return Embedder("counting", "drawings", rows, settings={"a": 1})


def test_features_of_drawings(items: DrawingItems, features: Features) -> None:
    assert features.matrix.shape == (120, 60)
    assert features.ids == items.ids
    assert features.labels == items.labels
    assert features.facts == {"name": "shape", "version": 1, "settings": {}}
    np.testing.assert_allclose(np.linalg.norm(features.matrix, axis=1), 1, atol=1e-5)


def test_drawings_of_a_class_lie_together(features: Features) -> None:
    away = features.matrix @ features.matrix.T
    np.fill_diagonal(away, -2)
    near = [features.labels[i] for i in away.argmax(axis=1)]
    assert np.mean([a == b for a, b in zip(near, features.labels, strict=True)]) > 0.95


def test_in_parts_with_progress(items: DrawingItems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "AT_ONCE", 50)
    sizes: list[int] = []
    told: list[tuple[int, int | None]] = []
    found = embed(items, _counting(sizes), progress=lambda done, total: told.append((done, total)))
    assert sizes == [50, 50, 20]
    assert told == [(50, 120), (100, 120), (120, 120)]
    assert found.whitening is None
    assert found.matrix[7].tolist() == [len(items.drawing(7)), items.drawing(7).n_points]


@pytest.mark.slow
def test_components_of_many_are_found_on_some(items: DrawingItems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "FITTED_TO", 60)
    told: list[tuple[int, int | None]] = []
    found = embed(items, shape_embedder(), seed=3, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (180, 180)
    assert found.matrix.shape == (120, 30)
    assert found.whitening is not None
    raw = raw_rows(items, shape_embedder())
    np.testing.assert_allclose(found.whitening.apply(raw), found.matrix, atol=1e-5)


def test_later_drawings_get_the_same_numbers(items: DrawingItems, features: Features) -> None:
    again = embed(items, shape_embedder(), whitening=features.whitening)
    np.testing.assert_allclose(again.matrix, features.matrix, atol=1e-5)


@pytest.mark.slow
def test_pages(pages: Path) -> None:
    items = PictureItems.of([pages])
    assert default_embedder(items) == "page"
    assert embed(items, page_embedder()).matrix.shape == (30, 15)
    with pytest.raises(DataError, match="picture, not a drawing"):
        embed(items, shape_embedder())


def test_drawings_are_shown_to_what_looks_at_pictures(items: DrawingItems) -> None:
    seen: list[tuple[int, int]] = []

    def rows(pictures: Sequence[Any]) -> NDArray[np.float32]:
        seen.extend(picture.size for picture in pictures)
        return np.ones((len(pictures), 2), np.float32)

    embed(items, Embedder("looking", "pictures", rows, px=32))
    assert set(seen) == {(32, 32)}


def test_numbers_must_be_finite(items: DrawingItems) -> None:
    def rows(drawings: Sequence[Any]) -> NDArray[np.float32]:
        return np.array([[np.nan if d.source == "toys#5" else 1] for d in drawings], np.float32)

    with pytest.raises(DataError, match="toys#5"):
        embed(items, Embedder("bad", "drawings", rows))
