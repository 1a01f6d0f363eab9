"""How fast the recurrent networks train, as ratios measured in one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

from limner.evaluation.speed.bound import MatmulBound, bound
from limner.evaluation.speed.step import StepTiming, StepVariant, StepWorkload, time_in_subprocess
from limner.models.config import CellName


@dataclass(frozen=True)
class CellSpeed:
    """Figures of one way to train."""

    cell: str
    engine: bool
    """Whether limner chooses the way: its engine, or torch's kernels for bf16 without dropout."""
    recurrent_dropout: bool
    precision: str
    batches: str
    """full: every drawing as long as the longest; sorted: real drawings, sorted by length and trimmed."""
    seconds: float
    """Of a step."""
    sketches_per_s: float
    speedup_over_reference: float | None
    """Against the plain cell, run step by step; None where that was not measured on the same batches."""
    share_of_bound: float | None
    """Time of the matrix products alone, in float32 and for full batches, divided by that of the step."""
    peak_rss_mb: float


@dataclass(frozen=True)
class TrainSpeed:
    """Figures of all of them."""

    cells: list[CellSpeed]
    bound: dict[str, Any]
    """Of the matrix products alone, for each cell."""


def bench_train(
    cells: Sequence[CellName], work: StepWorkload, *, corpus: str | None, steps: int, rounds: int,
    tell: Callable[[str], None],
) -> TrainSpeed:  # fmt: skip
    """Time training steps, the kinds in turn and each in a process of its own.

    Parameters
    ----------
    cells : sequence of str
    work : StepWorkload
        Size of networks and batches.
    corpus : str, optional
        Drawings for sorted batches.
    steps, rounds : int
        Steps that a process times, and processes for each kind; a figure is the median of its rounds.
    tell : callable
        Hears what is being measured.
    """
    jobs = [(variant, work) for variant in _variants(cells)]
    if corpus is not None:
        jobs += [(StepVariant(cell), replace(work, corpus=corpus)) for cell in cells]
    taken: list[list[StepTiming]] = [[] for _ in jobs]
    for turn in range(rounds):
        for (variant, its_work), found in zip(jobs, taken, strict=True):
            tell(f"round {turn + 1} of {rounds}: {_name(variant)}{' sorted' if its_work.corpus else ''}")
            found.append(time_in_subprocess(variant, its_work, steps))
    bounds = {cell: bound(cell, work) for cell in cells}
    return TrainSpeed(_speeds(jobs, taken, bounds), {cell: asdict(one) for cell, one in bounds.items()})


def _variants(cells: Sequence[CellName]) -> list[StepVariant]:
    """Give engine and plain cell for each; for an LSTM without dropout torch's kernels and bf16 too."""
    found = [StepVariant(cell, route) for cell in cells for route in ("engine", "plain")]
    if "lstm" in cells:
        bare = StepVariant("lstm", recurrent_dropout=False)
        found += [bare, replace(bare, route="torch"), replace(bare, precision="bf16")]
    return found


def _name(variant: StepVariant) -> str:
    dropout = "dropout" if variant.recurrent_dropout else "no dropout"
    return f"{variant.cell}, {variant.route}, {dropout}, {variant.precision}"


def _speeds(
    jobs: Sequence[tuple[StepVariant, StepWorkload]],
    taken: Sequence[Sequence[StepTiming]],
    bounds: dict[CellName, MatmulBound],
) -> list[CellSpeed]:
    seconds = [median(timing.seconds for timing in found) for found in taken]
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
            peak_rss_mb=max(timing.peak_mb for timing in found),
        )
        for (variant, work), took, found in zip(jobs, seconds, taken, strict=True)
    ]
