"""Where features come from, and that they can be compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from limner.curation.embedder import OWN, Embedder
from limner.curation.features import Features, write_features
from limner.curation.items import DrawingItems
from limner.curation.resolve_features import Reference, embedder_of, resolve_features
from limner.errors import DataError


def _find(name: str) -> Embedder:
    return OWN[name]()


def _like(features: Features) -> Reference:
    return Reference(features.facts, features.whitening, "c.safetensors")


@pytest.mark.slow
def test_by_name_and_by_default(items: DrawingItems, features: Features) -> None:
    for wanted in (None, "shape"):
        assert np.array_equal(resolve_features(items, wanted, _find).matrix, features.matrix)


def test_from_a_file(items: DrawingItems, features: Features, tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    write_features(features, path)
    assert np.array_equal(resolve_features(items, str(path), _find).matrix, features.matrix)
    assert np.array_equal(
        resolve_features(items, str(path), _find, reference=_like(features)).matrix, features.matrix
    )


def test_like_others(items: DrawingItems, features: Features) -> None:
    found = resolve_features(items, None, _find, reference=_like(features), seed=8)
    np.testing.assert_allclose(found.matrix, features.matrix, atol=1e-5)
    assert found.whitening is features.whitening


def test_what_cannot_be_compared(items: DrawingItems, features: Features, tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    write_features(features, path)
    reference = _like(features)
    with pytest.raises(DataError, match="made with features shape, which page cannot"):
        resolve_features(items, "page", _find, reference=reference)
    with pytest.raises(DataError, match="does not say"):
        resolve_features(items, None, _find, reference=replace(reference, facts={}))
    with pytest.raises(DataError, match="not made with features shape"):
        resolve_features(items, "shape", _find, reference=Reference({}, None, "c.json"))
    with pytest.raises(DataError, match="holds features shape"):
        resolve_features(
            items, str(path), _find, reference=replace(reference, facts={"name": "page", "version": 1})
        )
    with pytest.raises(DataError, match="other principal components"):
        resolve_features(items, str(path), _find, reference=replace(reference, whitening=None))


def test_features_of_another_version() -> None:
    with pytest.raises(DataError, match=r"x\.parquet was made with features shape of another version"):
        embedder_of({"name": "shape", "version": 0}, _find, "x.parquet")
