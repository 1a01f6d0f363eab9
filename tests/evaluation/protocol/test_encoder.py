"""The encoder's file, and what the shipped one knows.

Letters: ``n`` drawings, ``D`` features, ``C`` classes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from limner.corpus.doodles.make import make_doodles
from limner.corpus.load import load_corpus
from limner.errors import DataError
from limner.evaluation.protocol.encoder import (
    BATCH,
    SHIPPED,
    EncoderCard,
    SketchEncoder,
    save_encoder,
    shipped_encoder,
)
from limner.evaluation.protocol.network import NetworkSizes, SketchNetwork
from limner.evaluation.protocol.raster import Raster

SIZES = NetworkSizes(channels=(4, 6), classes=3)
CARD = EncoderCard(Raster(px=24), SIZES, ("cat", "fish", "house"), "CC0-1.0", {"top1": 0.5})


@pytest.fixture
def network() -> SketchNetwork:
    torch.manual_seed(0)
    return SketchNetwork(SIZES)


@pytest.fixture
def encoder(network: SketchNetwork, tmp_path: Path) -> SketchEncoder:
    save_encoder(network, CARD, tmp_path / "e.safetensors")
    return SketchEncoder.read(tmp_path / "e.safetensors")


def test_what_is_written_is_read(encoder: SketchEncoder, network: SketchNetwork) -> None:
    assert encoder.card == CARD
    assert encoder.classes == CARD.classes
    drawings = make_doodles(5, seed=1)
    pictures = torch.from_numpy(CARD.raster.pictures(drawings)).float() / 255
    wanted = network.eval().features(pictures).detach().numpy()
    np.testing.assert_allclose(encoder.features(drawings), wanted, atol=2e-3)


def test_scores_are_logarithms_of_probabilities(encoder: SketchEncoder) -> None:
    found = encoder.scores(encoder.features(make_doodles(4, seed=2)))
    assert found.shape == (4, 3)
    np.testing.assert_allclose(np.exp(found).sum(1), 1, rtol=1e-5)


def test_many_and_none(encoder: SketchEncoder) -> None:
    drawings = make_doodles(BATCH + 3, seed=3)
    found = encoder.features(drawings)
    np.testing.assert_allclose(found[-3:], encoder.features(drawings[-3:]), atol=1e-6)
    assert encoder.features([]).shape == (0, 6)
    assert encoder.scores(encoder.features([])).shape == (0, 3)


def test_the_identifier_follows_pictures_and_weights(network: SketchNetwork, tmp_path: Path) -> None:
    versions = set()
    for k in range(3):
        with torch.no_grad():
            network.head.bias.fill_(min(k, 1))
        card = replace(CARD, raster=Raster(px=24, pen_px=2.0)) if k == 2 else CARD
        save_encoder(network, card, tmp_path / "e.safetensors")
        versions.add(SketchEncoder.read(tmp_path / "e.safetensors").identifier)
    assert len(versions) == 3
    assert sum("24px-margin4-pen2" in version for version in versions) == 1


def test_files_that_hold_something_else_are_refused(tmp_path: Path, network: SketchNetwork) -> None:
    path = tmp_path / "e.safetensors"
    with pytest.raises(DataError, match="cannot be read"):
        SketchEncoder.read(path)
    path.write_bytes(b"no weights")
    with pytest.raises(DataError, match="cannot be read"):
        SketchEncoder.read(path)
    save_file({"a": torch.zeros(1)}, path)
    with pytest.raises(DataError, match="holds no encoder"):
        SketchEncoder.read(path)
    save_file({"a": torch.zeros(1)}, path, metadata={"limner-sketch-encoder": "{}"})
    with pytest.raises(DataError, match="describes no encoder"):
        SketchEncoder.read(path)
    save_encoder(network, replace(CARD, sizes=replace(SIZES, channels=(4, 8))), path)
    with pytest.raises(DataError, match="does not hold the weights"):
        SketchEncoder.read(path)


def test_the_shipped_one_says_what_it_is() -> None:
    encoder = shipped_encoder()
    assert encoder is shipped_encoder()
    assert len(encoder.classes) == 259
    assert "Quick, Draw!" in encoder.card.licence
    assert SHIPPED.stat().st_size < 3e6


@pytest.mark.slow
def test_the_shipped_one_knows_drawings(data_dir: Path) -> None:
    """A fair share of what it has mostly been trained on, from 259 classes."""
    encoder = shipped_encoder()
    right = []
    for name in ("airplane", "bicycle", "cactus", "house", "octopus", "guitar"):
        corpus = load_corpus(data_dir / "quickdraw" / "simplified" / f"{name}.ndjson")
        drawings = [corpus.drawing(split, i) for split, s in corpus.splits.items() for i in range(len(s))]
        found = encoder.scores(encoder.features(drawings)).argmax(1)
        right += [encoder.classes[k] == name for k in found]
    assert len(right) >= 100
    assert np.mean(right) > 0.5
