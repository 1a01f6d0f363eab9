"""Line charts as SVG, for reports: light and dark, inside a page or as a file of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from limner.strokes.svg.writer import number

WIDTH, HEIGHT = 700, 260
LEFT, RIGHT, TOP, BOTTOM = 4, 58, 10, 30
LEGEND_LINE = 22
LETTER = 7.2
"""Width of a letter of the legend, about."""

COLOURS = ("#b4532a", "#2a6f97", "#5b8c3a", "#8a5aa8", "#b08900", "#3f8f85", "#a63d57", "#6b6b6b")
DARK_COLOURS = ("#e58a5c", "#6fb3d9", "#97c774", "#c39ade", "#e0bd45", "#79c9be", "#e0809a", "#b0b0b0")

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Line:
    """A line of a chart; points that are not finite are left out."""

    name: str
    points: Points
    colour: int = 0
    """Which of eight colours; lines of one name and colour stand once in the legend."""
    faint: bool = False
    """Thin and pale, and not in the legend, as the single seeds behind their mean."""


def line_chart(lines: Sequence[Line], *, name: str, x_unit: str = "steps", clip: float = 0.0) -> str:
    """Draw lines over a common x.

    Parameters
    ----------
    lines : sequence of Line
    name : str
        What the chart shows, for people who cannot see it.
    x_unit : str
        Stands behind the largest x.
    clip : float
        Share of the highest values that may leave the chart, so that a steep beginning does not flatten
        all else; 0 to below 1.

    Returns
    -------
    str
        An ``<svg>``; nothing if there is nothing to plot.
    """
    finite = [
        (line, [p for p in line.points if math.isfinite(p[0]) and math.isfinite(p[1])]) for line in lines
    ]
    spots = [spot for _, points in finite for spot in points]
    if not spots:
        return ""
    frame = _Frame.around(spots, clip)
    legend, legend_height = _legend([line for line, points in finite if points])
    right = f'x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end"'
    parts = [
        *(frame.tick(value) for value in round_values(frame.low, frame.high)),
        *(_polyline(line, frame.placed(points)) for line, points in finite if points),
        f'<text x="{LEFT}" y="{HEIGHT - 8}">{frame.first:,.10g}</text>',
        f"<text {right}>{frame.last:,.10g} {escape(x_unit)}</text>",
        legend,
    ]
    box = f"0 0 {WIDTH} {HEIGHT + legend_height}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="{box}" role="img"'
    return f'{head} aria-label="{escape(name)}"><style>{_style()}</style>{"".join(parts)}</svg>'


def round_values(low: float, high: float, most: int = 5) -> list[float]:
    """Give up to ``most`` round numbers from ``low`` to ``high``."""
    span = max(high - low, 1e-12)
    unit = 10.0 ** math.floor(math.log10(span / 2))
    for step in (unit * k for k in (1, 2, 5, 10)):
        inside = range(math.ceil(low / step), math.floor(high / step) + 1)
        if len(inside) <= most:
            break
    return [step * k for k in inside]


@dataclass(frozen=True)
class _Frame:
    """What part of the plane is shown."""

    first: float
    last: float
    low: float
    high: float

    @classmethod
    def around(cls, spots: Points, clip: float) -> _Frame:
        heights = sorted(y for _, y in spots)
        high = heights[min(len(heights) - 1, math.ceil((1 - clip) * len(heights)))]
        low = heights[0]
        margin = 0.04 * (high - low) or max(1e-3, 1e-3 * abs(high))
        steps = [x for x, _ in spots]
        return cls(min(0.0, *steps), max(steps), low - margin, high + margin)

    def placed(self, points: Points) -> list[tuple[float, float]]:
        """Put points on the page; those above the frame on its upper edge."""
        width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        across = width / ((self.last - self.first) or 1.0)
        up = height / (self.high - self.low)
        return [
            (LEFT + across * (x - self.first), TOP + up * (self.high - min(y, self.high))) for x, y in points
        ]

    def tick(self, value: float) -> str:
        """Draw a level and its number."""
        ((_, y),) = self.placed([(self.first, value)])
        line = f'<path class="level" d="M{LEFT} {number(y)}H{WIDTH - RIGHT}"/>'
        return f'{line}<text x="{WIDTH - RIGHT + 8}" y="{number(y + 4)}">{value:.4g}</text>'


def _polyline(line: Line, points: Points) -> str:
    spots = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    kind = f"c{line.colour % len(COLOURS)}{' faint' if line.faint else ''}"
    if len(points) == 1:
        ((x, y),) = points
        return f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="3"/>'
    return f'<polyline class="{kind}" points="{spots}"/>'


def _legend(lines: Sequence[Line]) -> tuple[str, int]:
    """Name the lines below the chart, in as many rows as they take; give the height of the rows too."""
    parts: list[str] = []
    x, y = float(LEFT), HEIGHT + LEGEND_LINE - 8
    for name, colour in dict.fromkeys((line.name, line.colour) for line in lines if not line.faint):
        width = 34 + LETTER * len(name)
        if x > LEFT and x + width > WIDTH:
            x, y = float(LEFT), y + LEGEND_LINE
        kind = f"c{colour % len(COLOURS)}"
        parts.append(f'<path class="{kind}" d="M{number(x)} {y - 4}h18"/>')
        parts.append(f'<text x="{number(x + 24)}" y="{y}">{escape(name)}</text>')
        x += width
    return "".join(parts), y + 8 - HEIGHT if parts else 0


def _style() -> str:
    def colours(names: Sequence[str]) -> str:
        return "".join(f".chart .c{k}{{stroke:{name}}}" for k, name in enumerate(names))

    return (
        ".chart{display:block;width:100%;max-width:48rem;height:auto;color:#736d63}"
        ".chart polyline,.chart path{fill:none;stroke-width:2;stroke-linejoin:round}"
        ".chart circle{fill:currentColor}.chart .faint{stroke-width:1;opacity:.35}"
        ".chart .level{stroke:currentColor;stroke-width:1;opacity:.22}"
        f".chart text{{font:13px/1 Georgia,serif;fill:currentColor}}{colours(COLOURS)}"
        f"@media (prefers-color-scheme:dark){{.chart{{color:#a59d8d}}{colours(DARK_COLOURS)}}}"
    )
