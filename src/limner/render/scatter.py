"""Points on a plane as SVG, for reports: light and dark."""

from __future__ import annotations

from collections.abc import Sequence

from limner.render.chart_parts import chart_svg, colour_class, legend
from limner.strokes.svg.writer import number

SIDE, MARGIN, RADIUS = 520, 10, 2.4
MOST_NAMES = 24
"""With more groups only colours tell them apart, and there is no legend."""


def scatter_chart(
    points: Sequence[tuple[float, float]], groups: Sequence[int], names: Sequence[str], *, name: str
) -> str:
    """Draw points, each group in one of eight colours.

    Parameters
    ----------
    points : sequence of pairs
        From -1 to 1, y growing downward, as :func:`limner.curation.projection_2d.project_2d` returns them.
    groups : sequence of int
        For each point the index of its group in ``names``.
    names : sequence of str
    name : str
        What the chart shows, for people who cannot see it.

    Returns
    -------
    str
        An ``<svg>`` element; empty if there are no points.
    """
    if not len(points):
        return ""
    half = SIDE / 2 - MARGIN
    dots = "".join(
        f'<circle class="{colour_class(group)}" cx="{number(SIDE / 2 + half * x)}" '
        f'cy="{number(SIDE / 2 + half * y)}" r="{RADIUS}"/>'
        for (x, y), group in zip(points, groups, strict=True)
    )
    named = [(text, k) for k, text in enumerate(names)] if 1 < len(names) <= MOST_NAMES else []
    rows, height = legend(named, left=MARGIN, top=SIDE, width=SIDE, swatch="dot")
    return chart_svg("scatter", f"0 0 {SIDE} {number(SIDE + height)}", name, [dots, rows])
