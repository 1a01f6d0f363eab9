"""How the training went, as a small plot."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from limner.strokes.svg import number

WIDTH, HEIGHT = 700, 200
SMOOTHED_SHARE = 0.08  # of all training points are averaged to one of the smooth line

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
    if not train + valid:
        return ""
    values = [y for _, y in train + valid]
    low, high = min(values), max(max(values), min(values) + 1e-3)
    last = max(x for x, _ in train + valid)

    def placed(points: Points) -> Points:
        return [(WIDTH * x / last, HEIGHT * (high - y) / (high - low)) for x, y in points]

    parts = [
        *(_tick(HEIGHT * (high - y) / (high - low), y) for y in _ticks(low, high)),
        _line(placed(train), "raw"),
        _line(placed(_smoothed(train)), "train"),
        _line(placed(valid), "valid"),
        *(f'<circle class="valid" cx="{number(x)}" cy="{number(y)}" r="3.5"/>' for x, y in placed(valid)),
        f'<text x="0" y="{HEIGHT + 24}">0</text>',
        f'<text x="{WIDTH}" y="{HEIGHT + 24}" text-anchor="end">{last:,.0f} steps</text>',
    ]
    box = f"-2 -8 {WIDTH + 54} {HEIGHT + 38}"
    name = "L_R over the steps of the training"
    return f'<svg class="curve" viewBox="{box}" role="img" aria-label="{name}">{"".join(parts)}</svg>'


def _column(rows: Sequence[dict[str, str]], name: str) -> Points:
    found = [(float(row["step"]), float(row[name])) for row in rows if row.get(name)]
    return [(x, y) for x, y in found if x > 0 and math.isfinite(y)]


def _smoothed(points: Points) -> Points:
    """Average each point with its neighbours."""
    values = np.array([y for _, y in points])
    half = round(len(points) * SMOOTHED_SHARE / 2)
    return [(x, float(values[max(0, i - half) : i + half + 1].mean())) for i, (x, _) in enumerate(points)]


def _ticks(low: float, high: float) -> list[float]:
    """Give some round numbers between ``low`` and ``high``."""
    span = max(high - low, 1e-3)
    unit = 10.0 ** math.floor(math.log10(span / 2))
    step = next(unit * k for k in (1, 2, 5, 10) if span / (unit * k) <= 4)
    return [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _tick(height: float, value: float) -> str:
    line = f'<line x1="0" x2="{WIDTH}" y1="{number(height)}" y2="{number(height)}"/>'
    return f'{line}<text x="{WIDTH + 8}" y="{number(height + 4)}">{value:.4g}</text>'


def _line(points: Points, name: str) -> str:
    spots = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polyline class="{name}" points="{spots}"/>' if points else ""
