"""From drawings to a ``PlotPlan``: placed, merged, ordered, shared out to pens and fillings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

import numpy as np
from numpy.typing import NDArray

from limner.plot.arrange import arrange, placed_strokes
from limner.plot.ink import fillings
from limner.plot.layers import PlotLayer, PlotPlan, Way, distance, way_of
from limner.plot.merge import chained, without_overlaps
from limner.plot.page import PlotPage
from limner.plot.pens import BLACK, Pen
from limner.plot.travel import ordered_strokes
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from typing import Unpack

Floats = NDArray[np.float64]


class PlotOptions(TypedDict, total=False):
    """The options of a plotter page; all of them may be left out.

    Parameters
    ----------
    page : PlotPage
        A4 unless given.
    pens : sequence of Pen
        :data:`limner.plot.pens.BLACK` alone unless given.
    pen_of : sequence of sequences of int, optional
        For each stroke of each drawing the index of its pen; the first pen for all unless given.
    captions : sequence of str, optional
        A line of text beneath each drawing, which the first pen draws.
    title : str
        Of the document; it is not drawn.
    """

    page: PlotPage
    pens: Sequence[Pen]
    pen_of: Sequence[Sequence[int]] | None
    captions: Sequence[str] | None
    title: str


def plan_page(drawings: Sequence[Drawing], **options: Unpack[PlotOptions]) -> PlotPlan:
    """Lay drawings out on one page, several of them in rows, and order the lines of each pen.

    Parameters
    ----------
    drawings : sequence of Drawing
        At least one.
    **options
        See :class:`PlotOptions`.

    Raises
    ------
    ValueError
        If there is nothing to draw, ``pen_of`` or ``captions`` do not fit the drawings, or the drawings do
        not fit the page.
    """
    page, pens = options.get("page", PlotPage()), options.get("pens", (BLACK,))
    pen_of, captions = options.get("pen_of"), list(options.get("captions") or [])
    if not any(len(drawing) for drawing in drawings):
        raise ValueError("a page needs at least one drawing with a stroke.")
    if pen_of is None:
        pen_of = [[0] * len(drawing) for drawing in drawings]
    _check(drawings, pen_of, len(pens), captions)
    arrangement = arrange(drawings, page, captions=bool(captions))
    strokes = placed_strokes(drawings, pen_of, captions, arrangement, page)
    if not strokes:
        raise ValueError("nothing of the drawings lies within the margins; use another scale.")
    layers = _layers(strokes, pens, page)
    title = options.get("title", "")
    width, height = arrangement.width, arrangement.height
    return PlotPlan(width, height, page.pen_mm, page.curve_mm, layers, _before(strokes), title)


def _check(
    drawings: Sequence[Drawing], pen_of: Sequence[Sequence[int]], n_pens: int, captions: list[str]
) -> None:
    if [len(pens) for pens in pen_of] != [len(drawing) for drawing in drawings]:
        raise ValueError("pen_of must name a pen for each stroke of each drawing.")
    if any(not 0 <= pen < n_pens for pens in pen_of for pen in pens):
        raise ValueError(f"pen_of must hold indices of {n_pens} pens.")
    if captions and len(captions) != len(drawings):
        raise ValueError(f"there are {len(captions)} captions for {len(drawings)} drawings.")


def _layers(strokes: dict[int, list[Floats]], pens: Sequence[Pen], page: PlotPage) -> tuple[PlotLayer, ...]:
    layers: list[PlotLayer] = []
    at = np.zeros(2)
    for k in sorted(strokes):
        lines = _prepared(strokes[k], at, page)
        shares = [lines] if page.refill_every_mm is None else fillings(lines, page.refill_every_mm)
        for share in shares:
            waits = pens[k].pause or bool(layers and (page.pause or len(shares) > 1))
            layers.append(PlotLayer(len(layers) + 1, pens[k], tuple(share), waits))
        at = lines[-1][-1]
    return tuple(layers)


def _prepared(strokes: list[Floats], start: Floats, page: PlotPage) -> list[Floats]:
    """Return the strokes of one pen: merged, ordered, and those that meet drawn in one go."""
    lines = without_overlaps(strokes, page.merge_mm)
    if page.reorder:
        lines = ordered_strokes(lines, start)
    return chained(lines, page.merge_mm)


def _before(strokes: dict[int, list[Floats]]) -> Way:
    pen, total = np.zeros(2), Way(0.0, 0.0, 0)
    for k in sorted(strokes):
        total = total.plus(way_of(strokes[k], pen))
        pen = strokes[k][-1][-1]
    return total.plus(Way(0.0, distance(pen, np.zeros(2)), 0))
