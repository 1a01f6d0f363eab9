"""Presets are what they are said to be."""

from __future__ import annotations

import torch

from limner.models.build import build_model
from limner.training.config import TrainConfig
from limner.training.presets import PRESETS


def _parameters(name: str) -> int:
    with torch.device("meta"):
        return sum(weights.numel() for weights in build_model(PRESETS[name].model).parameters())


def test_magenta_is_the_original() -> None:
    magenta = PRESETS["magenta"]
    assert magenta.train == TrainConfig()
    assert (magenta.model.encoder.recurrent_keep, magenta.model.decoder.recurrent_keep) == (0.9, 0.9)
    assert (magenta.model.decoder.input_keep, magenta.model.decoder.output_keep) == (1.0, 1.0)
    assert _parameters("magenta") == 2_186_107


def test_paper_is_large() -> None:
    paper = PRESETS["paper"]
    assert (paper.model.encoder.cell, paper.model.encoder.size) == ("lstm", 512)
    assert (paper.model.decoder.cell, paper.model.decoder.size) == ("hyper", 2048)
    assert _parameters("paper") > 10 * _parameters("magenta")


def test_small_corpus_is_wary_of_learning_by_heart() -> None:
    small = PRESETS["small-corpus"]
    for part in (small.model.encoder, small.model.decoder):
        assert part.cell == "layer_norm"
        assert 0.65 <= part.recurrent_keep <= 0.9
    assert 0.1 <= small.train.scale_augment <= 0.2
    assert 0.1 <= small.train.drop_augment <= 0.2
    assert small.train.patience is not None
    assert _parameters("small-corpus") < _parameters("magenta") / 2


def test_sketchformer_begins_slowly() -> None:
    """It has a head for classes as soon as a corpus has them, and stays below a recurrent network's size."""
    preset = PRESETS["sketchformer"]
    assert preset.model.kind == "sketchformer"
    assert preset.train.learning_rate_warmup >= 100
    assert preset.train.learning_rate_shape == "inverse-sqrt"
    assert preset.train.class_weight > 0
    assert 1_000_000 < _parameters("sketchformer") < 1.1 * _parameters("magenta")
