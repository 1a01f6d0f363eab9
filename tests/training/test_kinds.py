"""Every kind of network, and every precision, through a whole training and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
import torch

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.errors import LimnerError
from limner.evaluation.likelihood import likelihood
from limner.models.config import (
    AttentionConfig,
    DecoderConfig,
    EncoderConfig,
    Kind,
    ModelConfig,
    SketchformerConfig,
    TransformerConfig,
)
from limner.sampling.model import load_model
from limner.strokes.drawing import Drawing
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train

TRAIN = TrainConfig(batch_size=8, convention="end-once", validate_every=3, log_every=2)
SMALL = DecoderConfig(size=16, components=3)
LAYERS: dict[str, Any] = {"layers": 1, "width": 16, "heads": 2, "feedforward": 16, "components": 3}
MODELS: dict[str, dict[str, Any]] = {
    "attention": {
        "encoder": EncoderConfig(size=8, attentive_pooling=True),
        "decoder": replace(SMALL, attention=AttentionConfig(heads=2, width=8, positions=True)),
    },
    "component": {"decoder": replace(SMALL, joint="component", sigma="softplus")},
    "conditioned": {"decoder": replace(SMALL, joint="conditioned", sigma="elu", sigma_min=0.01)},
    "transformer": {"kind": "transformer", "transformer": TransformerConfig(**LAYERS)},
    "sketchformer": {"kind": "sketchformer", "sketchformer": SketchformerConfig(memory=2, **LAYERS)},
    "words": {
        "kind": "sketchformer",
        "sketchformer": SketchformerConfig(memory=2, tokens="joint", token_count=40, **LAYERS),
    },
}


def _config(model: ModelConfig, **settings: Any) -> RunConfig:
    return RunConfig(model=model, train=replace(TRAIN, **settings), max_steps=6, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("conditional", [True, False])
@pytest.mark.parametrize("name", MODELS)
def test_trains_resumes_and_draws(name: str, conditional: bool, toys: Corpus, tmp_path: Path) -> None:
    model = ModelConfig(
        conditional=conditional, latent_size=4, **{"encoder": EncoderConfig(size=8), **MODELS[name]}
    )
    config = _config(model)
    train(toys, tmp_path / "run", replace(config, max_steps=3))
    outcome = train(toys, tmp_path / "run", config, resume=True)
    assert outcome.step == 6
    assert outcome.best_cost < 8  # nats a point, or a row of N_max
    drawn = load_model(tmp_path / "run")
    assert drawn.card.config == model
    assert len(drawn.sample(2, seed=1)) == 2
    begun = Drawing.from_stroke3(toys.splits["valid"][0])
    assert len(drawn.complete(begun, 2)) == 2
    if conditional:
        assert len(drawn.interpolate(begun, begun, 3)) == 3


@pytest.fixture(scope="module")
def labelled() -> Corpus:
    """Return doodles of two kinds and their names."""
    drawings = make_doodles(200, seed=2)
    two = [d for d in drawings if d.label in ("cat", "fish")]
    names = ("cat", "fish")
    split = Split.from_arrays([d.to_stroke3() for d in two], [names.index(str(d.label)) for d in two])
    return Corpus({"train": split, "valid": split.take(range(4))}, names)


@pytest.mark.slow
@pytest.mark.parametrize("kind", get_args(Kind))
def test_trains_and_draws_by_class(kind: Kind, labelled: Corpus, tiny: ModelConfig, tmp_path: Path) -> None:
    own, other = TransformerConfig(**LAYERS), SketchformerConfig(memory=2, **LAYERS)
    config = _config(replace(tiny, kind=kind, transformer=own, sketchformer=other), by_class=True)
    train(labelled, tmp_path / "run", config)
    model = load_model(tmp_path / "run")
    assert model.card.config.classes == 2
    assert {d.label for d in model.sample(4, label="fish")} == {"fish"}
    turned = labelled.splits["valid"].relabelled(labelled.label_names, ("fish", "cat"))
    right, wrong = (likelihood(model, split) for split in (labelled.splits["valid"], turned))
    assert right.nll_per_point != wrong.nll_per_point
    with pytest.raises(ValueError, match="4 drawings have no class"):
        likelihood(model, labelled.splits["valid"].relabelled(labelled.label_names, ("dog",)))


def test_by_class_needs_classes(toys: Corpus, tiny: ModelConfig, tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match="32 of 32 drawings of the train split have no class"):
        train(toys, tmp_path / "run", _config(tiny, by_class=True))
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_bfloat16_trains_weights_in_float32(toys: Corpus, tiny: ModelConfig, tmp_path: Path) -> None:
    """Almost as float32 does, and not just as it."""
    costs = []
    for precision in ("fp32", "bf16"):
        config = _config(tiny, precision=precision)
        costs.append(train(toys, tmp_path / precision, config).best_cost)
        weights = load_model(tmp_path / precision).network.parameters()
        assert all(weight.dtype == torch.float32 and bool(weight.isfinite().all()) for weight in weights)
    assert costs[0] != costs[1]
    assert costs[1] == pytest.approx(costs[0], abs=0.02)
