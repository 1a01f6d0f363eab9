"""Classes in training.

Letters: ``B`` batch, ``C`` classes.
"""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.errors import LimnerError
from limner.models.config import ModelConfig, SketchformerConfig
from limner.sampling.model import load_model
from limner.training.class_metrics import class_means, class_sums
from limner.training.config import RunConfig, TrainConfig
from limner.training.data import training_data
from limner.training.resolve import resolve_settings
from limner.training.run import train

NAMES = ("cat", "fish")
OWN = SketchformerConfig(layers=1, width=16, heads=2, feedforward=16, components=2, memory=2)
MODEL = ModelConfig(kind="sketchformer", latent_size=6, sketchformer=OWN)


@pytest.fixture(scope="module")
def labelled() -> Corpus:
    drawings = make_doodles(48, seed=2, kinds=NAMES)
    split = Split.from_arrays(
        [d.to_stroke3() for d in drawings], [NAMES.index(str(d.label)) for d in drawings]
    )
    return Corpus({"train": split.take(range(40)), "valid": split.take(range(40, 48))}, NAMES)


def _config(model: ModelConfig = MODEL, **settings: Any) -> RunConfig:
    base = TrainConfig(batch_size=20, convention="end-once", validate_every=20, log_every=1)
    return RunConfig(model=model, train=replace(base, **settings), max_steps=20, seed=1)


def test_sums_by_hand() -> None:
    """Probabilities 1/2 of the right class, 3/4 of the wrong one; one label that is none."""
    logits = torch.tensor([[0.0, 0.0], [math.log(3), 0.0], [5.0, 1.0]])
    sums = class_sums(logits, torch.tensor([0, 1, -1]), logits)
    torch.testing.assert_close(sums, torch.tensor([2, math.log(2) + math.log(4), 1]))
    means = class_means(sums)
    assert float(means["L_class"]) == pytest.approx(math.log(8) / 2)
    assert float(means["class_accuracy"]) == 0.5


@pytest.mark.parametrize(("logits", "labels"), [(None, torch.zeros(3)), (torch.zeros(3, 2), None)])
def test_nothing_to_add_up(logits: torch.Tensor | None, labels: torch.Tensor | None) -> None:
    sums = class_sums(logits, labels, torch.zeros(()))
    assert sums.tolist() == [0, 0, 0]
    assert class_means(sums) == {}


def test_a_sketchformer_learns_what_the_corpus_names(labelled: Corpus, toys: Corpus) -> None:
    found = [
        resolve_settings(config, training_data(corpus)).model.sketchformer.num_classes_recognized
        for config, corpus in (
            (_config(), labelled),
            (_config(class_weight=0.0), labelled),
            (_config(replace(MODEL, conditional=False)), labelled),
            (
                _config(replace(MODEL, sketchformer=replace(OWN, num_classes_recognized=9))),
                toys,
            ),  # toys have no names
        )
    ]
    assert found == [2, 0, 0, 0]


def test_others_are_left_alone(labelled: Corpus) -> None:
    config = _config(ModelConfig())
    assert resolve_settings(config, training_data(labelled)).model == config.model


def test_being_told_and_telling_apart_go_together(labelled: Corpus) -> None:
    model = resolve_settings(_config(by_class=True), training_data(labelled)).model
    assert (model.classes, model.sketchformer.num_classes_recognized) == (2, 2)


def test_to_be_told_every_drawing_needs_a_class(toys: Corpus) -> None:
    with pytest.raises(LimnerError, match="drawings of the train split have no class"):
        resolve_settings(_config(by_class=True), training_data(toys))


@pytest.mark.slow
def test_classes_are_learnt(labelled: Corpus, tmp_path: Path) -> None:
    """In 150 steps a tiny network tells a cat from a fish; the figures stand in the file and the header."""
    config = replace(_config(learning_rate=3e-3, learning_rate_warmup=10), max_steps=150)
    outcome = train(labelled, tmp_path, config)
    with (tmp_path / "metrics.csv").open() as file:
        lines = list(csv.DictReader(file))
    learning = [float(line["train_L_class"]) for line in lines if line["train_L_class"]]
    assert len(learning) == 150
    assert sum(learning[:10]) / 10 > 0.5
    last = [line for line in lines if line["valid_cost"]][-1]
    assert float(last["valid_class_accuracy"]) >= 0.75
    whole = float(last["valid_L_R"]) + float(last["valid_L_class"])
    assert float(last["valid_cost"]) == pytest.approx(whole, rel=1e-4)
    model = load_model(tmp_path)
    assert model.card.training["valid_cost"] == pytest.approx(outcome.best_cost)
    drawings = [labelled.drawing("train", k) for k in range(40)]
    guessed = model.classify(drawings, unit=1.0).argmax(1).tolist()
    right = [NAMES[k] == drawing.label for k, drawing in zip(guessed, drawings, strict=True)]
    assert sum(right) >= 30


@pytest.mark.slow
def test_without_weight_nothing_is_learnt_of_classes(labelled: Corpus, tmp_path: Path) -> None:
    train(labelled, tmp_path, replace(_config(class_weight=0.0), max_steps=2))
    assert load_model(tmp_path).network.num_classes_recognized == 0
    assert "valid_class_accuracy" not in load_model(tmp_path).card.training
