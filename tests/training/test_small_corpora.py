"""Trainings on few drawings, and on corpora of which nothing is set aside."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from limner.corpus.corpus import Corpus
from limner.corpus.small_corpus import STRONG
from limner.corpus.strong_augmentation import StrongAugmentation
from limner.models.config import ModelConfig
from limner.sampling.model import load_model
from limner.training.config import RunConfig, TrainConfig
from limner.training.data import TrainingData, training_data
from limner.training.resolve import EMA_DECAY, resolve_settings
from limner.training.run import train


@pytest.fixture(scope="session")
def all_of_them(toys: Corpus) -> TrainingData:
    """Return 32 drawings, none of them set aside."""
    return training_data(Corpus({"train": toys.splits["train"]}))


@pytest.fixture
def config(tiny: ModelConfig) -> RunConfig:
    return RunConfig(model=tiny, train=TrainConfig(batch_size=8, validate_every=2, patience=1), max_steps=6)


def test_what_the_settings_do_not_say(toys: Corpus, all_of_them: TrainingData) -> None:
    few = resolve_settings(RunConfig(), training_data(toys)).train
    assert (few.vary, few.ema_decay) == (STRONG, None)
    none = resolve_settings(RunConfig(), all_of_them).train
    assert (none.vary, none.ema_decay) == (STRONG, EMA_DECAY)
    many = resolve_settings(RunConfig(), replace(all_of_them, drawings=50, held_out=True))
    assert many == RunConfig()


def test_what_the_settings_say_stays(all_of_them: TrainingData) -> None:
    own = TrainConfig(vary=StrongAugmentation(turn=1.0), ema_decay=0.0)
    assert resolve_settings(RunConfig(train=own), all_of_them).train == own
    plain = TrainConfig(vary_few=False, ema_decay=0.5)
    assert resolve_settings(RunConfig(train=plain), all_of_them).train == plain


def test_it_is_settled_once(all_of_them: TrainingData) -> None:
    """So that a resumed run is what it was."""
    config = resolve_settings(RunConfig(), all_of_them)
    assert resolve_settings(config, all_of_them) == config


@pytest.mark.slow
def test_nothing_is_said_of_drawings_that_were_learnt_from(
    all_of_them: TrainingData, config: RunConfig, tmp_path: Path
) -> None:
    """No figure is called one of a validation, patience does not end it, and the average is kept."""
    outcome = train(all_of_them, tmp_path, config)
    assert (outcome.step, outcome.best_step, outcome.kept_by) == (6, 6, "last")
    with (tmp_path / "metrics.csv").open(newline="") as file:
        assert not any(row[name] for row in csv.DictReader(file) for name in row if name.startswith("valid"))
    best, last = load_model(tmp_path), load_model(tmp_path, weights="last")
    assert best.card.training == {**last.card.training, "step": 6, "held_out": False}
    assert not any(name.startswith("valid") for name in best.card.training)
    average = torch.load(tmp_path / "last.ckpt", weights_only=True)["state_dict"]
    for name, value in best.network.state_dict().items():
        assert torch.equal(value, average[f"average.{name}"])
    assert len(list((tmp_path / "samples").glob("*.png"))) == 3


@pytest.mark.slow
def test_python_sets_aside_what_is_asked_for(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    asked = replace(config, max_steps=2, train=replace(config.train, hold_out=0.2))
    assert train(Corpus({"train": toys.splits["train"]}), tmp_path, asked).kept_by == "bound"
