"""Bootstrap intervals: how far a figure may be off because the drawings were these and not others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A figure and the bounds that hold it with the confidence asked for."""

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
    """Give a figure of a set and its percentile interval (Efron 1979).

    Parameters
    ----------
    values : array of shape ``(n, ...)``
        One row a drawing.
    figure : callable
        Takes rows, gives a number; the mean unless given.
    seed : int
    resamples : int
        Sets of n rows, drawn with replacement.
    confidence : float
        Share of the resampled figures between the bounds.

    Raises
    ------
    ValueError
        If there are no rows.
    """
    if not len(values):
        raise ValueError("there is nothing to resample")
    chance = np.random.default_rng(seed)
    found = [figure(values[chance.integers(len(values), size=len(values))]) for _ in range(resamples)]
    outside = (1 - confidence) / 2
    low, high = np.quantile(found, [outside, 1 - outside])
    return Interval(figure(values), float(low), float(high))
