"""What all charts of reports share: eight colours for light and dark, the legend, and the SVG around them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

from limner.strokes.svg.writer import number

COLOURS = ("#b4532a", "#2a6f97", "#5b8c3a", "#8a5aa8", "#b08900", "#3f8f85", "#a63d57", "#6b6b6b")
DARK_COLOURS = ("#e58a5c", "#6fb3d9", "#97c774", "#c39ade", "#e0bd45", "#79c9be", "#e0809a", "#b0b0b0")

LETTER_PX = 7.2
"""Mean width of a letter of the legend, which no font is measured for: reports use the reader's own."""
LINE_PX = 21
SWATCH_PX = 24
GAP_PX = 12

Swatch = Literal["line", "dot"]


def colour_class(colour: int) -> str:
    """Return the class of one of the eight colours; larger numbers start over."""
    return f"c{colour % len(COLOURS)}"


def chart_svg(kind: str, view_box: str, name: str, parts: Sequence[str]) -> str:
    """Return a chart as an ``<svg>`` element that brings its own style, light and dark.

    Parameters
    ----------
    kind : str
        A further class, such as ``scatter``.
    view_box : str
    name : str
        What the chart shows, for people who cannot see it.
    parts : sequence of str
        SVG elements.
    """
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" viewBox="{view_box}" role="img"'
    return f'{head} aria-label="{escape(name)}"><style>{_style()}</style>{"".join(parts)}</svg>'


def legend(
    names: Sequence[tuple[str, int]], *, left: float, top: float, width: float, swatch: Swatch
) -> tuple[str, float]:
    """Return the legend of names and colours in as many rows as they need, and its height.

    Parameters
    ----------
    names : sequence of (str, int)
        Each name with its colour.
    left, top, width : float
        Where the first row starts, and where rows end, in units of the chart.
    swatch : {"line", "dot"}
    """
    parts: list[str] = []
    x, y = left, top + LINE_PX - 6
    for name, colour in names:
        advance = SWATCH_PX + LETTER_PX * len(name) + GAP_PX
        if x > left and x + advance > width:
            x, y = left, y + LINE_PX
        mark = f'd="M{number(x)} {number(y - 4)}h18"'
        if swatch == "dot":
            mark = f'cx="{number(x + 9)}" cy="{number(y - 4)}" r="4"'
        element = "path" if swatch == "line" else "circle"
        parts.append(f'<{element} class="{colour_class(colour)}" {mark}/>')
        parts.append(f'<text x="{number(x + SWATCH_PX)}" y="{number(y)}">{escape(name)}</text>')
        x += advance
    return "".join(parts), y + 8 - top if parts else 0.0


def _style() -> str:
    """Return the style of all charts; ``--paper`` and ``--bar`` may come from the page around them."""

    def colours(names: Sequence[str]) -> str:
        return "".join(f".chart .c{k}{{color:{name}}}" for k, name in enumerate(names))

    return (
        ".chart{display:block;width:100%;max-width:48rem;height:auto;overflow:visible;color:#736d63}"
        ".chart.scatter{max-width:34rem}"
        ".chart polyline,.chart path{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}"
        ".chart circle,.chart rect{fill:currentColor}.chart .faint{stroke-width:1;opacity:.35}"
        ".chart.scatter circle{opacity:.75}"
        ".chart .level{stroke:currentColor;stroke-width:1;opacity:.22}"
        ".chart .median{stroke:var(--ink,currentColor);stroke-width:1.2}"
        ".chart .before{color:#cdc4b4}.chart .after{color:#b4532a}"
        ".chart text{font:13px/1 Georgia,serif;fill:currentColor}"
        ".chart.histogram text{font-size:11px;paint-order:stroke;stroke-width:3px}"
        ".chart.histogram text{stroke:var(--paper,#faf7f0)}"
        f"{colours(COLOURS)}"
        "@media (prefers-color-scheme:dark){.chart{color:#a59d8d}"
        ".chart .before{color:#6a645b}.chart .after{color:#e58a5c}"
        ".chart.histogram text{stroke:var(--paper,#1b1a18)}"
        f"{colours(DARK_COLOURS)}}}"
    )
