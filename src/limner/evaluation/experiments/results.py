"""Curves and measurements of finished trainings."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.experiments.measurement import Measurement

SPIKE_WINDOW = 50
"""Steps before and after a step, with whose median cost it is compared."""
SPIKE_DEVIATIONS = 8.0
"""Robust standard deviations above that median from which on a cost counts as a spike."""
DEVIATION_OF_MAD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


@dataclass(frozen=True)
class Series:
    """Values over the steps of a training."""

    steps: NDArray[np.int64]  # (n,)
    values: NDArray[np.float64]  # (n,)

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.steps)

    @property
    def last(self) -> float:
        """The last value."""
        return float(self.values[-1])

    @property
    def minimum(self) -> float:
        """The smallest value."""
        return float(self.values.min())

    @property
    def step_of_minimum(self) -> int:
        """The step of the smallest value, the first one if several are as small."""
        return int(self.steps[self.values.argmin()])

    def first_at_most(self, bound: float) -> int | None:
        """Return the first step whose value is at most ``bound``; None if there is none."""
        return self._first(self.values <= bound)

    def first_at_least(self, bound: float) -> int | None:
        """Return the first step whose value is at least ``bound``; None if there is none."""
        return self._first(self.values >= bound)

    def _first(self, mask: NDArray[np.bool_]) -> int | None:
        indices = np.flatnonzero(mask)
        return int(self.steps[indices[0]]) if len(indices) else None


@dataclass(frozen=True)
class Curves:
    """The columns of a run's ``metrics.csv``."""

    columns: dict[str, Series]

    @classmethod
    def read(cls, metrics: Path) -> Curves:
        """Read a run's ``metrics.csv``; empty fields and numbers that are not finite are left out."""
        with metrics.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        names = [name for name in (rows[0] if rows else ()) if name != "step"]
        return cls({name: _series(rows, name) for name in names})

    def __getitem__(self, column: str) -> Series:
        """Return a column.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self.columns[column]

    def until(self, step: int) -> Curves:
        """Return the curves up to a step, without what a longer training added."""
        kept = {name: series.steps <= step for name, series in self.columns.items()}
        return Curves(
            {name: Series(s.steps[kept[name]], s.values[kept[name]]) for name, s in self.columns.items()}
        )

    @property
    def spikes(self) -> int:
        """Number of spikes of the training cost; see :func:`spikes_of`."""
        return spikes_of(self.columns["train_cost"].values)

    @property
    def steps(self) -> int:
        """The last step."""
        return max((int(series.steps[-1]) for series in self.columns.values() if len(series)), default=0)


@dataclass(frozen=True)
class VariantResult:
    """Curves and measurements of one finished training."""

    variant: str
    seed: int
    folder: str
    """Name of the run's folder."""
    parameters: int
    n_max: int
    scale_factor: float
    seconds: float
    """Wall time of its steps with sheets and validations, on a machine that may have had other work."""
    curves: Curves
    measurements: Mapping[str, tuple[Measurement, ...]] = field(default_factory=dict)
    """Measurements of its best weights, by the measure's name."""

    def figure(self, measure: str, at: float | str, name: str) -> float:
        """Return a figure of a measure under a condition.

        Raises
        ------
        KeyError
            If it was not measured.
        """
        return {one.at: one.figures for one in self.measurements[measure]}[at][name]


@dataclass(frozen=True)
class ExperimentResults:
    """All trainings of an experiment, and the time of a step of each variant."""

    trainings: tuple[VariantResult, ...]
    step_seconds: Mapping[str, float]
    """Seconds of a step of each variant, all measured alternately; empty if not measured."""

    def of(self, variant: str) -> tuple[VariantResult, ...]:
        """Return the trainings of a variant, one for each seed."""
        return tuple(training for training in self.trainings if training.variant == variant)

    def mean(self, variant: str, figure: Callable[[Curves], float]) -> float:
        """Average a figure over the seeds of a variant."""
        return float(np.mean(self.each(variant, figure)))

    def each(self, variant: str, figure: Callable[[Curves], float]) -> list[float]:
        """Return a figure of the curves of every seed of a variant."""
        return [figure(training.curves) for training in self.of(variant)]

    def measured(self, variant: str, measure: str, at: float | str, name: str) -> list[float]:
        """Return a figure of a measure for every seed of a variant.

        Raises
        ------
        KeyError
            If it was not measured.
        """
        return [training.figure(measure, at, name) for training in self.of(variant)]

    def mean_measurements(self, variant: str, measure: str) -> tuple[Measurement, ...]:
        """Average the measurements of a measure over the seeds of a variant, condition by condition."""
        all_seeds = [one for training in self.of(variant) for one in training.measurements.get(measure, ())]
        means = []
        for at in dict.fromkeys(one.at for one in all_seeds):
            here = [one.figures for one in all_seeds if one.at == at]
            names = dict.fromkeys(name for figures in here for name in figures)
            figures = {name: float(np.mean([f[name] for f in here if name in f])) for name in names}
            means.append(Measurement(at, figures))
        return tuple(means)


def spikes_of(costs: NDArray[np.float64]) -> int:
    """Count spikes of a cost.

    A step is a spike if its cost lies more than eight robust standard deviations (1.4826 times the median
    absolute deviation) above the median of the fifty steps before and after; adjacent steps count once.

    Parameters
    ----------
    costs : array of shape ``(n,)``
        Of consecutive steps, in their order.
    """
    is_spike = np.zeros(len(costs) + 1, bool)
    for i, cost in enumerate(costs):
        window = costs[max(0, i - SPIKE_WINDOW) : i + SPIKE_WINDOW + 1]
        median = np.median(window)
        deviation = DEVIATION_OF_MAD * np.median(np.abs(window - median))
        is_spike[i + 1] = cost > median + SPIKE_DEVIATIONS * max(float(deviation), 1e-6)
    return int((is_spike[1:] & ~is_spike[:-1]).sum())


def _series(rows: list[dict[str, str]], name: str) -> Series:
    pairs = [(int(row["step"]), float(row[name])) for row in rows if row.get(name)]
    pairs = [(step, value) for step, value in pairs if math.isfinite(value)]  # one of 400 digits is not
    steps, values = zip(*pairs, strict=True) if pairs else ((), ())
    return Series(np.array(steps, np.int64), np.array(values, np.float64))
