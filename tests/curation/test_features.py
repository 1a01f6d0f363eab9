"""The file of features."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from limner.curation import features as module
from limner.curation.features import Features, check_features_path, read_features, write_features
from limner.curation.items import DrawingItems
from limner.errors import DataError, LimnerError


def test_there_and_back(features: Features, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP", 50)
    write_features(features, tmp_path / "f.parquet")
    found = read_features(tmp_path / "f.parquet")
    assert np.array_equal(found.matrix, features.matrix)
    assert (found.ids, found.splits, found.labels) == (features.ids, features.splits, features.labels)
    assert found.facts == features.facts
    assert found.whitening is not None
    assert features.whitening is not None
    assert np.array_equal(found.whitening.components, features.whitening.components)


def test_any_reader_understands_it(features: Features, tmp_path: Path) -> None:
    write_features(replace(features, whitening=None), tmp_path / "f.parquet")
    table = pq.read_table(tmp_path / "f.parquet")
    assert table.column_names == ["id", "split", "label", "features"]
    assert table.schema.field("features").type == pa.list_(pa.float32(), features.matrix.shape[1])
    np.testing.assert_array_equal(table.column("features").to_pylist()[3], features.matrix[3])
    assert read_features(tmp_path / "f.parquet").whitening is None


def test_the_rows_of_some_items(features: Features, items: DrawingItems, tmp_path: Path) -> None:
    assert features.of(items, tmp_path) is features
    backwards = replace(features, ids=features.ids[::-1])
    assert np.array_equal(backwards.of(items, tmp_path).matrix, features.matrix[::-1])
    with pytest.raises(DataError, match=r"f\.parquet has no features of toys#0"):
        replace(features, ids=("x", *features.ids[1:])).of(items, Path("f.parquet"))


def test_what_is_refused(features: Features, tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match=r"as \.parquet"):
        check_features_path("f.npz")
    path = tmp_path / "f.parquet"
    write_features(features, path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match="whole"):
        read_features(path)
    pq.write_table(pa.table({"id": ["a"], "features": [[1.0]]}), path)
    with pytest.raises(DataError, match="holds no features"):
        read_features(path)
    bad = features.matrix.copy()
    bad[2, 1] = np.inf
    write_features(replace(features, matrix=bad), path)
    with pytest.raises(DataError, match="finite"):
        read_features(path)


@pytest.mark.parametrize("facts", ["nonsense", "[]", "{}"])
def test_facts_that_say_nothing(features: Features, tmp_path: Path, facts: str) -> None:
    path = tmp_path / "f.parquet"
    write_features(features, path)
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({"limner": facts}), path)
    with pytest.raises(DataError, match="does not say"):
        read_features(path)
