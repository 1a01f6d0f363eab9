"""A training that dies anywhere: resumed, it ends as one that nothing disturbed, to the last bit.

Death is an error that nothing but a test catches, where a signal that cannot be caught would end the process.
"""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from limner.corpus.corpus import Corpus
from limner.corpus.npz_writer import write_npz
from limner.models.config import ModelConfig
from limner.training import callbacks, checkpoint_writer
from limner.training.batches import TrainBatches
from limner.training.checkpoint_writer import AtomicCheckpointIO
from limner.training.config import RunConfig, TrainConfig
from limner.training.module import SketchModule
from limner.training.run import train
from limner.training.run_folder import is_beginning, write_config
from limner.training.run_lock import LOCK_NAME

STEPS, EVERY = 9, 4
PATIENCE_S = 300
NAMES = ("model.safetensors", "metrics.csv", "config.toml")


class DeathError(Exception):
    """What nothing catches."""


@pytest.fixture(scope="session")
def config(tiny: ModelConfig) -> RunConfig:
    """Return settings with all that a checkpoint must remember: averages, dropout, patience."""
    settings = TrainConfig(
        batch_size=8, convention="end-once", validate_every=EVERY, log_every=1, ema_decay=0.9, patience=5
    )
    model = replace(tiny, decoder=replace(tiny.decoder, recurrent_keep=0.8))
    return RunConfig(model=model, train=settings, max_steps=STEPS, seed=3)


