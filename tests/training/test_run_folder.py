"""A run's settings on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from limner.errors import DataError, LimnerError
from limner.models.config import ModelConfig
from limner.training.config import RunConfig, TrainConfig
from limner.training.presets import PRESETS
from limner.training.run_folder import (
    CONFIG_NAME,
    check_new,
    corpora_of,
    last_sheet,
    read_settings,
    write_config,
)

ODD = RunConfig(
    model=ModelConfig(conditional=False),
    train=TrainConfig(patience=3, kl_floor=1e-3),
    max_steps=7,
    seed=2**40,
)


@pytest.mark.parametrize("config", [ODD, *PRESETS.values()], ids=["odd", *PRESETS])
def test_round_trip(config: RunConfig, tmp_path: Path) -> None:
    write_config(tmp_path, config, ["a.npz", 'odd "name".npz'])
    assert read_settings(tmp_path / CONFIG_NAME, RunConfig()) == config
    assert corpora_of(tmp_path) == ["a.npz", 'odd "name".npz']


def test_file_is_read_over_a_base(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[train]\nbatch_size = 7\n[model.decoder]\nsize = 9\n")
    base = PRESETS["fast"]
    wanted = replace(
        base,
        train=replace(base.train, batch_size=7),
        model=replace(base.model, decoder=replace(base.model.decoder, size=9)),
    )
    assert read_settings(path, base) == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[train", "is not valid TOML"),
        ("[model]\nkindd = 'sketch_rnn'", "did you mean 'kind'"),
        ("max_steps = 'many'", "a whole number is wanted"),
    ],
)
def test_bad_file_is_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(DataError, match=words) as refusal:
        read_settings(path, RunConfig())
    assert "mine.toml" in str(refusal.value)


def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(DataError, match=r"latin\.toml is not valid TOML"):
        read_settings(tmp_path / "latin.toml", RunConfig())
    with pytest.raises(DataError, match=r"none\.toml cannot be read: no such file"):
        read_settings(tmp_path / "none.toml", RunConfig())


@pytest.mark.parametrize("corpus", ["", "corpus = []\n", "corpus = 'a'\n", "corpus = [1]\n"])
def test_run_that_names_no_corpus(corpus: str, tmp_path: Path) -> None:
    (tmp_path / CONFIG_NAME).write_text(corpus + "max_steps = 1\n")
    with pytest.raises(DataError, match="does not name its corpus; name one with --data"):
        corpora_of(tmp_path)


def test_folder_of_a_new_run(tmp_path: Path) -> None:
    check_new(tmp_path)
    check_new(tmp_path / "not" / "yet")
    (tmp_path / "note").touch()
    with pytest.raises(LimnerError, match=r"is not empty, and no last\.ckpt in it can be gone on with"):
        check_new(tmp_path)
    with pytest.raises(LimnerError, match="is a file; name a folder"):
        check_new(tmp_path / "note")


def test_run_that_never_reached_a_checkpoint_may_be_begun_anew(tmp_path: Path) -> None:
    for name in ("config.toml", "metrics.csv", "events.out.tfevents.1.host.2.0"):
        (tmp_path / name).touch()
    check_new(tmp_path)
    (tmp_path / "last.ckpt").touch()
    with pytest.raises(LimnerError, match="continue it with --resume"):
        check_new(tmp_path)


def test_the_last_sheet(tmp_path: Path) -> None:
    assert last_sheet(tmp_path) is None
    (tmp_path / "samples").mkdir()
    for step in ("0000050", "0000100", "0000070"):
        (tmp_path / "samples" / f"step-{step}.png").touch()
    assert last_sheet(tmp_path) == tmp_path / "samples" / "step-0000100.png"


def test_settings_of_older_runs_are_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[train]\nstart = "doodles"\nwords = "w"\n[model.sketchformer]\nrecognises = 3\n')
    config = read_settings(path, RunConfig())
    assert (config.train.init_from, config.train.vocabulary) == ("doodles", "w")
    assert config.model.sketchformer.num_classes_recognized == 3
