"""A hand over a base: what it keeps, what it adds, and when it ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from limner.corpus.corpus import Corpus, Split
from limner.errors import DataError, LimnerError
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.protocol import SketchModel
from limner.models.weights import Card, load_weights, save_weights
from limner.sampling.model import load_model
from limner.training.config import RunConfig
from limner.training.init_from import random_network
from limner.training.leave_out import ALONE_STEPS
from limner.training.own_classes import OWN, most_likely_class, with_own_classes
from limner.training.resolve import settings_from
from limner.training.run import TrainingOutcome, train
from limner.training.run_folder import CONFIG_NAME, read_settings

KNOWN = ("anything", "cat", "fish")
MODEL = ModelConfig(conditional=False, classes=3, class_size=4, decoder=DecoderConfig(size=16, components=3))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a base that knows three classes and draws in its own way."""
    path = tmp_path_factory.mktemp("base") / "base.safetensors"
    network = random_network(RunConfig(model=MODEL, seed=3))
    card = Card(MODEL, 9.0, 70, 100.0, (0.0, 0.0), 1.0, 0.1, KNOWN, sampling={"temperature": 0.5})
    save_weights(network, card, path)
    return path


def _config(base: Path | str, **train_settings: Any) -> RunConfig:
    settings = {"init_from": str(base), "validate_every": 2, "minutes": None, **train_settings}
    return settings_from("hand", {"max_steps": 4, "train": settings})


def _corpus(toys: Corpus, n: int, labels: list[int] | None = None, unit: float = 1.0) -> Corpus:
    rows = [toys.splits["train"][k] * np.array([unit, unit, 1], np.float32) for k in range(n)]
    return Corpus({"train": Split.from_arrays(rows, labels)}, ("cat", "dog") if labels else ())


def _learn(corpus: Corpus, run: Path, config: RunConfig, **options: Any) -> TrainingOutcome:
    return train(corpus, run, config, quiet=True, **options)


@pytest.mark.slow
def test_a_hand_comes_beside_what_the_base_knows(base: Path, toys: Corpus, tmp_path: Path) -> None:
    outcome = _learn(_corpus(toys, 24), tmp_path / "run", _config(base, learning_rate=1e-12))
    model = load_model(tmp_path / "run")
    assert outcome.kept_by == "nll"
    assert model.card.classes == (OWN, *KNOWN)
    assert model.card.own_classes == 1
    assert model.card.n_max >= 70
    assert model.sampling_config.temperature == 0.5
    assert [drawing.label for drawing in model.sample(3)] == [OWN] * 3
    assert model.sample(1, label="fish")[0].label == "fish"
    assert model.remembered is not None
    assert len(model.remembered.rows) == 19  # not those that are set aside
    assert set(model.remembered.labels) == {0}
    old, new = (load_weights(path)[0].state_dict() for path in (base, tmp_path / "run" / "model.safetensors"))
    assert torch.allclose(new["classes.weight"][1:], old["classes.weight"], atol=1e-6)
    assert torch.allclose(new["decoder.output.weight"], old["decoder.output.weight"], atol=1e-6)
    assert read_settings(tmp_path / "run" / CONFIG_NAME, RunConfig()).train.by_class


@pytest.mark.slow
def test_it_goes_on_without_the_base(base: Path, toys: Corpus, tmp_path: Path) -> None:
    moved, run = tmp_path / "base.safetensors", tmp_path / "run"
    moved.write_bytes(base.read_bytes())
    _learn(_corpus(toys, 24), run, _config(moved))
    moved.unlink()
    kept = read_settings(run / CONFIG_NAME, RunConfig())
    outcome = _learn(_corpus(toys, 24), run, replace(kept, max_steps=6), resume=True)
    assert outcome.step == 6
    assert load_model(run, weights="last").card.classes == (OWN, *KNOWN)


@pytest.mark.slow
def test_what_the_base_knew_is_kept_where_learning_spoils_it(
    base: Path, toys: Corpus, tmp_path: Path
) -> None:
    outcome = _learn(_corpus(toys, 24), tmp_path, _config(base, learning_rate=10.0, ema_decay=0.0))
    assert outcome.best_step == 0


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 2, 7])
def test_few_drawings_are_all_learnt_from(n: int, base: Path, toys: Corpus, tmp_path: Path) -> None:
    """For as many steps as serve drawings that are left out; one alone leaves none to leave out."""
    outcome = _learn(_corpus(toys, n), tmp_path, _config(base))
    assert outcome.kept_by == "last"
    assert 1 <= outcome.step <= 4
    assert read_settings(tmp_path / CONFIG_NAME, RunConfig()).max_steps == outcome.step
    assert load_model(tmp_path).sample(1)[0].label == OWN


@pytest.mark.slow
def test_drawings_in_other_units_are_drawn_in_them(base: Path, toys: Corpus, tmp_path: Path) -> None:
    unit = 1e-3
    usual = _corpus(toys, 6).splits["train"].rows[:, :2].std()
    _learn(_corpus(toys, 6, unit=unit), tmp_path, replace(_config(base), max_steps=1))
    assert load_model(tmp_path).card.scale_factor == pytest.approx(unit * usual, rel=0.01)


def test_drawings_in_units_that_would_be_clipped(base: Path, toys: Corpus, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"longer than 1000 units.*limner build"):
        _learn(_corpus(toys, 6, unit=1e3), tmp_path / "run", _config(base))
    assert not (tmp_path / "run" / "config.toml").exists()


@pytest.mark.slow
def test_identical_drawings_and_a_time_limit(base: Path, toys: Corpus, tmp_path: Path) -> None:
    split = toys.splits["train"].take([0] * 24)
    config = replace(_config(base, minutes=1e-6), max_steps=1000)
    outcome = _learn(Corpus({"train": split}), tmp_path, config)
    assert outcome.kept_by == "last"
    assert outcome.step <= ALONE_STEPS


def test_a_base_that_is_not_there(toys: Corpus, tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match="There is no model nosuch"):
        _learn(_corpus(toys, 24), tmp_path / "run", _config("nosuch"))
    assert not (tmp_path / "run").exists()


def test_classes_of_a_corpus_come_first(toys: Corpus) -> None:
    from limner.training.data import training_data

    told = with_own_classes(training_data(_corpus(toys, 6, [0, 1, -1] * 2)), KNOWN)
    assert told.classes == ("cat", "dog", OWN, "anything", "fish")
    assert told.train.labels.tolist() == [0, 1, 2] * 2
    again = with_own_classes(told, told.classes)
    assert again.classes == told.classes
    assert again.train.labels.tolist() == told.train.labels.tolist()
    assert with_own_classes(training_data(_corpus(toys, 6)), ("cat",)).classes == (OWN,)


def test_the_class_under_which_drawings_are_likeliest(base: Path, toys: Corpus) -> None:
    network: SketchModel = load_weights(base)[0]
    with torch.no_grad():
        network.get_parameter("decoder.output.weight").zero_()
    rows = [toys.splits["train"][0] / np.float32(9)]
    assert most_likely_class(network, rows) in range(3)
    assert most_likely_class(network, []) == 0
