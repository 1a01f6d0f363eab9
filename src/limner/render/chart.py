"""Line charts as SVG, for reports: light and dark, inside a page or as a file of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from limner.render.chart_parts import chart_svg, colour_class, legend
from limner.strokes.svg.writer import number

WIDTH, HEIGHT = 700, 260
LEFT, RIGHT, TOP, BOTTOM = 4, 58, 10, 30

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class ChartLine:
    """A line of a chart; points that are not finite are left out."""

    name: str
    points: Points
    colour: int = 0
    """Which of eight colours; lines of one name and colour stand once in the legend."""
    faint: bool = False
    """Thin and pale, and not in the legend, as the single seeds behind their mean."""


def line_chart(lines: Sequence[ChartLine], *, name: str, x_unit: str = "steps", clip: float = 0.0) -> str:
    """Draw lines over a common x.

    Parameters
    ----------
    lines : sequence of ChartLine
    name : str
        What the chart shows, for people who cannot see it.
    x_unit : str
        Stands behind the largest x.
    clip : float
        Share of the highest values that may leave the chart, so that a steep start does not flatten the rest;
        from 0 to below 1.

    Returns
    -------
    str
        An ``<svg>`` element; empty if there is nothing to plot.
    """
    finite = [
        (line, [p for p in line.points if math.isfinite(p[0]) and math.isfinite(p[1])]) for line in lines
    ]
    points = [point for _, line_points in finite for point in line_points]
    if not points:
        return ""
    axes = _Axes.around(points, clip)
    shown = [line for line, line_points in finite if line_points and not line.faint]
    names = list(dict.fromkeys((line.name, line.colour) for line in shown))
    rows, rows_height = legend(names, left=LEFT, top=HEIGHT, width=WIDTH, swatch="line")
    right = f'x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end"'
    parts = [
        *(axes.tick(value) for value in round_values(axes.low, axes.high)),
        *(_polyline(line, axes.to_page(line_points)) for line, line_points in finite if line_points),
        f'<text x="{LEFT}" y="{HEIGHT - 8}">{axes.first:,.10g}</text>',
        f"<text {right}>{axes.last:,.10g} {escape(x_unit)}</text>",
        rows,
    ]
    return chart_svg("line", f"0 0 {WIDTH} {number(HEIGHT + rows_height)}", name, parts)


def round_values(low: float, high: float, most: int = 5) -> list[float]:
    """Return up to ``most`` round numbers from ``low`` to ``high``."""
    span = max(high - low, 1e-12)
    unit = 10.0 ** math.floor(math.log10(span / 2))
    for step in (unit * k for k in (1, 2, 5, 10)):
        inside = range(math.ceil(low / step), math.floor(high / step) + 1)
        if len(inside) <= most:
            break
    return [step * k for k in inside]


@dataclass(frozen=True)
class _Axes:
    """The ranges of x (``first`` to ``last``) and y (``low`` to ``high``) that are shown."""

    first: float
    last: float
    low: float
    high: float

    @classmethod
    def around(cls, points: Points, clip: float) -> _Axes:
        heights = sorted(y for _, y in points)
        high = heights[min(len(heights) - 1, math.ceil((1 - clip) * len(heights)))]
        low = heights[0]
        margin = 0.04 * (high - low) or max(1e-3, 1e-3 * abs(high))
        xs = [x for x, _ in points]
        return cls(min(0.0, *xs), max(xs), low - margin, high + margin)

    def to_page(self, points: Points) -> list[tuple[float, float]]:
        """Return points in units of the page; those above the range lie on its upper edge."""
        width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        x_scale = width / ((self.last - self.first) or 1.0)
        y_scale = height / (self.high - self.low)
        return [
            (LEFT + x_scale * (x - self.first), TOP + y_scale * (self.high - min(y, self.high)))
            for x, y in points
        ]

    def tick(self, value: float) -> str:
        """Draw a level and its number."""
        ((_, y),) = self.to_page([(self.first, value)])
        line = f'<path class="level" d="M{LEFT} {number(y)}H{WIDTH - RIGHT}"/>'
        return f'{line}<text x="{WIDTH - RIGHT + 8}" y="{number(y + 4)}">{value:.4g}</text>'


def _polyline(line: ChartLine, points: Points) -> str:
    kind = f"{colour_class(line.colour)}{' faint' if line.faint else ''}"
    if len(points) == 1:
        ((x, y),) = points
        return f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="3"/>'
    pairs = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polyline class="{kind}" points="{pairs}"/>'
