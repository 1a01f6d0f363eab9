"""Points on a plane as SVG, for reports: light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from limner.render.chart import COLOURS, DARK_COLOURS, LETTER
from limner.strokes.svg.writer import number

SIDE, MARGIN, RADIUS, LINE = 520, 10, 2.4, 20
MOST_NAMES = 24
"""With more groups only colours tell them apart, and there is no legend."""


def scatter(
    places: Sequence[tuple[float, float]], groups: Sequence[int], names: Sequence[str], *, name: str
) -> str:
    """Draw points, each group in one of eight colours.

    Parameters
    ----------
    places : sequence of pairs
        From -1 to 1, y growing downward, as :func:`limner.curation.projection_2d.lay_out` gives them.
    groups : sequence of int
        Of each point the place of its group in ``names``.
    names : sequence of str
    name : str
        What is shown, for people who cannot see it.

    Returns
    -------
    str
        An ``<svg>``; nothing if there are no points.
    """
    if not len(places):
        return ""
    half = SIDE / 2 - MARGIN
    spots = "".join(
        f'<circle class="c{group % len(COLOURS)}" cx="{number(SIDE / 2 + half * x)}" '
        f'cy="{number(SIDE / 2 + half * y)}" r="{RADIUS}"/>'
        for (x, y), group in zip(places, groups, strict=True)
    )
    legend, height = _legend(names) if 1 < len(names) <= MOST_NAMES else ("", 0)
    box = f'viewBox="0 0 {SIDE} {SIDE + height}" role="img"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="scatter" {box}'
    return f'{head} aria-label="{escape(name)}"><style>{_style()}</style>{spots}{legend}</svg>'


def _legend(names: Sequence[str]) -> tuple[str, int]:
    """Name the groups below the points, in as many rows as they take; give the height of the rows too."""
    parts: list[str] = []
    x, y = float(MARGIN), SIDE + LINE - 6
    for k, name in enumerate(names):
        width = 26 + LETTER * len(name)
        if x > MARGIN and x + width > SIDE:
            x, y = float(MARGIN), y + LINE
        parts.append(f'<circle class="c{k % len(COLOURS)}" cx="{number(x + 4)}" cy="{y - 4}" r="4"/>')
        parts.append(f'<text x="{number(x + 13)}" y="{y}">{escape(name)}</text>')
        x += width
    return "".join(parts), y + 8 - SIDE


def _style() -> str:
    def colours(names: Sequence[str]) -> str:
        return "".join(f".scatter .c{k}{{fill:{name}}}" for k, name in enumerate(names))

    return (
        ".scatter{display:block;width:100%;max-width:34rem;height:auto;color:#736d63}"
        ".scatter circle{opacity:.75}.scatter text{font:13px/1 Georgia,serif;fill:currentColor}"
        f"{colours(COLOURS)}"
        f"@media (prefers-color-scheme:dark){{.scatter{{color:#a59d8d}}{colours(DARK_COLOURS)}}}"
    )
