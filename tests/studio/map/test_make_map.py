"""A map is made whole: what is alike lies together, and everything belongs to the same drawing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.studio.map.maps import order_of, write_toys

from limner.corpus.load import load_corpus
from limner.curation.features import read_features
from limner.errors import LimnerError
from limner.studio.map.make_map import DATA, DRAWINGS, FACTS, FEATURES, STAGE_WEIGHTS, make_map, share_done
from limner.studio.map.map_store import open_map


@pytest.mark.slow
def test_all_of_a_map(tmp_path: Path) -> None:
    corpus, told = write_toys(tmp_path / "toys.parquet"), list[tuple[str, int, int]]()
    order = order_of(corpus)
    make_map(order, tmp_path / "map", lambda *facts: told.append(facts))
    data = json.loads((tmp_path / "map" / DATA).read_text())
    assert data["tiles"]["sources"] == [f"/api/map/{order.id}/sheets/0"]
    with Image.open(tmp_path / "map" / "sheet-0.png") as sheet:
        assert sheet.width == data["tiles"]["columns"] * data["tiles"]["side"]
    facts = json.loads((tmp_path / "map" / FACTS).read_text())
    assert (facts["n"], facts["about"]) == (60, "60 drawings by form")
    assert list(dict.fromkeys(stage for stage, *_ in told)) == [
        "Reading", "Looking", "Laying out", "Drawing", "Writing"
    ]  # fmt: skip
    assert ("Laying out", 1000, 1000) in told
    labels = np.array(data["groupings"][1]["of"])
    places = np.column_stack([data["x"], data["y"]])
    away = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + 9 * np.eye(60)
    assert (labels[away.argmin(axis=1)] == labels).mean() > 0.8


@pytest.mark.parametrize("sampled", [True, False])
def test_the_bar_moves_from_one_end_to_the_other(sampled: bool) -> None:
    stages = list(STAGE_WEIGHTS)[not sampled :]
    shares = [share_done(stage, done, 4, sampled=sampled) for stage in stages for done in range(5)]
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert shares == sorted(shares)
    assert share_done("Reading", 0, 0, sampled=False) == 0.0


@pytest.mark.slow
def test_some_drawings_of_a_larger_corpus(tmp_path: Path) -> None:
    """They keep the names, splits and labels that they have in all of it."""
    corpus = write_toys(tmp_path / "toys.parquet")
    make_map(order_of(corpus, n=20, seed=5), tmp_path / "map", lambda *_: None)
    whole, features = load_corpus(corpus), read_features(tmp_path / "map" / FEATURES)
    assert len(features) == 20
    some = load_corpus(tmp_path / "map" / DRAWINGS)
    k = 0
    for split, part in some.splits.items():
        for i in range(len(part)):
            sources = whole.splits[split].sources
            there = whole.drawing(split, list(sources).index(features.ids[k]))
            assert features.labels[k] == there.label
            np.testing.assert_array_equal(some.drawing(split, i).points, there.points)
            k += 1


@pytest.mark.slow
def test_samples_are_a_corpus_too(tmp_path: Path) -> None:
    corpus = tmp_path / "corpora" / "samples.parquet"
    order = order_of(corpus, model="doodles", sampled=True, by="latent", n=8)
    make_map(order, tmp_path / "map", lambda *_: None)
    atlas = open_map(tmp_path / "map")
    assert atlas.ids[0] == "samples.parquet#0"
    assert list(load_corpus(corpus).splits["train"].sources) == list(atlas.ids)
    assert atlas.features.matrix.shape[1] == 128 or atlas.features.whitening is None
    before = corpus.stat().st_mtime_ns
    make_map(order, tmp_path / "again", lambda *_: None)
    assert corpus.stat().st_mtime_ns == before  # drawn once


def test_nothing_is_left_of_what_fails(tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match="nosuch"):
        make_map(order_of(tmp_path / "nosuch.npz"), tmp_path / "map", lambda *_: None)
    assert list(tmp_path.iterdir()) == []
