"""The curve of a training as a small chart."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from limner.render.chart import Line, line_chart

SMOOTHING_SHARE = 0.08
"""Width of the moving average as a share of all training points."""
TRAIN, VALID = 7, 0
"""Indices of colours of the chart: grey and warm."""

Points = list[tuple[float, float]]


def training_curve(metrics: Path) -> str:
    """Return a chart of L_R over the steps as SVG: of training batches, raw and smoothed, and of validations.

    Parameters
    ----------
    metrics : Path
        A run's ``metrics.csv``.

    Returns
    -------
    str
        Empty if there is nothing to plot.
    """
    with metrics.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    train, valid = (_column(rows, f"{split}_L_R") for split in ("train", "valid"))
    lines = [
        Line("training", train, TRAIN, faint=True),
        Line("training", _smoothed(train), TRAIN),
        Line("validation", valid, VALID),
    ]
    return line_chart(lines, name="L_R over the steps of the training")


def _column(rows: Sequence[dict[str, str]], name: str) -> Points:
    points = [(float(row["step"]), float(row[name])) for row in rows if row.get(name)]
    return [(x, y) for x, y in points if x > 0 and math.isfinite(y)]


def _smoothed(points: Points) -> Points:
    """Return the centred moving average of the points."""
    values = np.array([y for _, y in points])
    half = round(len(points) * SMOOTHING_SHARE / 2)
    return [(x, float(values[max(0, i - half) : i + half + 1].mean())) for i, (x, _) in enumerate(points)]