@pytest.fixture(scope="session")
def undisturbed(toys: Corpus, config: RunConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "undisturbed"
    train(toys, folder, config)
    return folder


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock stand so that the state is written whenever it may be."""
    monkeypatch.setattr(checkpoint_writer, "FIRST_SECONDS", -1.0)
    monkeypatch.setattr(checkpoint_writer, "EVERY_SECONDS", -1.0)
    monkeypatch.setattr(checkpoint_writer, "WRITING_SHARE", 0)


def lines(run: Path) -> list[dict[str, str]]:
    with (run / "metrics.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def alike(one: Any, other: Any) -> bool:
    """Compare what checkpoints hold, exactly."""
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def assert_same(run: Path, other: Path) -> None:
    one, two = (torch.load(place / "last.ckpt", weights_only=True) for place in (run, other))
    assert alike(one, two)
    for name in NAMES:
        assert (run / name).read_bytes() == (other / name).read_bytes(), name
    sheets = [{path.name: path.read_bytes() for path in (x / "samples").iterdir()} for x in (run, other)]
    assert sheets[0] == sheets[1]
    assert [path.name for path in run.rglob(".*")] == []


def _die(*_: Any, **__: Any) -> None:
    raise DeathError


def _at(step: int) -> Callable[[pytest.MonkeyPatch], None]:
    """Die when the batch of a step is made; it is made while the step before is not done."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        plain = TrainBatches.batch
        monkeypatch.setattr(
            TrainBatches, "batch", lambda self, asked: plain(self, asked) if asked != step else _die()
        )

    return patch


def _on(owner: Any, name: str, time: int) -> Callable[[pytest.MonkeyPatch], None]:
    """Die when something is done for the so manieth time."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        plain, count = getattr(owner, name), [0]

        def counted(*values: Any, **named: Any) -> Any:
            count[0] += 1
            return _die() if count[0] == time else plain(*values, **named)

        monkeypatch.setattr(owner, name, counted)

    return patch


DEATHS = {
    "before the first step": _at(0),
    "in the first steps": _at(3),
    "in the first validation": _on(SketchModule, "validation_step", 1),
    "at the end of the first validation": _on(SketchModule, "on_validation_epoch_end", 1),
    "at the first checkpoint": _on(AtomicCheckpointIO, "save_checkpoint", 1),
    "before the first model": _on(callbacks, "save_weights", 1),
    "before the first sheet": _on(callbacks, "write_drawings", 1),
    "between two validations": _at(6),
    "before a later sheet": _on(callbacks, "write_drawings", 2),
    "in the last validation": _on(SketchModule, "validation_step", 3),
    "before the last sheet": _on(callbacks, "write_drawings", 3),
}


@pytest.mark.slow
@pytest.mark.parametrize("death", DEATHS)
def test_a_training_that_died_ends_as_one_that_did_not(
    death: str, undisturbed: Path, toys: Corpus, config: RunConfig, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    run = tmp_path / "run"
    with monkeypatch.context() as patch:
        DEATHS[death](patch)
        with pytest.raises(DeathError):
            train(toys, run, config)
    assert is_beginning(run) == (not (run / "last.ckpt").exists())
    assert train(toys, run, config, resume=True).step == STEPS
    assert_same(run, undisturbed)


@pytest.mark.slow
@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("step", range(1, STEPS))
def test_the_state_is_written_by_the_clock(
    step: int, undisturbed: Path, toys: Corpus, config: RunConfig, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A training that is resumed from it validates when it would have."""
    with monkeypatch.context() as patch:
        _at(step)(patch)
        with pytest.raises(DeathError):
            train(toys, tmp_path, config)
    done = torch.load(tmp_path / "last.ckpt", weights_only=True)["global_step"] if step > 2 else 0
    assert step - 2 <= done <= step
    train(toys, tmp_path, config, resume=True)
    assert_same(tmp_path, undisturbed)


@pytest.mark.slow
@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("name", ["validation_step", "on_validation_epoch_end"])
def test_a_validation_that_was_begun_comes_first(
    name: str, number: int, undisturbed: Path, toys: Corpus, config: RunConfig, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with monkeypatch.context() as patch:
        _on(SketchModule, name, number)(patch)
        with pytest.raises(DeathError):
            train(toys, tmp_path, config)
    found = torch.load(tmp_path / "last.ckpt", weights_only=True)["state"]
    assert (found["step"], found["due"]) == (EVERY * number, True)
    train(toys, tmp_path, config, resume=True)
    assert_same(tmp_path, undisturbed)


@pytest.mark.slow
def test_no_line_is_written_twice(
    undisturbed: Path, toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever has been logged since the checkpoint that a training goes on from."""
    for death in ("before the first sheet", "between two validations", "in the last validation"):
        with monkeypatch.context() as patch:
            DEATHS[death](patch)
            with pytest.raises(DeathError):
                train(toys, tmp_path, config, resume=(tmp_path / "last.ckpt").exists())
            break
    (tmp_path / "metrics.csv").write_text(
        (tmp_path / "metrics.csv").read_text() + (undisturbed / "metrics.csv").read_text()
    )
    train(toys, tmp_path, config, resume=True)
    assert lines(tmp_path) == lines(undisturbed)


@pytest.mark.slow
def test_the_guard_remembers_where_to_go_back_to(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state that is written between two validations is not the last good one."""
    plain = TrainBatches.batch

    def poisoned(self: TrainBatches, step: int) -> Any:
        batch = plain(self, step)
        if step in (6, 7):
            batch.strokes[0, 1, 0] = float("nan")
        return batch

    monkeypatch.setattr(TrainBatches, "batch", poisoned)
    settings = replace(config, train=replace(config.train, rollback_after=2))
    train(toys, tmp_path / "whole", settings)
    with monkeypatch.context() as patch:
        for name, value in (("FIRST_SECONDS", -1.0), ("EVERY_SECONDS", -1.0), ("WRITING_SHARE", 0)):
            patch.setattr(checkpoint_writer, name, value)
        _at(7)(patch)
        with pytest.raises(DeathError):
            train(toys, tmp_path / "parts", settings)
    train(toys, tmp_path / "parts", settings, resume=True)
    assert_same(tmp_path / "parts", tmp_path / "whole")


@pytest.mark.slow
def test_checkpoints_do_not_pass_through_the_temporary_folder(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    train(toys, tmp_path / "run", replace(config, max_steps=1))
    assert (tmp_path / "run" / "last.ckpt").is_file()


# Processes ---------------------------------------------------------------------------------------


def _start(corpus: Path, run: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "limner", "train", str(corpus), "--out", str(run), *options]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _said(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=PATIENCE_S)[0]


def _begun(toys: Corpus, config: RunConfig, tmp_path: Path) -> tuple[Path, list[str]]:
    """Save corpus and settings for other processes."""
    write_npz(toys, tmp_path / "toys.npz")
    (tmp_path / "settings").mkdir()
    write_config(tmp_path / "settings", config, [])
    return tmp_path / "toys.npz", ["--config", str(tmp_path / "settings" / "config.toml")]


def _wait(until: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    began = time.monotonic()
    while not until() and process.poll() is None:
        assert time.monotonic() - began < PATIENCE_S
        time.sleep(0.001)


@pytest.mark.slow
@pytest.mark.parametrize("delay_ms", [0, 20, 60])
def test_killed_in_the_first_validation(
    delay_ms: int, undisturbed: Path, toys: Corpus, config: RunConfig, tmp_path: Path
) -> None:
    """Aimed at by the line of metrics of the step before it."""
    corpus, options = _begun(toys, config, tmp_path)
    run = tmp_path / "run"
    process = _start(corpus, run, *options)
    _wait(lambda: (run / "metrics.csv").is_file() and len(lines(run)) >= EVERY, process)
    time.sleep(delay_ms / 1000)
    process.kill()
    _said(process)
    resumed = _start(corpus, run, "--resume")
    said = _said(resumed)
    assert resumed.returncode == 0, said
    shutil.copy(undisturbed / "config.toml", run)  # which names the corpus
    assert_same(run, undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_end_of_a_session_leaves_a_checkpoint(
    number: signal.Signals, toys: Corpus, config: RunConfig, tmp_path: Path
) -> None:
    endless = replace(config, max_steps=100_000, train=replace(config.train, validate_every=100_000))
    corpus, options = _begun(toys, endless, tmp_path)
    run = tmp_path / "run"
    process = _start(corpus, run, *options)
    _wait(lambda: (run / "metrics.csv").is_file() and len(lines(run)) >= EVERY, process)
    process.send_signal(number)
    said = _said(process)
    assert process.returncode == 130, said
    assert f"limner train {corpus} --out {run} --resume" in said
    assert (run / "last.ckpt").is_file()
    assert (run / "model.safetensors").is_file()


@pytest.mark.slow
def test_of_two_trainings_begun_at_once_one_goes_on(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    corpus, options = _begun(toys, config, tmp_path)
    run = tmp_path / "run"
    both = [_start(corpus, run, *options) for _ in range(2)]
    said = [_said(process) for process in both]
    codes = [process.returncode for process in both]
    assert sorted(codes) == [0, 1], said
    refusal = said[codes.index(1)]
    assert "goes on there already" in refusal or "is not empty" in refusal
    assert "Traceback" not in refusal
    steps = [row["step"] for row in lines(run) if row["train_L_R"]]
    assert steps == [str(step) for step in range(1, STEPS + 1)]
    assert not (run / LOCK_NAME).exists()
    assert os.environ.get("LIMNER_RUN_LOCK") is None
