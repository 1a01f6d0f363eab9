"""The curves of finished trainings, and what can be read off them."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.experiments.measure import Reading

SPIKE_WINDOW = 50
"""Steps before and after, whose median a step's cost is compared with."""
SPIKE_DEVIATIONS = 8.0
"""Robust standard deviations above that median from which on a cost is a spike."""
DEVIATION_OF_MAD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


@dataclass(frozen=True)
class Series:
    """A figure over the steps."""

    steps: NDArray[np.int64]  # (n,)
    values: NDArray[np.float64]  # (n,)

    def __len__(self) -> int:
        """Count the points."""
        return len(self.steps)

    @property
    def last(self) -> float:
        """The last value."""
        return float(self.values[-1])

    @property
    def least(self) -> float:
        """The smallest value."""
        return float(self.values.min())

    @property
    def step_of_least(self) -> int:
        """The step of the smallest value, the first one if several are as small."""
        return int(self.steps[self.values.argmin()])

    def first_at_most(self, bound: float) -> int | None:
        """Give the first step whose value is at most ``bound``; None if there is none."""
        return self._first(self.values <= bound)

    def first_at_least(self, bound: float) -> int | None:
        """Give the first step whose value is at least ``bound``; None if there is none."""
        return self._first(self.values >= bound)

    def _first(self, found: NDArray[np.bool_]) -> int | None:
        places = np.flatnonzero(found)
        return int(self.steps[places[0]]) if len(places) else None


@dataclass(frozen=True)
class Curves:
    """What ``metrics.csv`` of a run says."""

    columns: dict[str, Series]

    @classmethod
    def read(cls, metrics: Path) -> Curves:
        """Read a run's ``metrics.csv``; empty fields and numbers that are not finite are left out."""
        with metrics.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        names = [name for name in (rows[0] if rows else ()) if name != "step"]
        return cls({name: _series(rows, name) for name in names})

    def __getitem__(self, column: str) -> Series:
        """Give a column.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self.columns[column]

    def until(self, step: int) -> Curves:
        """Leave out what a longer training added."""
        kept = {name: series.steps <= step for name, series in self.columns.items()}
        return Curves(
            {name: Series(s.steps[kept[name]], s.values[kept[name]]) for name, s in self.columns.items()}
        )

    @property
    def spikes(self) -> int:
        """Times that the training cost jumps; see :func:`spikes_of`."""
        return spikes_of(self.columns["train_cost"].values)

    @property
    def steps(self) -> int:
        """The last step."""
        return max((int(series.steps[-1]) for series in self.columns.values() if len(series)), default=0)


@dataclass(frozen=True)
class Outcome:
    """One finished training."""

    variant: str
    seed: int
    folder: str
    """Name of the run's folder."""
    parameters: int
    n_max: int
    scale_factor: float
    seconds: float
    """What its steps took, sheets and validations included, on a machine that may have had other work."""
    curves: Curves
    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)
    """What was measured of its best weights, by the measure's name."""

    def read(self, measure: str, at: float | str, figure: str) -> float:
        """Give a figure of a measure.

        Raises
        ------
        KeyError
            If it was not taken.
        """
        return {reading.at: reading.figures for reading in self.readings[measure]}[at][figure]


@dataclass(frozen=True)
class Results:
    """All trainings of an experiment, and how long their steps take beside each other."""

    outcomes: tuple[Outcome, ...]
    paces: Mapping[str, float]
    """Seconds a step of each variant, measured in turn in one run; empty if they were not."""

    def of(self, variant: str) -> tuple[Outcome, ...]:
        """Give the trainings of a variant, one a seed."""
        return tuple(outcome for outcome in self.outcomes if outcome.variant == variant)

    def mean(self, variant: str, figure: Callable[[Curves], float]) -> float:
        """Average a figure over the seeds of a variant."""
        return float(np.mean([figure(outcome.curves) for outcome in self.of(variant)]))

    def each(self, variant: str, figure: Callable[[Curves], float]) -> list[float]:
        """Give a figure of every seed of a variant."""
        return [figure(outcome.curves) for outcome in self.of(variant)]

    def read(self, variant: str, measure: str, at: float | str, figure: str) -> list[float]:
        """Give a figure of a measure for every seed of a variant.

        Raises
        ------
        KeyError
            If it was not taken.
        """
        return [outcome.read(measure, at, figure) for outcome in self.of(variant)]

    def readings(self, variant: str, measure: str) -> tuple[Reading, ...]:
        """Average the readings of a measure over the seeds of a variant."""
        by_seed = [outcome.readings.get(measure, ()) for outcome in self.of(variant)]
        places = dict.fromkeys(reading.at for readings in by_seed for reading in readings)
        found = []
        for at in places:
            here = [reading.figures for readings in by_seed for reading in readings if reading.at == at]
            names = dict.fromkeys(name for figures in here for name in figures)
            means = {name: float(np.mean([f[name] for f in here if name in f])) for name in names}
            found.append(Reading(at, means))
        return tuple(found)


def spikes_of(costs: NDArray[np.float64]) -> int:
    """Count how often a cost jumps far above what is usual around it.

    A step is a spike if its cost lies more than eight robust standard deviations (1.4826 times the median
    absolute deviation) above the median of the fifty steps before and after; neighbouring steps count once.

    Parameters
    ----------
    costs : array of shape ``(n,)``
        Of consecutive steps.
    """
    found = np.zeros(len(costs) + 1, bool)
    for i, cost in enumerate(costs):
        around = costs[max(0, i - SPIKE_WINDOW) : i + SPIKE_WINDOW + 1]
        middle = np.median(around)
        deviation = DEVIATION_OF_MAD * np.median(np.abs(around - middle))
        found[i + 1] = cost > middle + SPIKE_DEVIATIONS * max(float(deviation), 1e-6)
    return int((found[1:] & ~found[:-1]).sum())


def _series(rows: list[dict[str, str]], name: str) -> Series:
    pairs = [(int(row["step"]), float(row[name])) for row in rows if row.get(name)]
    pairs = [(step, value) for step, value in pairs if math.isfinite(value)]  # one of 400 digits is not
    steps, values = zip(*pairs, strict=True) if pairs else ((), ())
    return Series(np.array(steps, np.int64), np.array(values, np.float64))
