"""The plot of a training: L_R over its steps."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from limner.evaluation.experiments.results import Curves
from limner.render.chart import ChartLine, line_chart

SMOOTHED_SHARE = 0.08
"""Share of the training's points that one point of the smooth line is the mean of."""
TRAIN, VALID = 7, 0
"""Colours of the chart: grey and warm."""

Points = list[tuple[float, float]]


def training_curve(metrics: Path) -> str:
    """Plot L_R over the steps: of the training, raw and smoothed, and of the validations.

    Parameters
    ----------
    metrics : Path
        A run's ``metrics.csv``.

    Returns
    -------
    str
        An ``<svg>`` element; empty if there is nothing to plot.
    """
    curves = Curves.read(metrics)
    train, valid = (_points(curves, f"{split}_L_R") for split in ("train", "valid"))
    lines = [
        ChartLine("training", train, TRAIN, faint=True),
        ChartLine("training", _smoothed(train), TRAIN),
        ChartLine("validation", valid, VALID),
    ]
    return line_chart(lines, name="L_R over the steps of the training")


def _points(curves: Curves, column: str) -> Points:
    series = curves.columns.get(column)
    pairs = [] if series is None else zip(series.steps.tolist(), series.values.tolist(), strict=True)
    return [(x, y) for x, y in pairs if x > 0 and math.isfinite(y)]


def _smoothed(points: Points) -> Points:
    """Average each point with its neighbours."""
    values = np.array([y for _, y in points])
    half = round(len(points) * SMOOTHED_SHARE / 2)
    return [(x, float(values[max(0, i - half) : i + half + 1].mean())) for i, (x, _) in enumerate(points)]
