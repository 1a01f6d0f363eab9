"""Removal of ink that is no drawing: specks, pinholes, the scanner's edges, page numbers and dates.

Letters: ``H`` and ``W`` of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd

from limner.scan.page_tones import EIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.scan.binarize import Ink
    from limner.scan.thresholds import Dark

    Mask = NDArray[np.bool_]

SPECK = 0.4
"""Ink of less area than this many squares of the pen's width is a speck, not a dot of the pen."""

PINHOLE = 0.35
"""Holes in a line of less area than this many squares of the pen's width are filled."""

EDGE_DEPTH = 0.12
"""A scanner's edge is no deeper than this share of the page."""

EDGE_LENGTH = 0.04
"""A scanner's edge is no shorter than this share of the page's side."""

EDGE_DARKNESS = 0.35
"""A scanner's edge is darker than this share of the threshold between ink and paper."""

EDGE_PENS = 1.4
"""A scanner's edge is at least this many widths of the pen deep on average; a line on the border is not."""

CRUMB_PENS = 4.0
"""Ink that touches the border is the rest of something outside the page if it is no larger than this many
widths of the pen, ..."""

CRUMB_SHARE = 0.25
"""... nor larger than this share of the page's longest side."""

MARK_SIZE = 0.09
"""Page numbers and dates are no higher and no wider than this share of the diagonal of the page, ..."""

MARK_GAP = 0.04
"""... their characters are nearer to each other than this, and the drawing is farther away."""


@dataclass(frozen=True)
class CleanedInk:
    """Ink of the drawing alone, and counts of what was removed."""

    mask: Mask
    parts: int
    """Connected components of ink that are left."""
    specks: int
    edges: int
    marks: int = 0


def clean_ink(ink: Ink, dark: Dark, pen_px: float) -> CleanedInk:
    """Remove ink that is no drawing.

    Parameters
    ----------
    ink : Ink
    dark : float32 array of shape ``(H, W)``
        Darkness of the page.
    pen_px : float
        Width of the pen.
    """
    mask, edges = _without_edges(ink.mask, dark > EDGE_DARKNESS * ink.threshold, pen_px)
    parts, n = nd.label(mask, EIGHT)
    areas, boxes = np.bincount(parts.ravel(), minlength=n + 1)[1:], _boxes(parts)
    kept = np.zeros(n + 1, dtype=bool)
    kept[parts[ink.sure & mask]] = True
    kept[0] = False
    sure = kept[1:].copy()
    kept[1:] &= (areas >= SPECK * pen_px * pen_px) & ~_crumbs(boxes, mask.shape, pen_px)
    specks = int((sure & ~kept[1:]).sum())
    return CleanedInk(_without_pinholes(kept[parts], pen_px), int(kept.sum()), specks, edges)


def without_marks(cleaned: CleanedInk) -> CleanedInk:
    """Remove small marks far from the drawing, such as page numbers and dates."""
    parts, n = nd.label(cleaned.mask, EIGHT)
    areas = np.bincount(parts.ravel(), minlength=n + 1)[1:]
    kept = np.append(False, ~_marks(_boxes(parts), areas, float(np.hypot(*cleaned.mask.shape))))
    return replace(cleaned, mask=kept[parts], parts=int(kept.sum()), marks=n - int(kept.sum()))


def _boxes(parts: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return first row, first column, end row and end column of each part, of shape ``(n, 4)``."""
    corners = [(s[0].start, s[1].start, s[0].stop, s[1].stop) for s in nd.find_objects(parts)]
    return np.array(corners, dtype=np.int64).reshape(-1, 4)


def _crumbs(boxes: NDArray[np.int64], shape: tuple[int, ...], pen_px: float) -> NDArray[np.bool_]:
    touches = (boxes[:, :2] == 0).any(axis=1) | (boxes[:, 2:] == shape).any(axis=1)
    size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0)
    small = size <= min(CRUMB_PENS * pen_px, CRUMB_SHARE * max(shape))
    return np.asarray(touches & small)


def _without_pinholes(mask: Mask, pen_px: float) -> Mask:
    parts, _ = nd.label(~mask)
    small = np.bincount(parts.ravel()) < PINHOLE * pen_px * pen_px
    small[0] = False
    return np.asarray(mask | small[parts])


def _without_edges(mask: Mask, shade: Mask, pen_px: float) -> tuple[Mask, int]:
    """Remove bands along the border of the page that are deeper than a line is wide."""
    kept = mask.copy()
    n = sum(_cut_edge(np.rot90(kept, side), np.rot90(shade, side), pen_px) for side in range(4))
    return kept, n


def _cut_edge(page: Mask, shade: Mask, pen_px: float) -> int:
    """Clear, in place, the bands of shade along the first row; return the number of those that held ink."""
    depth = max(2, round(EDGE_DEPTH * page.shape[0]))
    runs = np.logical_and.accumulate(shade[:depth], axis=0).sum(axis=0)  # depth of the shade in each column
    runs[runs == depth] = 0  # a line that leads inwards, not along
    n = 0
    for start, stop in zip(*_stretches(runs > 0, max(2, round(2 * pen_px))), strict=True):
        along = stop - start >= max(EDGE_LENGTH * page.shape[1], EDGE_PENS * pen_px)
        if along and runs[start:stop].mean() >= EDGE_PENS * pen_px:
            band = np.arange(depth)[:, None] <= np.maximum(runs[start:stop], 1) + 1
            n += bool(page[:depth, start:stop][band].any())
            page[:depth, start:stop] &= ~band
    return n


def _stretches(flags: NDArray[np.bool_], gap: int) -> tuple[list[int], list[int]]:
    """Return starts and stops of runs of True; runs less than ``gap`` apart are one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    starts, stops = edges[::2].tolist(), edges[1::2].tolist()
    apart = [i for i in range(1, len(starts)) if starts[i] - stops[i - 1] >= gap]
    return [starts[i] for i in [0, *apart] if starts], [stops[i - 1] for i in [*apart, 0] if stops]


def _marks(boxes: NDArray[np.int64], areas: NDArray[np.int64], diagonal: float) -> NDArray[np.bool_]:
    """Return which parts form small groups far from the drawing, which is the group of the most ink."""
    marks = np.zeros(len(boxes), dtype=bool)
    if not len(boxes):
        return marks
    group = _grouped(boxes, MARK_GAP * diagonal)
    drawing = int(np.bincount(group, weights=areas).argmax())
    for number in set(group.tolist()) - {drawing}:
        inside = boxes[group == number]
        size = (inside[:, 2:].max(axis=0) - inside[:, :2].min(axis=0)).max()
        marks[group == number] = size <= MARK_SIZE * diagonal
    return marks


def _grouped(boxes: NDArray[np.int64], gap: float) -> NDArray[np.int64]:
    """Return the group of each box; boxes less than ``gap`` apart along both axes are in one group.

    One row of distances at a time: a matrix of all pairs, as :mod:`scipy.sparse.csgraph` takes, would not fit
    in memory for pages of many specks.
    """
    low, high = boxes[:, :2], boxes[:, 2:]
    group = np.full(len(boxes), -1, dtype=np.int64)
    for first in range(len(boxes)):
        waiting = [first] if group[first] < 0 else []
        group[waiting] = group.max() + 1
        while waiting:
            one = waiting.pop()
            apart = np.maximum(low - high[one], low[one] - high).max(axis=1)
            near = np.flatnonzero((apart < gap) & (group < 0))
            group[near] = group[one]
            waiting += near.tolist()
    return group
