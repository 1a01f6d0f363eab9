"""SVG documents to polylines: what a browser shows of them, with curves flattened.

Letters: ``k`` curves of a subpath, ``m`` edges of a clip, ``n`` points of a polyline.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.errors import DataError
from limner.strokes.curves import TooManyPointsError, flatten_chains
from limner.strokes.svg.clip import clipped
from limner.strokes.svg.document import MAX_BYTES, parse_document
from limner.strokes.svg.path import MAX_POINTS
from limner.strokes.svg.skipped import Skipped
from limner.strokes.svg.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from limner.strokes.svg.shape import SvgShape

    Floats = NDArray[np.float64]

TOLERANCE = 0.1
"""Largest distance between a curve and its polyline, in user units: a tenth of a pixel cannot be seen."""
COARSEST = 1 / 500
"""Largest tolerance relative to the drawing's longest side, for documents in small units."""
PAPER_SLACK = 1e-3
"""Share of the page's longest side that a rectangle may fall short of its edges and still be its paper."""


class SvgContent(NamedTuple):
    """What an SVG document draws.

    Parameters
    ----------
    polylines : list of float64 arrays of shape ``(n, 2)``
        One for each visible subpath, in document order; a dot has one point.
    title : str or None
        Title of the document.
    """

    polylines: list[Floats]
    title: str | None


def read_content(
    path: str | Path, *, tolerance: float | None = None, skipped: Skipped | None = None
) -> SvgContent:
    """Read an SVG file; see :meth:`limner.strokes.drawing.Drawing.from_svg`."""
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise DataError(f"{file} is too large: an SVG may have {MAX_BYTES >> 20} MB.")
        data = file.read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {file}: {(error.strerror or str(error)).lower()}.") from error
    return parse_content(data, name=str(file), tolerance=tolerance, skipped=skipped)


def parse_content(
    text: str | bytes, *, name: str, tolerance: float | None = None, skipped: Skipped | None = None
) -> SvgContent:
    """Parse an SVG document; see :meth:`limner.strokes.drawing.Drawing.from_svg_text`."""
    if tolerance is not None and not tolerance > 0:
        raise ValueError(f"the tolerance must be positive, and it is {tolerance}")
    root = parse_document(text, name)
    left_out = Skipped() if skipped is None else skipped
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # coordinates that overflow are left out
            walk = Walk(root, left_out)
            shapes = _without_paper(_visible(list(walk.shapes()), left_out), walk, left_out)
            polylines = list(_polylines(shapes, tolerance or _tolerance(shapes)))
    except TooManyPointsError as error:
        raise DataError(f"{name} has too many points: a drawing may have {MAX_POINTS:,}.") from error
    except ValueError as error:
        raise DataError(f"{name} cannot be read: {error}.") from error
    if not polylines:
        raise DataError(f"{name} draws no lines{_instead(left_out)}.")
    return SvgContent(polylines, (root.findtext("title") or "").strip() or None)


def _instead(skipped: Skipped) -> str:
    kinds = list(skipped)[:3]
    return f"; passed over: {', '.join(kinds)}" if kinds else " that can be seen"


def _visible(shapes: Sequence[SvgShape], skipped: Skipped) -> list[SvgShape]:
    """Leave out what cannot be seen; if nothing is left, take the shapes with neither fill nor stroke."""
    drawn = [shape for shape in shapes if shape.subpaths]
    painted = [shape for shape in drawn if shape.is_stroked or shape.is_filled]
    if not painted:
        return [shape for shape in drawn if shape.style.is_unpainted]
    skipped.add("shapes that cannot be seen", len(drawn) - len(painted))
    return painted


def _without_paper(shapes: list[SvgShape], walk: Walk, skipped: Skipped) -> list[SvgShape]:
    """Leave out plain rectangles without stroke that come first and cover the page, unless all are such."""
    begin = 0
    while begin < len(shapes) - 1 and _is_paper(shapes[begin], walk):
        begin += 1
    skipped.add("paper: rectangles that cover the page", begin)
    return shapes[begin:]


def _is_paper(shape: SvgShape, walk: Walk) -> bool:
    if shape.is_stroked or len(shape.subpaths) != 1 or len(shape.subpaths[0]) not in (3, 4):
        return False
    corners = np.concatenate([shape.subpaths[0][:1, 0], shape.subpaths[0][:, 3]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    x, y, width, height = walk.page
    page = np.array([(x, y), (x + width, y + height)])
    slack = PAPER_SLACK * max(width, height)
    covers = (low <= page[0] + slack).all() and (high >= page[1] - slack).all()
    if not walk.is_sized:
        covers = np.allclose([low, high], page)
    return bool(covers) and _is_upright(corners)


def _is_upright(corners: Floats) -> bool:
    """Return whether corners are those of a rectangle with horizontal and vertical sides."""
    is_axis_parallel = ((np.diff(corners, axis=0) == 0).sum(axis=1) == 1).all()
    return bool(is_axis_parallel) and len(set(map(tuple, corners.tolist()))) == 4


def _tolerance(shapes: Sequence[SvgShape]) -> float:
    """Return the default tolerance, finer for small drawings."""
    subpaths = [subpath for shape in shapes for subpath in shape.subpaths]
    if not subpaths:
        return TOLERANCE
    low = np.min([subpath.min(axis=(0, 1)) for subpath in subpaths], axis=0)
    high = np.max([subpath.max(axis=(0, 1)) for subpath in subpaths], axis=0)
    return min(TOLERANCE, float((high - low).max()) * COARSEST) or TOLERANCE


def _polylines(shapes: Sequence[SvgShape], tolerance: float) -> Iterator[Floats]:
    """Flatten all curves and clip the polylines; one whose points all coincide becomes a single point."""
    chains = [subpath for shape in shapes for subpath in shape.subpaths]
    clips = [shape.clip for shape in shapes for _ in shape.subpaths]
    for line, clip in zip(flatten_chains(chains, tolerance, MAX_POINTS), clips, strict=True):
        yield from clipped(line if (line != line[0]).any() else line[:1], clip)
