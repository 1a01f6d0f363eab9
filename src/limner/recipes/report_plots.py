"""Small pictures for the report, as SVG: histograms, and drawings whose strokes have colours of their own."""

from __future__ import annotations

import math
from collections import Counter
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from limner.recipes.report import percentile
from limner.strokes.formats import stroke3_to_polylines
from limner.strokes.simplify import simplify_strokes
from limner.strokes.svg.writer import number, path_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WIDTH, HEIGHT, GAP = 300, 74, 16  # of one histogram, and below it
BINS = 40
TAIL = 0.99  # of the drawings stand in bins of their own; the last bin holds the rest
INKS = 8
PEN_SHARE = 0.014  # of a drawing's side
FINENESS = 0.002  # of a drawing's side that its picture may be off


def histograms(rows: Sequence[tuple[str, Counter[int]]], name: str) -> str:
    """Plot histograms over one axis, one above the other.

    Parameters
    ----------
    rows : sequence of (str, Counter of int)
        For each a class of the style, ``before`` or ``after``, and how often which whole number occurs.
    name : str
        What is counted: "points of a drawing".
    """
    filled = [counts for _, counts in rows if counts]
    if not filled:
        return ""
    high = max(percentile(counts, TAIL) for counts in filled)
    low = min(min(counts) for counts in filled)
    width = max(1, math.ceil((high - low + 1) / BINS))
    parts = [f'<text class="name" x="0" y="-16">{escape(name)}</text>']
    for place, (role, counts) in enumerate(rows):
        top = place * (HEIGHT + GAP)
        if counts:
            parts += _bars(counts, low, width, high, top, role)
            parts.append(_median(counts, low, width, high, top))
        parts.append(f'<line x1="0" x2="{WIDTH}" y1="{top + HEIGHT}" y2="{top + HEIGHT}"/>')
    foot = len(rows) * (HEIGHT + GAP)
    beyond = " and more" if max(max(counts) for counts in filled) > high else ""
    parts.append(f'<text x="0" y="{foot}">{low}</text>')
    parts.append(f'<text x="{WIDTH}" y="{foot}" text-anchor="end">{high:,}{beyond}</text>')
    box = f"-1 -30 {WIDTH + 2} {foot + 34}"
    return f'<svg class="plot" viewBox="{box}" role="img" aria-label="{escape(name)}">{"".join(parts)}</svg>'


def picture(
    rows: NDArray[np.float32], *, box: Sequence[float] | None = None, faint: bool = False, name: str = ""
) -> str:
    """Draw stroke-3 rows in a square that they fill; ``box`` is a part of it to be framed.

    Parameters
    ----------
    rows : float32 array of shape ``(n, 3)``
    box : sequence of four floats, optional
        ``(x_min, y_min, x_max, y_max)``.
    faint : bool
        Whether all strokes are of one pale ink.
    name : str
        For those who do not see it.
    """
    strokes = stroke3_to_polylines(rows)
    points = np.concatenate([np.zeros((0, 2), np.float32), *strokes])
    if not len(points):
        return ""
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    side = float((high - low).max()) or 1.0
    left, top = ((low + high - side) / 2).tolist()
    digits = max(0, math.ceil(3 - math.log10(side)))
    lines = [
        f'<path class="s{i % INKS}" d="{path_data(stroke - (left, top), digits)}"/>'
        for i, stroke in enumerate(simplify_strokes(strokes, FINENESS * side))
    ]
    if box is not None:
        x, y = box[0] - left, box[1] - top
        frame = [number(value, digits) for value in (x, y, box[2] - box[0], box[3] - box[1])]
        lines.append('<rect class="box" x="{}" y="{}" width="{}" height="{}"/>'.format(*frame))
    margin, pen = side * PEN_SHARE, number(side * PEN_SHARE, digits + 1)
    view = " ".join(number(v, digits) for v in (-margin, -margin, side + 2 * margin, side + 2 * margin))
    role = ' class="read"' if faint else ""
    label = f'role="img" aria-label="{escape(name or "a drawing")}"'
    return f'<svg{role} viewBox="{view}" stroke-width="{pen}" {label}>{"".join(lines)}</svg>'


def ink_rules() -> str:
    """Return the CSS rules that colour strokes in turn."""
    return " ".join(f".s{i} {{ stroke: var(--s{i}); }}" for i in range(INKS))


def _bars(counts: Counter[int], low: int, width: int, high: int, top: float, role: str) -> list[str]:
    bins = Counter[int]()
    for value, n in counts.items():
        bins[(min(value, high) - low) // width] += n
    n_bins, most = (high - low) // width + 1, max(bins.values())
    step = WIDTH / n_bins
    gap = min(1.0, step / 4)
    bars = []
    for place, n in sorted(bins.items()):
        tall = max(HEIGHT * n / most, 0.8)
        x, y = place * step, top + HEIGHT - tall
        span = (
            f"{low + place * width}"
            if width == 1
            else f"{low + place * width} to {low + place * width + width - 1}"
        )
        bars.append(
            f'<rect class="{role}" x="{number(x, 1)}" y="{number(y, 1)}" width="{number(step - gap, 1)}" '
            f'height="{number(tall, 1)}"><title>{span}: {n:,}</title></rect>'
        )
    return bars


def _median(counts: Counter[int], low: int, width: int, high: int, top: float) -> str:
    value = percentile(counts, 0.5)
    n_bins = (high - low) // width + 1
    x = min((value - low + 0.5) / width, n_bins) * WIDTH / n_bins
    anchor = "start" if x < WIDTH * 0.8 else "end"
    shift = 5 if anchor == "start" else -5
    line = (
        f'<line class="median" x1="{number(x, 1)}" x2="{number(x, 1)}" y1="{top - 10}" y2="{top + HEIGHT}"/>'
    )
    return f'{line}<text x="{number(x + shift, 1)}" y="{top - 3}" text-anchor="{anchor}">{value:,}</text>'
