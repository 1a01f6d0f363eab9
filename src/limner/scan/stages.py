"""The stages from a page to drawings: typed functions of what the stage before returned and of settings.

Letters: ``S`` strokes, ``N`` segments of all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.errors import DataError, LimnerError
from limner.scan.binarize import pen_width
from limner.scan.clean import clean_ink, without_marks
from limner.scan.mend import mend
from limner.scan.node_limit import check_node_count
from limner.scan.tracers import TRACERS, TracerInput, trace_ink
from limner.strokes.boxes import separated
from limner.strokes.drawing import Drawing
from limner.strokes.filters import without_short
from limner.strokes.geometry import arc_lengths, points_along
from limner.strokes.join import joined
from limner.strokes.order import ordered
from limner.strokes.simplify import simplify_strokes
from limner.strokes.splice import spliced

if TYPE_CHECKING:
    from limner.scan.clean import CleanedInk
    from limner.scan.fixes import StrokeFix
    from limner.scan.graph import Points
    from limner.scan.ink_map import InkMap
    from limner.scan.junction_choices import Junction, PairingWish
    from limner.scan.settings import CleaningSettings, FinishingSettings, SeparationSettings
    from limner.scan.tracers import Tracer

SPLICE_STEP = 0.1
"""Distance of the points between which strokes are spliced, as a share of the distance that is bridged."""

MAX_JOINED = 2_000
"""Limit of the strokes that are joined, spliced or separated, which takes quadratic time."""

MAX_SPLICING = 100_000_000
"""Limit of ``S^2 N``, to which the time of splicing is proportional."""


@dataclass(frozen=True)
class CleanPage:
    """Ink of the drawing alone."""

    ink_map: InkMap
    cleaned: CleanedInk
    pen_scale: float = 1.0


@dataclass(frozen=True)
class OpenTracer:
    """A tracer that has seen the ink of a page."""

    page: CleanPage
    tracer: Tracer
    name: str


@dataclass(frozen=True)
class PageStrokes:
    """The strokes of a page, in pixels of the picture."""

    strokes: list[Points]
    pen_px: float
    filled_areas: int
    junctions: tuple[Junction, ...] = ()
    unmet: int = 0
    """Number of the wishes about junctions that found none."""


class Asked(NamedTuple):
    """What a tracer is asked for."""

    single_line: bool
    wishes: tuple[PairingWish, ...] = ()


class MendedDrawing(NamedTuple):
    """A drawing after the fixes of its strokes."""

    drawing: Drawing
    unmet: int = 0
    """Number of the fixes that found nothing."""


class StrokeFixes(NamedTuple):
    """Fixes of strokes, and how near positions must be."""

    fixes: tuple[StrokeFix, ...]
    tolerance_px: float


def clean_page(ink_map: InkMap, settings: CleaningSettings) -> CleanPage:
    """Remove ink that is no drawing; see :func:`limner.scan.clean.clean_ink`.

    Raises
    ------
    DataError
        If nothing is left, or more components than nodes are traced.
    """
    page = ink_map.page
    pen_px = settings.pen_scale * pen_width(ink_map.ink.mask)
    cleaned = clean_ink(ink_map.ink, ink_map.dark, pen_px)
    if not cleaned.parts:
        raise DataError(f"{page.name} holds no drawing: there are only specks.")
    check_node_count(cleaned.parts, page.max_nodes, name=page.name, photograph=ink_map.photograph)
    return CleanPage(ink_map, without_marks(cleaned) if settings.drop_marks else cleaned, settings.pen_scale)


def open_tracer(page: CleanPage, name: str) -> OpenTracer:
    """Call the tracer of a name with the ink of a page.

    Raises
    ------
    LimnerError
        If there is no such tracer, or it refuses the page.
    """
    ink_map = page.ink_map
    ink = TracerInput(
        mask=page.cleaned.mask,
        dark=ink_map.dark,
        pen_scale=page.pen_scale,
        name=ink_map.page.name,
        max_nodes=ink_map.page.max_nodes,
        photograph=ink_map.photograph,
    )
    return OpenTracer(page, TRACERS[name](ink), name)


def trace_page(opened: OpenTracer, asked: Asked) -> PageStrokes:
    """Return the strokes of a page in pixels of the picture."""
    ink_map = opened.page.ink_map
    factor, reduction = ink_map.factor, ink_map.page.reduction
    scale = reduction / factor  # pixels of the picture for one of the mask
    wishes = [wish.moved(lambda points: points / scale) for wish in asked.wishes]
    traced = trace_ink(opened.tracer, opened.name, single_line=asked.single_line, wishes=wishes)
    strokes = [np.asarray(stroke, np.float64) / factor * reduction for stroke in traced.strokes]
    junctions = tuple(junction.moved(lambda points: points * scale) for junction in traced.junctions)
    return PageStrokes(
        strokes, traced.pen_px / factor * reduction, traced.filled_areas, junctions, traced.unmet
    )


def simplify_finely(traced: PageStrokes, tolerance_px: float) -> list[Points]:
    """Return strokes without the points that no tolerance asks for, which later stages need not look at."""
    return simplify_strokes(traced.strokes, tolerance_px)


def join_strokes(strokes: list[Points], distance_px: float) -> list[Points]:
    """Join ends of strokes less than a distance apart; see :func:`limner.strokes.join.joined`.

    Raises
    ------
    LimnerError
        If there are more strokes than :data:`MAX_JOINED`.
    """
    if not distance_px:
        return strokes
    drawing = Drawing.from_polylines(strokes)
    _check_number(drawing, "joined")
    return _float64(joined(drawing, distance_px))


def splice_strokes(strokes: list[Points], distance_px: float) -> list[Points]:
    """Splice strokes into others; see :func:`limner.strokes.splice.spliced`.

    Raises
    ------
    LimnerError
        If there are more strokes than :data:`MAX_JOINED`, or it would take too long.
    """
    if not distance_px:
        return strokes
    drawing = Drawing.from_polylines(strokes)
    _check_number(drawing, "spliced")
    dense = with_points_between(drawing, max(1.0, SPLICE_STEP * distance_px))
    if len(dense) ** 2 * dense.n_points > MAX_SPLICING:
        raise LimnerError(f"There are too many strokes to splice, {len(dense)}; join more first.")
    return _float64(spliced(dense, distance_px))


def finish_drawing(strokes: list[Points], settings: FinishingSettings) -> Drawing:
    """Simplify strokes, leave out short ones, and order the rest."""
    drawing = Drawing.from_polylines(simplify_strokes(strokes, settings.tolerance_px))
    return ordered(without_short(drawing, settings.shortest_px))


def mend_drawing(drawing: Drawing, fixes: StrokeFixes) -> MendedDrawing:
    """Apply fixes of strokes; see :func:`limner.scan.mend.mend`."""
    if not fixes.fixes:
        return MendedDrawing(drawing)
    mended = mend(drawing.strokes, fixes.fixes, fixes.tolerance_px)
    return MendedDrawing(drawing.replace(strokes=tuple(mended.strokes)), len(mended.unmet))


def separate_drawings(mended: MendedDrawing, settings: SeparationSettings) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of the strokes of each drawing on the page.

    Raises
    ------
    LimnerError
        If there are more strokes than :data:`MAX_JOINED`.
    """
    drawing = mended.drawing
    if not settings.separate or not len(drawing):
        return (tuple(range(len(drawing))),)
    _check_number(drawing, "taken apart")
    return parts_of(drawing, settings.gap_px)


def with_points_between(drawing: Drawing, spacing: float) -> Drawing:
    """Add points on long segments, because strokes are spliced at points only."""
    strokes = []
    for stroke in drawing:
        at_points = arc_lengths(stroke)
        between = np.arange(spacing, at_points[-1], spacing)
        strokes.append(points_along(stroke, np.unique(np.concatenate([at_points, between]))))
    return drawing.replace(strokes=tuple(strokes))


def parts_of(drawing: Drawing, gap_px: float) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of the strokes of each part that :func:`limner.strokes.boxes.separated` finds."""
    numbers: dict[bytes, list[int]] = {}
    for number, stroke in enumerate(drawing):
        numbers.setdefault(stroke.tobytes(), []).append(number)
    parts = separated(drawing, gap=gap_px)
    return tuple(tuple(numbers[stroke.tobytes()].pop(0) for stroke in part) for part in parts)


def _float64(drawing: Drawing) -> list[Points]:
    return [stroke.astype(np.float64) for stroke in drawing]


def _check_number(drawing: Drawing, verb: str) -> None:
    if len(drawing) > MAX_JOINED:
        raise LimnerError(f"There are {len(drawing)} strokes, and up to {MAX_JOINED} are {verb}.")
