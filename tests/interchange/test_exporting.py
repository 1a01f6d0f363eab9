"""Every kind of network to every target: served, or refused in one sentence that leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from limner.errors import LimnerError
from limner.interchange.exporting import export_model, writable_formats
from limner.interchange.sketch_rnn_js import read_js
from limner.models.build import build_model
from limner.models.config import (
    AttentionConfig,
    DecoderConfig,
    EncoderConfig,
    ModelConfig,
    SketchformerConfig,
    TransformerConfig,
)
from limner.models.kinds import KINDS
from limner.models.weights import Card
from limner.sampling.model import Model, load_model

SMALL = ModelConfig(
    latent_size=4,
    encoder=EncoderConfig(size=6),
    decoder=DecoderConfig(size=8),
    transformer=TransformerConfig(layers=1, width=16, heads=2, feedforward=16),
    sketchformer=SketchformerConfig(layers=1, width=16, heads=2, feedforward=16, memory=4),
)


def _decoder(**changes: Any) -> ModelConfig:
    return replace(SMALL, decoder=replace(SMALL.decoder, **changes))


def _encoder(**changes: Any) -> ModelConfig:
    return replace(SMALL, encoder=replace(SMALL.encoder, **changes))


def _transformer(**changes: Any) -> ModelConfig:
    return replace(SMALL, kind="transformer", transformer=replace(SMALL.transformer, **changes))


NETWORKS: dict[str, tuple[ModelConfig, str, str]] = {
    "lstm": (SMALL, "", ""),
    "lstm alone": (replace(SMALL, conditional=False), "", ""),
    "old sketch-rnn-js": (_decoder(latent_tanh=True), "", ""),
    "layer norm": (_decoder(cell="layer_norm"), "decoder.cell is layer_norm, not lstm", ""),
    "hyper": (_decoder(cell="hyper"), "decoder.cell is hyper, not lstm", ""),
    "encoder of a port": (_encoder(reads_start=True, rows=12), "encoder.reads_start is True, not False", ""),
    "few components": (_decoder(components=3), "decoder.components is 3, not 20", ""),
    "attention": (
        _decoder(attention=AttentionConfig(heads=2, width=4)),
        "decoder.attention.heads is 2, not 0",
        "decoder.attention.heads is 2, not 0",
    ),
    "pooling": (
        _encoder(attentive_pooling=True),
        "encoder.attentive_pooling is True, not False",
        "encoder.attentive_pooling is True, not False",
    ),
    "joint": (
        _decoder(joint="component"),
        "decoder.joint is component, not independent",
        "decoder.joint is component, not independent",
    ),
    "classes": (replace(SMALL, classes=3), "classes is 3, not 0", ""),
    "classes alone": (replace(SMALL, classes=3, conditional=False), "classes is 3", ""),
    "recurrent with all": (
        replace(
            SMALL,
            classes=3,
            encoder=EncoderConfig("hyper", 6, attentive_pooling=True, reads_start=True, rows=12),
            decoder=replace(
                SMALL.decoder,
                cell="layer_norm",
                attention=AttentionConfig(2, 4, True),
                joint="component",
                latent_tanh=True,
            ),
        ),
        "classes is 3",
        "encoder.attentive_pooling is True",
    ),
    "transformer": (_transformer(), "kind is transformer", "kind is transformer"),
    "transformer alone": (
        replace(_transformer(positions="rotary", norm="post"), conditional=False),
        "kind is transformer",
        "kind is transformer",
    ),
    "transformer with all": (
        replace(_transformer(positions="learned", coordinates="absolute", joint="conditioned"), classes=2),
        "kind is transformer",
        "kind is transformer",
    ),
    "sketchformer": (replace(SMALL, kind="sketchformer"), "kind is sketchformer", "kind is sketchformer"),
    "sketchformer of words": (
        replace(
            SMALL,
            kind="sketchformer",
            sketchformer=replace(SMALL.sketchformer, tokens="joint", token_count=9),
        ),
        "kind is sketchformer",
        "kind is sketchformer",
    ),
}
"""Settings, and why sketch-rnn-js and the page refuse them, if they do."""


ONNX = ("recurrent with all", "sketchformer")
"""Those that are worth the time; others are written in ``test_onnx_export.py``."""


@pytest.fixture
def make_model(make_card: Callable[..., Card]) -> Callable[[str], Model]:
    """Return a function that makes one of these models, with random weights."""

    def make(name: str) -> Model:
        torch.manual_seed(0)
        network = build_model(NETWORKS[name][0]).eval()
        with torch.no_grad():
            for value in network.parameters():
                value.add_(0.3 * torch.randn_like(value))
        return Model(network, make_card(network, classes=("a", "b", "c")[: network.config.classes]))

    return make


def test_every_kind_and_target_is_here() -> None:
    assert {config.kind for config, _, _ in NETWORKS.values()} == set(KINDS)
    assert set(writable_formats()) == {"sketch-rnn-js", "onnx", "hub-folder", "web"}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("target", ["sketch-rnn-js", "web"])
def test_who_plays_sketch_rnn_alone(
    make_model: Callable[[str], Model], name: str, target: str, tmp_path: Path
) -> None:
    model, why = make_model(name), NETWORKS[name][1 if target == "sketch-rnn-js" else 2]
    if not why:
        export_model(model, target, tmp_path / "out")
        if target == "web":
            names = set(json.loads((tmp_path / "out" / "model.json").read_text())["weights"])
            assert names == set(model.network.state_dict())
        else:
            assert (
                read_js(tmp_path / "out" / "model.json").network.config.decoder == model.card.config.decoder
            )
        return
    with pytest.raises(LimnerError) as refusal:
        export_model(model, target, tmp_path / "out")
    assert f"cannot hold a model whose {why}" in str(refusal.value)
    assert str(refusal.value).endswith("; try --to onnx.")
    assert str(refusal.value).count(". ") == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_hub_folders_hold_everything(make_model: Callable[[str], Model], name: str, tmp_path: Path) -> None:
    model = make_model(name)
    export_model(model, "hub-folder", tmp_path / "out")
    back = load_model(tmp_path / "out")
    assert back.card == model.card
    assert all(
        torch.equal(value, back.network.state_dict()[key])
        for key, value in model.network.state_dict().items()
    )
    config, text = model.card.config, (tmp_path / "out" / "README.md").read_text()
    assert f"| kind | {config.kind} |" in text
    assert ("| decoder |" in text) == (config.kind == "sketch_rnn")
    assert ("| encoder |" in text) == (config.kind == "sketch_rnn" and config.conditional)
    assert ("| layers | 1, 16 wide, 2 heads |" in text) == (config.kind != "sketch_rnn")
    assert ("| z | 4 |" in text) == config.conditional


@pytest.mark.slow
@pytest.mark.parametrize("name", ONNX)
def test_onnx_holds_everything(make_model: Callable[[str], Model], name: str, tmp_path: Path) -> None:
    """Each graph is compared with torch before it is written."""
    exported = export_model(make_model(name), "onnx", tmp_path)
    assert exported.figures["difference"] < 1e-5
    assert [path.name for path in exported.files] == ["model.onnx", "model.begin.onnx", "model.encoder.onnx"]


@pytest.mark.slow
def test_what_onnx_does_not_hold(make_model: Callable[[str], Model], tmp_path: Path) -> None:
    """An encoder that goes through a drawing word by word has a graph for one length alone."""
    with pytest.raises(
        LimnerError, match=r"No ONNX graph can .* encode .* one length\); try --to hub-folder\."
    ):
        export_model(make_model("sketchformer of words"), "onnx", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
