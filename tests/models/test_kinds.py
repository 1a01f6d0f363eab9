"""The table of model kinds: every entry names a network that does what the table says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from limner.errors import LimnerError
from limner.models.batch import pad_batch
from limner.models.build import build_model, network_class
from limner.models.config import (
    DecoderConfig,
    EncoderConfig,
    ModelConfig,
    SketchformerConfig,
    TransformerConfig,
)
from limner.models.kinds import KINDS
from limner.models.protocol import SketchModel
from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer, TokenSettings

SIZES: Any = {"layers": 1, "width": 8, "heads": 2, "feedforward": 8, "components": 2}
EVERY = pytest.mark.parametrize("kind", [name for name, _ in KINDS.built_in()])


def _config(kind: str, *, conditional: bool = True) -> ModelConfig:
    return ModelConfig(
        kind=kind,
        conditional=conditional,
        latent_size=3,
        encoder=EncoderConfig(size=4),
        decoder=DecoderConfig(size=6, components=2),
        transformer=TransformerConfig(**SIZES),
        sketchformer=SketchformerConfig(**SIZES),
    )


@EVERY
@pytest.mark.parametrize("conditional", [True, False])
def test_a_network_of_each_kind_predicts(kind: str, conditional: bool) -> None:
    config = _config(kind, conditional=conditional)
    network = build_model(config)
    assert isinstance(network, SketchModel)
    assert network.config == config
    batch = pad_batch([np.ones((4, 3), np.float32)])
    assert network(batch).mixture.mu_x.shape[:2] == batch.targets.shape[:2]
    assert network.summary(config)


@EVERY
def test_the_settings_of_a_kind_are_its_sections(kind: str) -> None:
    config = _config(kind)
    assert config.own_settings() == [getattr(config, section) for section in KINDS[kind].sections]
    with pytest.raises(ValueError, match=r"model\.options is for kinds of other packages"):
        ModelConfig(kind=kind, options={"width": 3})


@EVERY
def test_only_a_sketchformer_learns_to_recognize(kind: str) -> None:
    for conditional in (True, False):
        network = build_model(network_class(kind).fit_config(_config(kind, conditional=conditional), 5))
        learns = kind == "sketchformer" and conditional
        assert network.num_classes_recognized == (5 if learns else 0)
        if not learns:
            with pytest.raises(ValueError, match="tells no classes apart"):
                network.class_logits(torch.zeros(1, 3))


@EVERY
def test_rows_end_with_learned_positions(kind: str) -> None:
    learned: Any = {**SIZES, "positions": "learned", "longest": 12}
    config = ModelConfig(
        kind=kind, transformer=TransformerConfig(**learned), sketchformer=SketchformerConfig(**learned)
    )
    assert network_class(kind).max_rows(config) == (None if kind == "sketch_rnn" else 12)
    assert network_class(kind).max_rows(_config(kind)) is None


@EVERY
def test_vocabularies_are_taken_or_refused(kind: str) -> None:
    settings = TokenSettings("joint", 4)
    tokenizer = Tokenizer(settings, 1.0, np.ones((4, 2), np.float32), np.ones((4, 2), np.float32))
    if kind == "sketchformer":
        config = network_class(kind).with_vocabulary(_config(kind), settings)
        assert (config.sketchformer.tokens, config.sketchformer.token_count) == ("joint", 4)
        build_model(config).set_vocabulary(tokenizer, 1.0)
        return
    with pytest.raises(ValueError, match="read no tokens"):
        network_class(kind).with_vocabulary(_config(kind), settings)
    with pytest.raises(ValueError, match="reads numbers"):
        build_model(_config(kind)).set_vocabulary(tokenizer, 1.0)


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(LimnerError, match=r"no model kind 'sketchfromer'; did you mean 'sketchformer'"):
        ModelConfig(kind="sketchfromer")
    with pytest.raises(ValueError, match=r"model\.decoder\.cell: .*'lstn'; did you mean 'lstm'"):
        ModelConfig(decoder=DecoderConfig(cell="lstn"))
