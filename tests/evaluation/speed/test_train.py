"""The training benchmark: who is compared with whom."""

from __future__ import annotations

import pytest

from limner.evaluation.speed import train as train_module
from limner.evaluation.speed.bound import MatmulBound
from limner.evaluation.speed.step import StepTiming, StepVariant, StepWorkload
from limner.evaluation.speed.train import CellSpeed, TrainSpeed, bench_train

WORK = StepWorkload(batch_size=10)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> TrainSpeed:
    """Three rounds in which every kind takes 1, 9 and 2 times its own seconds; plain cells take four."""
    rounds: dict[tuple[StepVariant, str | None], int] = {}

    def measured(variant: StepVariant, work: StepWorkload, _: int) -> StepTiming:
        turn = rounds[variant, work.corpus] = rounds.get((variant, work.corpus), 0) + 1
        own = 4.0 if variant.route == "plain" else 0.5 if work.corpus else 1.0
        return StepTiming(own * {1: 1, 2: 9, 3: 2}[turn], 100.0 * turn)

    monkeypatch.setattr(train_module, "time_in_subprocess", measured)
    monkeypatch.setattr(train_module, "matmul_bound", lambda *_: MatmulBound(0.5, 1, 2))
    told: list[str] = []
    speed = bench_train(["lstm", "hyper"], WORK, corpus="some.npz", steps=1, rounds=3, tell=told.append)
    assert len(told) == 3 * len(speed.cells)
    assert told[0] != told[1]  # in turn
    return speed


def _one(found: TrainSpeed, **wanted: object) -> CellSpeed:
    (cell,) = [c for c in found.cells if all(getattr(c, name) == value for name, value in wanted.items())]
    return cell


def test_figures_are_medians_of_the_rounds(found: TrainSpeed) -> None:
    engine = _one(found, cell="hyper", engine=True, batches="full")
    assert engine.seconds == 2
    assert engine.sketches_per_s == 5
    assert engine.peak_rss_mb == 300


def test_ratios_are_those_of_the_same_run(found: TrainSpeed) -> None:
    engine = _one(found, cell="hyper", engine=True, batches="full")
    assert engine.speedup_over_reference == 4
    assert engine.share_of_bound == 0.25
    assert _one(found, cell="hyper", engine=False).speedup_over_reference == 1


def test_real_batches_are_not_held_against_full_ones(found: TrainSpeed) -> None:
    trimmed = _one(found, cell="lstm", batches="sorted")
    assert trimmed.seconds == 1
    assert trimmed.speedup_over_reference is None
    assert trimmed.share_of_bound is None


def test_torch_and_bfloat16_are_measured_without_dropout(found: TrainSpeed) -> None:
    assert not _one(found, cell="nn.LSTM").recurrent_dropout
    assert not _one(found, precision="bf16").recurrent_dropout
    assert set(found.bound) == {"lstm", "hyper"}
