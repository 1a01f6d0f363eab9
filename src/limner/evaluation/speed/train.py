"""Speed of training recurrent networks, relative to the plain cells and to their matrix products alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

from limner.evaluation.speed.bound import MatmulBound, matmul_bound
from limner.evaluation.speed.step import StepTiming, StepVariant, StepWorkload, time_in_subprocess
from limner.models.config import CellName


@dataclass(frozen=True)
class CellSpeed:
    """Time and memory of training steps of one variant."""

    cell: str
    engine: bool
    """Whether limner chooses the implementation: its engine, or torch's kernels for bf16 without dropout."""
    recurrent_dropout: bool
    precision: str
    batches: str
    """full: all drawings as long as the longest; sorted: real drawings, sorted by length and trimmed."""
    seconds: float
    """Of a step."""
    sketches_per_s: float
    speedup_over_reference: float | None
    """Relative to the plain cell, step by step; None if that was not measured on the same batches."""
    share_of_bound: float | None
    """Time of the matrix products alone, in float32 and for full batches, over that of the step."""
    peak_rss_mb: float


@dataclass(frozen=True)
class TrainSpeed:
    """Times of all variants."""

    cells: list[CellSpeed]
    bound: dict[str, Any]
    """Times of the matrix products alone, by cell."""


def bench_train(
    cells: Sequence[CellName], work: StepWorkload, *, corpus: str | None, steps: int, rounds: int,
    tell: Callable[[str], None],
) -> TrainSpeed:  # fmt: skip
    """Time training steps, alternating between variants, each in a process of its own.

    Parameters
    ----------
    cells : sequence of str
    work : StepWorkload
        Sizes of networks and batches.
    corpus : str, optional
        Drawings for sorted batches.
    steps, rounds : int
        Steps that a process times, and processes of each variant; figures are medians over the rounds.
    tell : callable
        Called with a line of text before each measurement.
    """
    jobs = [(variant, work) for variant in _variants(cells)]
    if corpus is not None:
        jobs += [(StepVariant(cell), replace(work, corpus=corpus)) for cell in cells]
    timings: list[list[StepTiming]] = [[] for _ in jobs]
    for turn in range(rounds):
        for (variant, its_work), own in zip(jobs, timings, strict=True):
            tell(f"round {turn + 1} of {rounds}: {_name(variant)}{' sorted' if its_work.corpus else ''}")
            own.append(time_in_subprocess(variant, its_work, steps))
    bounds = {cell: matmul_bound(cell, work) for cell in cells}
    return TrainSpeed(_speeds(jobs, timings, bounds), {cell: asdict(one) for cell, one in bounds.items()})


def _variants(cells: Sequence[CellName]) -> list[StepVariant]:
    """Return engine and plain cell of each; for an LSTM without dropout also torch's kernels and bf16."""
    variants = [StepVariant(cell, route) for cell in cells for route in ("engine", "plain")]
    if "lstm" in cells:
        bare = StepVariant("lstm", recurrent_dropout=False)
        variants += [bare, replace(bare, route="torch"), replace(bare, precision="bf16")]
    return variants


def _name(variant: StepVariant) -> str:
    dropout = "dropout" if variant.recurrent_dropout else "no dropout"
    return f"{variant.cell}, {variant.route}, {dropout}, {variant.precision}"


def _speeds(
    jobs: Sequence[tuple[StepVariant, StepWorkload]],
    timings: Sequence[Sequence[StepTiming]],
    bounds: dict[CellName, MatmulBound],
) -> list[CellSpeed]:
    seconds = [median(timing.seconds for timing in own) for own in timings]
    plain = {v.cell: s for (v, _), s in zip(jobs, seconds, strict=True) if v.route == "plain"}
    return [
        CellSpeed(
            cell="nn.LSTM" if variant.route == "torch" else variant.cell,
            engine=variant.route == "engine",
            recurrent_dropout=variant.recurrent_dropout,
            precision=variant.precision,
            batches="sorted" if work.corpus else "full",
            seconds=took,
            sketches_per_s=work.batch_size / took,
            speedup_over_reference=None if work.corpus else plain[variant.cell] / took,
            share_of_bound=None if work.corpus else bounds[variant.cell].seconds / took,
            peak_rss_mb=max(timing.peak_mb for timing in own),
        )
        for (variant, work), took, own in zip(jobs, seconds, timings, strict=True)
    ]
