"""Feature extractors and embedders by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.doodles.make import make_doodles
from limner.curation.embedder import Embedder
from limner.errors import LimnerError
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.interchange.extractors import find_embedder, find_extractor
from limner.models.protocol import SketchModel
from limner.models.weights import Card, save_weights
from limner.sampling.model import load_model


@pytest.fixture
def saved(
    make_network: Callable[..., SketchModel], make_card: Callable[..., Card], tmp_path: Path
) -> Callable[[bool], Path]:
    def save(conditional: bool) -> Path:
        network = make_network(conditional)
        save_weights(network, make_card(network), tmp_path / "m.safetensors")
        return tmp_path / "m.safetensors"

    return save


def test_our_own() -> None:
    assert find_embedder("shape").takes == "drawings"
    assert find_embedder("page").takes == "pictures"


def test_a_trained_encoder(saved: Callable[[bool], Path]) -> None:
    path = saved(True)
    embedder = find_embedder(f"model:{path}")
    drawings = make_doodles(5, seed=0)
    rows = embedder.rows(drawings)
    assert rows.shape == (5, 4)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, load_model(path).encode(drawings).numpy(), atol=1e-6)
    assert embedder.facts()["name"] == f"model:{path}"
    assert embedder.settings["latent_size"] == 4


def test_a_decoder_alone_cannot(saved: Callable[[bool], Path]) -> None:
    with pytest.raises(LimnerError, match="decoder alone"):
        find_embedder(f"model:{saved(False)}")


def test_the_protocols_encoder() -> None:
    assert find_extractor("sketch") is shipped_encoder()
    with pytest.raises(LimnerError, match="no features 'sketches'"):
        find_extractor("sketches")


@pytest.mark.parametrize("name", ["shape", "page", "model:doodles"])
def test_embedders_extract_features(name: str) -> None:
    extractor = find_extractor(name)
    features = extractor.features(make_doodles(5, seed=1))
    assert features.shape[0] == 5
    assert np.isfinite(features).all()
    assert extractor.identifier.startswith(name)
    assert ("px" in extractor.identifier) == (name == "page")


def test_weights_are_part_of_the_identifier() -> None:
    extractors = [
        Embedder("net", "drawings", lambda some: np.zeros((len(some), 2), np.float32), digest=digest)
        for digest in ("", "ab", "cd")
    ]
    assert [one.identifier for one in extractors] == ["net-v1", "net-ab-v1", "net-cd-v1"]


@pytest.mark.parametrize("name", ["shapes", "model:", "model", "torchvison:resnet34", "nothing:at-all"])
def test_strange_names(name: str) -> None:
    with pytest.raises(LimnerError, match=f"There are no features '{name}'"):
        find_embedder(name)
