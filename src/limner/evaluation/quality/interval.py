"""Bootstrap intervals: how much a figure depends on which drawings it was computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
"""Resampled sets; the usual number for intervals of 95 %."""
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A figure and its confidence interval."""

    value: float
    low: float
    high: float


def bootstrap(
    values: NDArray[np.floating],
    figure: Callable[[NDArray[np.floating]], float] = lambda values: float(values.mean()),
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> Interval:
    """Return a figure of a set and its percentile bootstrap interval (Efron 1979).

    Parameters
    ----------
    values : array of shape ``(n, ...)``
        One row for each drawing.
    figure : callable
        Maps rows to a number; the mean unless given.
    seed : int
    resamples : int
        Sets of n rows that are sampled with replacement.
    confidence : float
        Share of the resampled figures within the interval.

    Raises
    ------
    ValueError
        If there are no rows.
    """
    if not len(values):
        raise ValueError("there is nothing to resample")
    rng = np.random.default_rng(seed)
    figures = [figure(values[rng.integers(len(values), size=len(values))]) for _ in range(resamples)]
    outside = (1 - confidence) / 2
    low, high = np.quantile(figures, [outside, 1 - outside])
    return Interval(figure(values), float(low), float(high))
