"""A training that meets what is not finite: it skips, goes back, says so, counts, and can be resumed."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from limner.corpus.corpus import Corpus
from limner.errors import LimnerError
from limner.models.batch import Batch
from limner.models.config import ModelConfig
from limner.sampling.model import load_model
from limner.training.batches import SplitBatches, TrainBatches
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train
from limner.training.schedules import learning_rate_at

EVERY = 4
STEPS = 16


@pytest.fixture
def config(tiny: ModelConfig) -> RunConfig:
    settings = TrainConfig(
        batch_size=8,
        convention="end-once",
        validate_every=EVERY,
        log_every=1,
        rollback_after=3,
        ema_decay=0.9,
    )
    return RunConfig(model=tiny, train=settings, max_steps=STEPS, seed=3)


def _poisoned(batch: Batch) -> Batch:
    strokes = batch.strokes.clone()
    strokes[0, 1, 0] = math.nan
    return replace(batch, strokes=strokes)


def _poison_steps(patch: pytest.MonkeyPatch, steps: set[int]) -> None:
    plain = TrainBatches.batch

    def batch(self: TrainBatches, step: int) -> Batch:
        return _poisoned(plain(self, step)) if step in steps else plain(self, step)

    patch.setattr(TrainBatches, "batch", batch)


def _poison_validations(patch: pytest.MonkeyPatch, numbers: set[int]) -> None:
    plain = SplitBatches.__iter__
    seen = [0]

    def iterate(self: SplitBatches) -> Iterator[Batch]:
        seen[0] += 1  # when the first batch is asked for
        yield from map(_poisoned, plain(self)) if seen[0] in numbers else plain(self)

    patch.setattr(SplitBatches, "__iter__", iterate)


def _lines(run: Path) -> dict[str, list[dict[str, str]]]:
    with (run / "metrics.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        "train": [r for r in rows if r["learning_rate"]],
        "valid": [r for r in rows if not r["learning_rate"]],
    }


def _weights(run: Path) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = torch.load(run / "last.ckpt", weights_only=True)["state_dict"]
    return found


def _same(a: Path, b: Path) -> bool:
    one, two = _weights(a), _weights(b)
    return one.keys() == two.keys() and all(torch.equal(value, two[name]) for name, value in one.items())


@pytest.mark.slow
def test_bad_steps_are_skipped_and_counted(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps go on: the last batch is the one it would have been."""
    _poison_steps(monkeypatch, {5, 6, 9})
    outcome = train(toys, tmp_path, config)
    assert outcome.step == STEPS
    lines = _lines(tmp_path)
    assert [int(row["step"]) for row in lines["train"] if not row["train_cost"]] == [6, 7, 10]
    assert [row["skipped_steps"] for row in lines["valid"]] == ["0", "2", "3", "3"]
    assert {row["rollbacks"] for row in lines["valid"]} == {"0"}
    assert all(value.isfinite().all() for value in _weights(tmp_path).values())
    load_model(tmp_path)


@pytest.mark.slow
def test_going_back(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    _poison_steps(monkeypatch, {5, 6, 7})
    train(toys, tmp_path, config)
    said = capsys.readouterr()
    wanted = (
        "Step 8: 3 steps in a row had no finite loss and gradient; the weights are those of step 4 again, "
        "and the learning rate is multiplied by 0.5."
    )
    assert [line for line in said.err.splitlines() if line.startswith("Step")] == [wanted]
    assert said.out == ""
    lines = _lines(tmp_path)
    assert [row["rollbacks"] for row in lines["valid"]] == ["0", "1", "1", "1"]
    for row in lines["train"]:
        step = int(row["step"]) - 1
        rate = learning_rate_at(step, config.train) * (0.5 if step >= 8 else 1)
        assert float(row["learning_rate"]) == pytest.approx(rate, rel=1e-5)


@pytest.mark.slow
def test_a_resumed_run_goes_back_as_an_unbroken_one(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its count of bad steps in a row, its learning rate and its good state are those of the checkpoint."""
    _poison_steps(monkeypatch, {2, 5, 6, 7, 13})
    train(toys, tmp_path / "whole", config)
    for steps in (EVERY, 2 * EVERY, STEPS):
        train(toys, tmp_path / "parts", replace(config, max_steps=steps), resume=steps > EVERY)
    assert _same(tmp_path / "whole", tmp_path / "parts")
    whole, parts = ((tmp_path / name / "metrics.csv").read_bytes() for name in ("whole", "parts"))
    assert whole == parts


@pytest.mark.slow
def test_bad_steps_across_a_resume_are_in_a_row(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _poison_steps(monkeypatch, {2, 3, 4})
    train(toys, tmp_path, replace(config, max_steps=EVERY))
    train(toys, tmp_path, config, resume=True)
    assert [row["rollbacks"] for row in _lines(tmp_path)["valid"]] == ["0", "1", "1", "1"]


@pytest.mark.slow
def test_a_validation_that_fails(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The run goes back to the last one that did not; best weights, patience and sheets are not misled."""
    _poison_validations(monkeypatch, {2})
    patient = replace(config, train=replace(config.train, patience=3))
    outcome = train(toys, tmp_path, patient)
    assert "Step 8: the cost in validation was no finite number; the weights are those of step 4" in (
        capsys.readouterr().err
    )
    assert outcome.step == STEPS
    assert outcome.best_step != 8
    assert math.isfinite(outcome.best_cost)
    rows = _lines(tmp_path)["valid"]
    assert [bool(row["valid_cost"]) for row in rows] == [True, False, True, True]
    assert [row["rollbacks"] for row in rows] == ["0", "1", "1", "1"]
    sheets = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert sheets == ["step-0000004.png", "step-0000012.png", "step-0000016.png"]


@pytest.mark.slow
def test_gives_up_with_a_sentence(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the last validation that made sense left can be loaded, and resumed."""
    with monkeypatch.context() as patch:
        _poison_steps(patch, set(range(EVERY, 100)))
        with pytest.raises(LimnerError, match=r"went astray: 3 steps .*at step 22, and going back 5 times"):
            train(toys, tmp_path, replace(config, max_steps=100))
    load_model(tmp_path)
    assert all(value.isfinite().all() for value in _weights(tmp_path).values())
    assert train(toys, tmp_path, replace(config, max_steps=40), resume=True).step == 40


@pytest.mark.slow
def test_no_validation_that_made_sense(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _poison_validations(monkeypatch, set(range(1, 9)))
    with pytest.raises(LimnerError, match="no validation gave a finite cost until step 16"):
        train(toys, tmp_path, config)
    assert not (tmp_path / "model.safetensors").exists()


@pytest.mark.slow
def test_a_wild_learning_rate_is_tamed(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"learning_rate": 1e30, "rollback_rate": 1e-9, "rollback_after": 1}
    train(toys, tmp_path, replace(config, train=replace(config.train, **settings)))
    assert all(value.isfinite().all() for value in _weights(tmp_path).values())
    assert max(float(value.abs().max()) for value in _weights(tmp_path).values()) < 1e20
