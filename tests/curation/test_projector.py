"""Files for TensorBoard's projector, and that its plugin shows them."""

from __future__ import annotations

import json
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from limner.curation.clustering import find_clusters
from limner.curation.features import Features
from limner.curation.items import DrawingItems
from limner.curation.projector import sprite_size, write_projector
from limner.errors import LimnerError


@pytest.fixture(scope="module")
def folder(items: DrawingItems, features: Features, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("projector") / "log"
    clusters, _ = find_clusters(features, 3, names={0: "many\tof them"})
    figures = write_projector(items, features, path, clusters)
    assert figures == {"n": 120, "d": 60, "tile_px": 100, "sprite_px": 1100}
    return path


@pytest.mark.slow
def test_tensors_and_metadata(folder: Path, features: Features) -> None:
    np.testing.assert_allclose(np.loadtxt(folder / "tensors.tsv"), features.matrix, rtol=1e-4, atol=1e-6)
    rows = [line.split("\t") for line in (folder / "metadata.tsv").read_text().splitlines()]
    assert rows[0] == ["source", "label", "split", "cluster"]
    assert [row[0] for row in rows[1:]] == list(features.ids)
    assert {len(row) for row in rows} == {4}
    assert "many of them" in {row[3] for row in rows}


@pytest.mark.slow
def test_the_sprite(folder: Path, items: DrawingItems) -> None:
    with Image.open(folder / "sprite.png") as sprite:
        assert sprite.size == (1100, 1100)
        tile = np.asarray(sprite.crop((200, 100, 300, 200)))  # row 1, column 2 of 11
    np.testing.assert_array_equal(tile, np.asarray(items.picture(13, 100)))


@pytest.mark.parametrize(
    ("n", "size"),
    [(1, (1, 100)), (404, (21, 100)), (6561, (81, 100)), (6562, (82, 99)), (100_000, (317, 25))],
)
def test_sprites_stay_small_enough(n: int, size: tuple[int, int]) -> None:
    assert sprite_size(n) == size
    assert size[0] * size[1] <= 8192


def test_too_many_to_see() -> None:
    with pytest.raises(LimnerError, match="262,144 drawings at most"):
        sprite_size(300_000)


@pytest.mark.slow
def test_tensorboard_serves_them(folder: Path, features: Features) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from werkzeug.test import Client

        backend = "tensorboard.backend.event_processing"
        multiplexer = import_module(f"{backend}.plugin_event_multiplexer").EventMultiplexer()
        provider = import_module(f"{backend}.data_provider").MultiplexerDataProvider(multiplexer, str(folder))
        context = import_module("tensorboard.plugins.base_plugin").TBContext(
            logdir=str(folder), multiplexer=multiplexer, data_provider=provider
        )
        plugin = import_module("tensorboard.plugins.projector.projector_plugin").ProjectorPlugin(context)

        def ask(route: str, **words: Any) -> bytes:
            answer = Client(plugin.get_plugin_apps()[route]).get(query_string=words)
            assert answer.status_code == 200, answer.data
            return bytes(answer.data)

        assert json.loads(ask("/runs")) == ["."]
        embedding = json.loads(ask("/info", run="."))["embeddings"][0]
        assert (embedding["tensorName"], embedding["tensorShape"]) == ("shape", [120, 60])
        assert embedding["sprite"]["singleImageDim"] == [100, 100]
        tensor = np.frombuffer(ask("/tensor", run=".", name="shape", num_rows=200), np.float32)
        np.testing.assert_allclose(tensor.reshape(120, 60), features.matrix, rtol=1e-4, atol=1e-6)
        assert ask("/metadata", run=".", name="shape", num_rows=200).decode().count("\n") == 121
        assert ask("/sprite_image", run=".", name="shape").startswith(b"\x89PNG")
