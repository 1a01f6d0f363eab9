"""``status.json``: what it says while a training runs, and however it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from limner.corpus.corpus import Corpus
from limner.errors import LimnerError
from limner.models.config import ModelConfig
from limner.training import callbacks
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train
from limner.training.run_folder import STATUS_NAME
from limner.training.run_lock import INHERITED, LOCK_NAME, locked
from limner.training.status import MOST_BYTES, RunStatus, StatusFile, read_status, recording


@pytest.fixture
def config(tiny: ModelConfig) -> RunConfig:
    """Return settings for six steps."""
    settings = TrainConfig(batch_size=8, convention="end-once", validate_every=3, keep_by="bound-end")
    return RunConfig(model=tiny, train=settings, max_steps=6)


@pytest.fixture
def handed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose lock this process was handed."""
    file = os.open(tmp_path / LOCK_NAME, os.O_RDWR | os.O_CREAT)
    monkeypatch.setenv(INHERITED, str(file))
    return tmp_path


def _break(monkeypatch: pytest.MonkeyPatch, raises: Callable[[], BaseException]) -> None:
    """Let a training of six steps break off at its second validation."""
    write = callbacks.SampleSheets.write

    def breaking(self: callbacks.SampleSheets, trainer: object, *, again: bool) -> None:
        write(self, trainer, again=again)  # type: ignore[arg-type]
        if trainer.global_step == 6:  # type: ignore[attr-defined]
            raise raises()

    monkeypatch.setattr(callbacks.SampleSheets, "write", breaking)


@pytest.mark.slow
def test_finished(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    outcome = train(toys, tmp_path, config, quiet=True)
    status = read_status(tmp_path)
    assert status is not None
    assert (status.state, status.step, status.max_steps) == ("finished", 6, 6)
    assert (status.best_step, status.best_cost) == (outcome.best_step, outcome.best_cost)
    assert (status.kept_by, status.sentence) == ("bound-end", outcome.sentence)
    assert status.pid == os.getpid()
    assert 0 < status.started < status.updated


@pytest.mark.slow
def test_running_then_failed(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[RunStatus | None] = []

    def raises() -> LimnerError:
        seen.append(read_status(tmp_path))
        return LimnerError("The disk is full.")

    _break(monkeypatch, raises)
    with pytest.raises(LimnerError):
        train(toys, tmp_path, config, quiet=True)
    assert seen[0] is not None
    assert (seen[0].state, seen[0].step, seen[0].sentence) == ("running", 3, "")
    failed = read_status(tmp_path)
    assert failed is not None
    assert (failed.state, failed.step, failed.sentence) == ("failed", 3, "The disk is full.")


@pytest.mark.slow
def test_what_is_no_sentence_becomes_one(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(monkeypatch, lambda: RuntimeError("out\nof order" + 1000 * "!"))
    with pytest.raises(RuntimeError):
        train(toys, tmp_path, config, quiet=True)
    failed = read_status(tmp_path)
    assert failed is not None
    assert failed.sentence.startswith("RuntimeError: out of order")
    assert len(failed.sentence) <= 300


@pytest.mark.slow
def test_interrupted_and_resumed(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _break(patch, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            train(toys, tmp_path, config, quiet=True)
    status = read_status(tmp_path)
    assert status is not None
    assert (status.state, status.step) == ("interrupted", 3)
    train(toys, tmp_path, replace(config, max_steps=9), resume=True, quiet=True)
    status = read_status(tmp_path)
    assert status is not None
    assert (status.state, status.step, status.max_steps) == ("finished", 9, 9)


def test_refused_before_it_begins(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    without = Corpus({"valid": toys.splits["valid"]})
    with pytest.raises(LimnerError, match="no train split"):
        train(without, tmp_path / "run", config, quiet=True)
    assert not (tmp_path / "run").exists()


def test_refused_where_the_lock_was_handed_down(toys: Corpus, config: RunConfig, handed: Path) -> None:
    """The process that started it finds the reason in the folder that it has made."""
    with pytest.raises(LimnerError):
        train(Corpus({"valid": toys.splits["valid"]}), handed, config, quiet=True)
    status = read_status(handed)
    assert status is not None
    assert (status.state, status.step, status.max_steps) == ("failed", 0, 0)
    assert "no train split" in status.sentence


def test_a_refused_resume_keeps_what_was_known(handed: Path) -> None:
    (handed / STATUS_NAME).write_text('{"state": "finished", "step": 6, "best_step": 3, "best_cost": 1.5}')
    with pytest.raises(LimnerError), recording(handed):
        raise LimnerError("It was trained on another corpus.")
    status = read_status(handed)
    assert status is not None
    assert (status.state, status.step, status.best_step, status.best_cost) == ("failed", 6, 3, 1.5)


def test_a_new_run_forgets_the_one_before_it(tmp_path: Path) -> None:
    (tmp_path / STATUS_NAME).write_text('{"state": "failed", "step": 6, "best_step": 3, "sentence": "Bad."}')
    StatusFile(tmp_path).begin(0, 12)
    status = read_status(tmp_path)
    assert status is not None
    assert (status.state, status.step, status.best_step, status.sentence) == ("running", 0, None, "")


def test_only_the_first_process_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    StatusFile(tmp_path).begin(0, 12)
    assert read_status(tmp_path) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", "7", "{}", '{"state": "asleep"}', '{"state": ["running"]}', "[" * 100_000,
        '{"state": "running", "step": "many"}', '{"state": "running", "step": true}',
        '{"state": "running", "sentence": 7}', '{"state": "running"}' + " " * MOST_BYTES,
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / STATUS_NAME).write_text(text)
    assert read_status(tmp_path) is None


def test_fields_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / STATUS_NAME).write_text(json.dumps({"state": "finished", "step": 2, "mood": "good"}))
    assert read_status(tmp_path) == RunStatus("finished", step=2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("limner.training.status", "torch"),
        ("limner.training.graceful_stop", "torch"),
        ("limner.training.resolve", "torch"),
        ("limner.training.run", "pytorch_lightning"),
        ("limner.training.api", "pytorch_lightning"),
    ],
)
def test_what_is_heavy_is_imported_when_it_is_needed(module: str, heavy: str) -> None:
    code = f"import sys, {module}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_the_lock_and_the_note_tell_of_one_process(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    train(toys, tmp_path, config, quiet=True)
    with locked(tmp_path):
        status = read_status(tmp_path)
    assert status is not None
    assert status.state == "finished"
