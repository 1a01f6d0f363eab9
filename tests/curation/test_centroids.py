"""The middles of clusters on disk, and their names."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.curation import centroids as module
from limner.curation.centroids import (
    Centroids,
    distances_between,
    parse_names,
    read_centroids,
    read_names,
    write_centroids,
)
from limner.curation.features import Features
from limner.curation.safetensors_io import write_archive
from limner.errors import DataError

MIDDLES = np.array([[0, 0], [10, 0], [0, 10]], np.float32)


def test_distances() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(7, 5)).astype(np.float32), rng.normal(size=(3, 5)).astype(np.float32)
    wanted = np.linalg.norm(a[:, None] - b[None], axis=2)
    np.testing.assert_allclose(distances_between(a, b), wanted, atol=1e-5)


def test_the_nearest_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 2)
    numbers, distances = Centroids(MIDDLES).nearest(np.array([[1, 0], [9, 1], [0, 7]], np.float32))
    assert numbers.tolist() == [0, 1, 2]
    assert distances.tolist() == pytest.approx([1, np.sqrt(2), 3])
    with pytest.raises(DataError, match="2 numbers each and the features 3"):
        Centroids(MIDDLES).nearest(np.zeros((1, 3), np.float32))


@pytest.mark.slow
def test_there_and_back(features: Features, tmp_path: Path) -> None:
    path = tmp_path / "c.safetensors"
    made = Centroids(features.matrix[:4], features.facts, features.whitening).named({0: "cats", 3: "dogs"})
    write_centroids(made, path)
    found = read_centroids(path)
    assert np.array_equal(found.matrix, made.matrix)
    assert (found.facts, found.names) == (made.facts, {0: "cats", 3: "dogs"})
    assert found.whitening is not None
    assert features.whitening is not None
    assert np.array_equal(found.whitening.mean, features.whitening.mean)
    assert [found.name(i) for i in range(4)] == ["cats", "1", "2", "dogs"]


def test_the_json_of_the_single_line_project(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"centroids": MIDDLES.tolist()}))
    found = read_centroids(path)
    assert np.array_equal(found.matrix, MIDDLES)
    assert (found.facts, found.whitening) == ({}, None)
    write_centroids(found, tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text()) == {"centroids": MIDDLES.tolist()}


def test_names_beside_the_centroids(tmp_path: Path) -> None:
    write_centroids(Centroids(MIDDLES), tmp_path / "c.safetensors")
    (tmp_path / "names.json").write_text('{"0": "0_drawings", "2": "2_notes"}')
    assert read_centroids(tmp_path / "c.safetensors").names == {0: "0_drawings", 2: "2_notes"}
    (tmp_path / "names.json").write_text('{"7": "what"}')
    with pytest.raises(DataError, match="no cluster 7"):
        read_centroids(tmp_path / "c.safetensors")


def test_names_as_toml_and_words(tmp_path: Path) -> None:
    (tmp_path / "n.toml").write_text('0 = "drawings"\n"1" = " watercolours "\n')
    assert read_names(tmp_path / "n.toml") == {0: "drawings", 1: "watercolours"}
    assert parse_names(["0=drawings", "3=bad scans"]) == {0: "drawings", 3: "bad scans"}


@pytest.mark.parametrize("text", ["", "[]", '{"a": "b"}', '{"0": 1}', '{"0": ""}', "\xff"])
def test_strange_names(tmp_path: Path, text: str) -> None:
    path = tmp_path / "names.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DataError, match=r"names\.json"):
        read_names(path)


@pytest.mark.parametrize("word", ["drawings", "0=", "=x", "a=b", "-1=x"])
def test_strange_words(word: str) -> None:
    with pytest.raises(DataError, match="0=drawings"):
        parse_names([word])


@pytest.mark.parametrize(
    "text", ["", "{}", '{"centroids": []}', '{"centroids": [[1], [2, 3]]}', '{"centroids": [["a"]]}']
)
def test_strange_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"c\.json"):
        read_centroids(path)


@pytest.mark.parametrize(
    "arrays", [{}, {"centroids": MIDDLES[0]}, {"centroids": MIDDLES, "mean": MIDDLES[0]}]
)
def test_strange_archives(tmp_path: Path, arrays: dict[str, NDArray[np.float32]]) -> None:
    path = tmp_path / "c.safetensors"
    write_archive(path, "centroids", arrays, {"features": {}, "names": {}})
    with pytest.raises(DataError, match="damaged"):
        read_centroids(path)
    write_archive(path, "centroids", {"centroids": MIDDLES}, {"names": {"a": "b"}, "features": {}})
    with pytest.raises(DataError, match="damaged"):
        read_centroids(path)
