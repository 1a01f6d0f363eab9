"""Settings resolved once: what follows from the corpus is no setting; old files that hold it are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from limner.corpus.corpus import Corpus, Split
from limner.errors import DataError
from limner.models.config import ModelConfig, SketchformerConfig
from limner.settings import to_dict
from limner.training.config import RunConfig, TrainConfig
from limner.training.data import TrainingData, training_data
from limner.training.init_from import Initial, random_network
from limner.training.presets import PRESETS
from limner.training.resolve import (
    DERIVED,
    check_no_derived,
    resolve_settings,
    settings_from,
    without_derived,
)
from limner.training.run_folder import CONFIG_NAME, read_settings, write_config

NAMES = ("cat", "fish")
RESOLVED = ModelConfig(classes=2, sketchformer=SketchformerConfig(num_classes_recognized=2))


@pytest.fixture(scope="module")
def labelled(toys: Corpus) -> TrainingData:
    """Return doodles of two classes."""
    return training_data(Corpus({"train": Split.from_arrays(list(toys.splits["train"]), [0, 1] * 16)}, NAMES))


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("by_class", [False, True])
def test_resolving_twice_changes_nothing(name: str, by_class: bool, labelled: TrainingData) -> None:
    base = PRESETS[name]
    config = replace(base, train=replace(base.train, by_class=by_class))
    once = resolve_settings(config, labelled)
    assert resolve_settings(once, labelled) == once
    assert once.model.classes == 2 * by_class


def test_the_network_is_that_of_the_initial_model(tiny: ModelConfig, labelled: TrainingData) -> None:
    initial = Initial(random_network(RunConfig(model=tiny)))
    assert resolve_settings(RunConfig(), labelled, initial).model == tiny


def test_settings_of_a_preset() -> None:
    changes = {"max_steps": 7, "train": {"batch_size": 5}, "model": {"decoder": {"size": 9}}}
    config = settings_from("fast", changes)
    assert (config.max_steps, config.train.batch_size, config.model.decoder.size) == (7, 5, 9)
    assert config.train.sorted_batches == PRESETS["fast"].train.sorted_batches
    assert settings_from("fast") == PRESETS["fast"]


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("fats", {}, "no preset 'fats'; did you mean 'fast'"),
        ("fast", {"train": {"batchsize": 5}}, "did you mean 'batch_size'"),
        ("fast", {"model": {"classes": 5}}, "model.classes follows from the corpus and is no setting"),
        ("fast", {"train": {"batch_size": 0}}, "at least 1"),
    ],
)
def test_settings_that_are_refused(name: str, changes: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        settings_from(name, changes)


@pytest.mark.parametrize("name", DERIVED)
def test_derived_settings_are_refused_in_a_file(name: str, tmp_path: Path) -> None:
    table, _, key = name.rpartition(".")
    path = tmp_path / "mine.toml"
    path.write_text(f"[{table}]\n{key} = 3\n")
    with pytest.raises(DataError, match=rf"mine\.toml: {name} follows from the corpus") as refusal:
        read_settings(path, RunConfig(), own=True)
    assert len(str(refusal.value)) < 300 + len(str(tmp_path))


def test_an_old_name_of_a_derived_setting_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[model.sketchformer]\nrecognises = 3\n")
    with pytest.raises(DataError, match="num_classes_recognized follows from the corpus"):
        read_settings(path, RunConfig(), own=True)


def test_runs_that_hold_derived_settings_are_read(tmp_path: Path) -> None:
    config = RunConfig(model=RESOLVED, train=TrainConfig(by_class=True))
    write_config(tmp_path, config, ["a.npz"])
    assert read_settings(tmp_path / CONFIG_NAME, RunConfig()) == config
    assert read_settings(tmp_path / CONFIG_NAME, RunConfig(), own=True) == config


def test_settings_as_before_they_were_resolved() -> None:
    assert without_derived(RunConfig(model=RESOLVED)) == RunConfig()
    check_no_derived({}, "here")
    for name in DERIVED:
        values = to_dict(RunConfig())
        for part in name.split("."):
            values = values[part] if isinstance(values[part], dict) else values
        assert name.rpartition(".")[2] in values
