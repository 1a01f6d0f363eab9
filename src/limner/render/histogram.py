"""Histograms of counts as SVG, for reports: several over one axis, light and dark."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from limner.render.chart_parts import chart_svg
from limner.strokes.svg.writer import number

WIDTH, HEIGHT, GAP = 300, 74, 16
"""Size of one histogram, and the space below it."""
BINS = 40
TAIL = 0.99
"""Share of the values that have bins of their own; the last bin holds the rest."""


@dataclass(frozen=True)
class _Bins:
    """Bins of ``width`` whole numbers from ``low``; the last one holds what lies at ``high`` and above."""

    low: int
    high: int
    width: int

    @classmethod
    def around(cls, counts: Sequence[Counter[int]]) -> _Bins:
        high = max(_quantile(count, TAIL) for count in counts)
        low = min(min(count) for count in counts)
        return cls(low, high, max(1, math.ceil((high - low + 1) / BINS)))

    @property
    def n(self) -> int:
        return (self.high - self.low) // self.width + 1

    def fill(self, counts: Counter[int]) -> Counter[int]:
        """Return the number of values in each bin."""
        filled = Counter[int]()
        for value, n in counts.items():
            filled[(min(value, self.high) - self.low) // self.width] += n
        return filled

    def name(self, k: int) -> str:
        """Return the values of bin ``k`` as text."""
        first = self.low + k * self.width
        return f"{first}" if self.width == 1 else f"{first} to {first + self.width - 1}"


def histogram_chart(rows: Sequence[tuple[str, Counter[int]]], name: str) -> str:
    """Draw histograms over one axis, one below the other, each with its median.

    Parameters
    ----------
    rows : sequence of (str, Counter of int)
        For each a class of the style, ``before`` or ``after``, and how often each whole number occurs.
    name : str
        What is counted, such as "points of a drawing".

    Returns
    -------
    str
        An ``<svg>`` element; empty if there is nothing to count.
    """
    counted = [counts for _, counts in rows if counts]
    if not counted:
        return ""
    bins = _Bins.around(counted)
    parts = [f'<text x="0" y="-16">{escape(name)}</text>']
    for index, (role, counts) in enumerate(rows):
        top = index * (HEIGHT + GAP)
        if counts:
            parts += [*_bars(counts, bins, top, role), _median(counts, bins, top)]
        parts.append(f'<path class="level" d="M0 {top + HEIGHT}H{WIDTH}"/>')
    foot = len(rows) * (HEIGHT + GAP)
    beyond = " and more" if max(max(counts) for counts in counted) > bins.high else ""
    parts.append(f'<text x="0" y="{foot}">{bins.low}</text>')
    parts.append(f'<text x="{WIDTH}" y="{foot}" text-anchor="end">{bins.high:,}{beyond}</text>')
    return chart_svg("histogram", f"-1 -30 {WIDTH + 2} {foot + 34}", name, parts)


def _bars(counts: Counter[int], bins: _Bins, top: float, role: str) -> Iterator[str]:
    filled = bins.fill(counts)
    most, step = max(filled.values()), WIDTH / bins.n
    width = step - min(1.0, step / 4)
    for k, n in sorted(filled.items()):
        height = max(HEIGHT * n / most, 0.8)
        corner = f'x="{number(k * step, 1)}" y="{number(top + HEIGHT - height, 1)}"'
        size = f'width="{number(width, 1)}" height="{number(height, 1)}"'
        yield f'<rect class="{role}" {corner} {size}><title>{bins.name(k)}: {n:,}</title></rect>'


def _median(counts: Counter[int], bins: _Bins, top: float) -> str:
    value = _quantile(counts, 0.5)
    x = min((value - bins.low + 0.5) / bins.width, bins.n) * WIDTH / bins.n
    anchor, shift = ("start", 5) if x < WIDTH * 0.8 else ("end", -5)
    line = f'<path class="median" d="M{number(x, 1)} {number(top - 10)}V{number(top + HEIGHT)}"/>'
    text = f'x="{number(x + shift, 1)}" y="{number(top - 3)}" text-anchor="{anchor}"'
    return f"{line}<text {text}>{value:,}</text>"


def _quantile(counts: Counter[int], share: float) -> int:
    """Return the smallest number that at least this share of all values does not exceed."""
    values, weights = list(counts), list(counts.values())
    return int(np.quantile(values, share, weights=weights, method="inverted_cdf"))
