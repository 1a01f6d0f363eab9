"""StepTiming training steps, at tiny sizes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from limner.evaluation.speed import step as step_module
from limner.evaluation.speed.step import (
    KEEP,
    POOL,
    StepTiming,
    StepVariant,
    StepWorkload,
    time_in_subprocess,
    time_steps,
)
from limner.models.batch import Batch
from limner.models.build import build_model
from limner.models.cells.lstm import LSTM
from limner.models.sketch_rnn import SketchRNN

TINY = StepWorkload(encoder_size=8, decoder_size=12, latent_size=3, batch_size=4, points=6)


def test_a_variant_is_the_network_that_it_says() -> None:
    normed = StepVariant("layer_norm").model(TINY)
    assert (normed.encoder.cell, normed.decoder.cell) == ("layer_norm", "layer_norm")
    assert (normed.encoder.size, normed.decoder.size, normed.latent_size) == (8, 12, 3)
    assert normed.encoder.recurrent_keep == normed.decoder.recurrent_keep == KEEP
    hyper = StepVariant("hyper", recurrent_dropout=False).model(TINY)
    assert (hyper.encoder.cell, hyper.decoder.cell) == ("lstm", "hyper")
    assert hyper.decoder.recurrent_keep == 1


def test_full_batches_are_full() -> None:
    (batch,) = step_module._noise(TINY)
    assert batch.lengths.tolist() == [6] * 4
    assert batch.rows_to_predict.tolist() == [6] * 4


@pytest.mark.parametrize("route", ["engine", "plain"])
def test_the_network_goes_the_route_that_it_should(route: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()
    true = SketchRNN.forward

    def forward(self: SketchRNN, *rest: object) -> object:
        seen.update(module.route for module in self.modules() if isinstance(module, LSTM))
        return true(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(SketchRNN, "forward", forward)
    time_steps(StepVariant("lstm", route), TINY, steps=1)  # type: ignore[arg-type]
    assert seen == {route}


def test_seconds_are_those_of_the_middle_step(monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter([5.0, 1.0, 3.0])
    monkeypatch.setattr(step_module, "_seconds", lambda *_: next(told))
    assert time_steps(StepVariant("lstm"), TINY, steps=3).seconds == 3


def test_seconds_of_real_batches_are_the_mean_of_a_pool(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """Batches of a pool differ in length, so that none of them speaks for the others."""
    path = f"{tmp_path}/some.npz"
    chance = np.random.default_rng(0)
    rows = [
        np.column_stack([chance.integers(-9, 9, (k, 2)), np.r_[np.zeros(k - 1), 1]]) for k in range(2, 90)
    ]
    np.savez(path, train=np.array(rows, dtype=object))
    lengths: list[int] = []

    def seconds(_: object, batch: Batch) -> float:
        lengths.append(batch.targets.shape[1])
        return float(batch.targets.shape[1])

    monkeypatch.setattr(step_module, "_seconds", seconds)
    found = time_steps(StepVariant("lstm"), replace(TINY, corpus=path), steps=1)
    assert len(lengths) == POOL
    assert len(set(lengths)) > 3
    assert found.seconds == pytest.approx(np.mean(lengths))


def test_steps_learn() -> None:
    """What is timed is a whole step: the weights move, in bfloat16 too, and stay float32."""
    for precision in ("fp32", "bf16"):
        network = build_model(StepVariant("lstm", recurrent_dropout=False).model(TINY))
        before = [weight.detach().clone() for weight in network.parameters()]
        step_module.make_train_step(network, "magenta-train", 6, precision, "cpu")(
            step_module._noise(TINY)[0]
        )
        assert all(weight.dtype == torch.float32 for weight in network.parameters())
        moved = [bool((a != b).any()) for a, b in zip(before, network.parameters(), strict=True)]
        assert all(moved)


@pytest.mark.slow
def test_a_process_of_its_own_measures_its_memory() -> None:
    found = time_in_subprocess(StepVariant("lstm"), TINY, 1)
    assert isinstance(found, StepTiming)
    assert found.seconds > 0
    assert 50 < found.peak_mb < 5_000
