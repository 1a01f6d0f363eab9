"""How the training went, as a small plot."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from limner.render.chart import Line, line_chart

SMOOTHED_SHARE = 0.08  # of all training points are averaged to one of the smooth line
TRAIN, VALID = 7, 0  # grey and warm, of the chart's colours

Points = list[tuple[float, float]]


def training_curve(metrics: Path) -> str:
    """Plot L_R over the steps as SVG: of the training, raw and smoothed, and of the validations.

    Parameters
    ----------
    metrics : Path
        A run's ``metrics.csv``.

    Returns
    -------
    str
        Nothing if there is nothing to plot.
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
    found = [(float(row["step"]), float(row[name])) for row in rows if row.get(name)]
    return [(x, y) for x, y in found if x > 0 and math.isfinite(y)]


def _smoothed(points: Points) -> Points:
    """Average each point with its neighbours."""
    values = np.array([y for _, y in points])
    half = round(len(points) * SMOOTHED_SHARE / 2)
    return [(x, float(values[max(0, i - half) : i + half + 1].mean())) for i, (x, _) in enumerate(points)]
