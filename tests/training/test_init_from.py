"""Beginning with another model's weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from limner.corpus.corpus import Corpus, Split
from limner.errors import LimnerError
from limner.models.config import ModelConfig
from limner.models.weights import load_weights
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train
from limner.training.run_folder import read_settings

TRAIN = TrainConfig(batch_size=8, convention="end-once", validate_every=2, learning_rate=1e-4)


@pytest.fixture(scope="module")
def first(toys: Corpus, tiny: ModelConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run to begin with."""
    run = tmp_path_factory.mktemp("first") / "run"
    train(toys, run, RunConfig(model=tiny, train=replace(TRAIN, learning_rate=1e-2), max_steps=4, seed=1))
    return run


def _config(start: Path | str, **settings: object) -> RunConfig:
    settings = {"learning_rate": 1e-12, "learning_rate_min": 1e-13, "init_from": str(start), **settings}
    return RunConfig(train=replace(TRAIN, **settings), max_steps=2, seed=5)  # type: ignore[arg-type]


def _weights(run: Path) -> dict[str, torch.Tensor]:
    return load_weights(run / "model.safetensors")[0].state_dict()


@pytest.mark.slow
def test_a_training_begins_where_another_ended(first: Path, toys: Corpus, tmp_path: Path) -> None:
    """With the other's network, whatever the settings say, and in units of its own corpus."""
    larger = {
        name: split.replace_rows(split.rows * np.array([3, 3, 1], np.float32))
        for name, split in toys.splits.items()
    }
    train(Corpus(larger), tmp_path / "run", _config(first))
    one, two = _weights(first), _weights(tmp_path / "run")
    assert one.keys() == two.keys()
    assert all(torch.allclose(value, two[name], atol=1e-6) for name, value in one.items())
    cards = [load_weights(run / "model.safetensors")[1] for run in (first, tmp_path / "run")]
    assert cards[1].config == cards[0].config
    assert cards[1].scale_factor == pytest.approx(3 * cards[0].scale_factor, rel=1e-5)


@pytest.mark.slow
def test_it_goes_on_without_the_other(first: Path, toys: Corpus, tmp_path: Path) -> None:
    moved = tmp_path / "first.safetensors"
    moved.write_bytes((first / "model.safetensors").read_bytes())
    train(toys, tmp_path / "run", _config(moved))
    moved.unlink()
    kept = read_settings(tmp_path / "run" / "config.toml", RunConfig())
    assert kept.train.init_from == str(moved)
    outcome = train(toys, tmp_path / "run", replace(kept, max_steps=4), resume=True)
    assert outcome.step == 4


@pytest.mark.slow
def test_the_shipped_model_is_a_start(toys: Corpus, tmp_path: Path) -> None:
    outcome = train(toys, tmp_path / "run", _config("doodles"))
    assert outcome.best_cost < 0  # a network that has learnt nothing is at 2


@pytest.mark.slow
def test_starts_that_do_not_fit(first: Path, toys: Corpus, tiny: ModelConfig, tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match="no model nowhere"):
        train(toys, tmp_path / "run", _config("nowhere"))
    with pytest.raises(LimnerError, match="own words"):
        train(toys, tmp_path / "run", _config(first, vocabulary="w.safetensors"))
    labels = [0, 1] * 16
    split = toys.splits["train"]
    told = Corpus({"train": Split.from_arrays(list(split), labels)}, ("a", "b"))
    with pytest.raises(LimnerError, match="taught 0 classes and this corpus has 2"):
        train(told, tmp_path / "run", _config(first, by_class=True))
    train(told, tmp_path / "told", replace(_config("", by_class=True), model=tiny))
    with pytest.raises(LimnerError, match="is told what to draw; train with --train"):
        train(toys, tmp_path / "run", _config(tmp_path / "told"))
    assert not (tmp_path / "run").exists()
