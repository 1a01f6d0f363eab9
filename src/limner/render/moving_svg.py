"""Animations as SVG: the lines of a drawing grow, or drawings follow each other.

The movement is CSS: browsers play it, vector editors and plotters see the finished drawing, and people who
asked their system for less motion see it at rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.render.colouring import inked_strokes
from limner.render.pace import timetable
from limner.render.style import DEFAULT_STYLE
from limner.render.svg import inked_paths
from limner.strokes.svg.writer import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from limner.render.colouring import Piece
    from limner.render.layout import Layout
    from limner.render.pace import Pace
    from limner.render.style import Style
    from limner.strokes.drawing import Drawing

SUDDEN = 0.001
"""Per cent of a loop that it takes a shape to appear: short enough to be seen as an instant."""


def layout_to_moving_svg(layout: Layout, pace: Pace, style: Style = DEFAULT_STYLE) -> str:
    """Return a document that draws a layout at the hand's pace, in a loop.

    Parameters
    ----------
    layout : Layout
        Of :func:`.layout.plan_picture` or :func:`.sheet_layout.plan_sheet`; labels are left out.
    pace : Pace
        ``fps`` and ``pen_tip`` have no effect.
    """
    loop = pace.seconds + pace.hold_seconds
    rules, paths = list[str](), list[str]()
    for k, drawing in enumerate(layout.drawings):
        for piece, path, begin, end in _timed(drawing, pace, style.of_drawing(k)):
            name = f"p{len(paths)}"
            rules.append(_growing(name, 100 * begin * pace.seconds / loop, 100 * end * pace.seconds / loop))
            ink = f'pathLength="1" stroke="{piece.colour.hex}"'
            paths.append(f'<path class="{name}" {ink} d="{path}"/>')
    common = f"path{{stroke-dasharray:1 2;animation:{number(loop)}s linear infinite}}"
    pen = f'stroke-width="{number(layout.pen_px)}" stroke-linecap="round" stroke-linejoin="round"'
    return _document(layout, style, [common, *rules], [f'<g fill="none" {pen}>', *paths, "</g>"])


def stills_to_moving_svg(layouts: Sequence[Layout], fps: float, style: Style = DEFAULT_STYLE) -> str:
    """Return a document that shows layouts of one size one after another, in a loop.

    Parameters
    ----------
    layouts : sequence of Layout
        At least one. An object that follows itself is written once and shown for longer.
    fps : float
        Layouts per second.
    """
    runs = _runs(layouts)
    loop, shown = len(layouts) / fps, 0
    rules, groups = list[str](), list[str]()
    for k, (layout, count) in enumerate(runs):
        begin, end = 100 * shown / len(layouts), 100 * (shown + count) / len(layouts)
        shown += count
        rules.append(_shown_between(f"s{k}", begin, end))
        pen = f'stroke-width="{number(layout.pen_px)}" stroke-linecap="round" stroke-linejoin="round"'
        still = "" if k == len(runs) - 1 else ' opacity="0"'
        groups.append(f'<g class="s{k}" fill="none" {pen}{still}>')
        for piece, path in (pair for d in layout.drawings for pair in inked_paths(d, style)):
            groups.append(f'<path stroke="{piece.colour.hex}" d="{path}"/>')
        groups.append("</g>")
    common = f"g{{animation:{number(loop)}s linear infinite}}"
    return _document(layouts[0], style, [common, *rules], groups)


def _timed(drawing: Drawing, pace: Pace, style: Style) -> Iterator[tuple[Piece, str, float, float]]:
    """Yield each piece and its path with the moments, from 0 to 1, at which the pen starts and ends it."""
    strokes = inked_strokes(drawing, style)
    table = timetable(strokes, pace)
    if table is None:
        return
    at = 0
    pieces = (p for stroke in strokes for p in stroke)
    for piece, (_, path) in zip(pieces, inked_paths(drawing, style), strict=True):
        segments = max(1, len(piece.points) - 1)
        yield piece, path, float(table.begins[at]), float(table.finishes[at + segments - 1])
        at += segments


def _growing(name: str, begin: float, end: float) -> str:
    """Return the rules of a path that grows; ``begin`` and ``end`` are per cent of the loop."""
    begin = min(begin, 100 - 3 * SUDDEN)
    end = max(end, begin + 2 * SUDDEN)
    hidden = f"0%,{number(begin)}%{{stroke-dashoffset:1;opacity:0}}"
    begun = f"{number(begin + SUDDEN)}%{{stroke-dashoffset:1;opacity:1}}"
    drawn = f"{number(end)}%,100%{{stroke-dashoffset:0;opacity:1}}"
    return f".{name}{{animation-name:{name}}}@keyframes {name}{{{hidden}{begun}{drawn}}}"


def _shown_between(name: str, begin: float, end: float) -> str:
    """Return the rules of a group that is shown between two moments, in per cent of the loop."""
    steps = [(begin, 1), (max(begin, end - SUDDEN), 1)]
    steps = [*([(0, 0), (begin - SUDDEN, 0)] if begin > 0 else []), *steps]
    steps += [(end, 0), (100, 0)] if end < 100 else [(100, 1)]
    frames = "".join(f"{number(at)}%{{opacity:{opacity}}}" for at, opacity in steps)
    return f".{name}{{animation-name:{name}}}@keyframes {name}{{{frames}}}"


def _runs(layouts: Sequence[Layout]) -> list[tuple[Layout, int]]:
    """Return each layout once with how many times it follows itself."""
    runs: list[tuple[Layout, int]] = []
    for layout in layouts:
        if runs and runs[-1][0] is layout:
            runs[-1] = (layout, runs[-1][1] + 1)
        else:
            runs.append((layout, 1))
    return runs


def _document(layout: Layout, style: Style, rules: list[str], body: list[str]) -> str:
    size = f'width="{layout.width}" height="{layout.height}"'
    moving = "@media (prefers-reduced-motion: no-preference){" + "".join(rules) + "}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {layout.width} {layout.height}">',
        f"<style>{moving}</style>",
        *([f'<rect {size} fill="{style.paper_colour.hex}"/>'] if style.ground != "none" else []),
        *body,
        "</svg>",
        "",
    ]
    return "\n".join(lines)
