"""Reading SVG files as drawings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from limner.errors import DataError
from limner.strokes.curves import TooManyPointsError, flatten_cubics
from limner.strokes.drawing import Drawing
from limner.strokes.svg_clip import clipped
from limner.strokes.svg_document import MOST_BYTES, parse_document
from limner.strokes.svg_notes import Passed
from limner.strokes.svg_shapes import MOST_POINTS
from limner.strokes.svg_walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from limner.strokes.svg_walk import Shape

    Floats = NDArray[np.float64]

TOLERANCE = 0.1
COARSEST = 1 / 500  # of the longest side of the drawing
AT_ONCE = 1 << 15  # curves
COVERED = 1e-3  # of the page may be missing from its paper


def read_svg(path: str | Path, *, tolerance: float | None = None, passed: Passed | None = None) -> Drawing:
    """Read an SVG file as a drawing: one stroke a subpath, in document order, curves cut into lines.

    Coordinates are those of the document's user space: what its view box counts in, or pixels (96 to the
    inch) if it has none. A file with ``viewBox="0 0 24 24"`` and ``width="240"`` gives 0 to 24: the numbers
    that its author sees, whatever size it is shown at.

    What a browser shows is read, where it shows it: shapes, transforms, nested documents and what they clip,
    ``<use>``, style sheets. What cannot be seen is left out: definitions, hidden and wholly transparent
    shapes, a plain rectangle behind all others that covers the page, and shapes with neither fill nor stroke,
    unless the document has no others. A filled shape gives its outline. A value that cannot be read is
    ignored, and a path is drawn up to its first error. Texts, pictures, markers, clip paths and dashes are
    passed over.

    Parameters
    ----------
    path : str or Path
        An ``.svg`` or ``.svgz`` file.
    tolerance : float, optional
        Largest distance between a curve and its polyline, in the coordinates of the drawing, positive. 0.1
        unless given, or a 500th of the longest side if that is less; never finer than a ten-thousandth of
        the curve's own size.
    passed : Passed, optional
        Is told of what was passed over.

    Returns
    -------
    Drawing
        Its label is the document's title, if it has one; its source is the file's name.

    Raises
    ------
    DataError
        If the file is missing, no XML, no SVG, too large, or draws nothing.
    """
    file = Path(path)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise DataError(f"{file} is too large: an SVG may have {MOST_BYTES >> 20} MB.")
        data = file.read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {file}: {(error.strerror or str(error)).lower()}.") from error
    return parse_svg(data, name=str(file), tolerance=tolerance, passed=passed).replace(source=file.name)


def parse_svg(
    text: str | bytes,
    *,
    name: str = "The SVG",
    tolerance: float | None = None,
    passed: Passed | None = None,
) -> Drawing:
    """Read the text of an SVG document as :func:`read_svg` does its file.

    Parameters
    ----------
    text : str or bytes
    name : str
        What the messages call the document.
    tolerance, passed
        As for :func:`read_svg`.

    Raises
    ------
    DataError
        If the text is no XML, no SVG, too large, or draws nothing.
    ValueError
        If the tolerance is not positive.
    """
    if tolerance is not None and not tolerance > 0:
        raise ValueError(f"the tolerance must be positive, and it is {tolerance}")
    root = parse_document(text, name)
    told = Passed() if passed is None else passed
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is left out
            walk = Walk(root, told)
            shapes = _without_paper(_seen(list(walk.shapes()), told), walk, told)
            strokes = list(_strokes(shapes, tolerance or _tolerance(shapes)))
    except TooManyPointsError as error:
        raise DataError(f"{name} has too many points: a drawing may have {MOST_POINTS:,}.") from error
    except ValueError as error:
        raise DataError(f"{name} cannot be read: {error}.") from error
    if not strokes:
        raise DataError(f"{name} draws no lines{_instead(told)}.")
    return Drawing.from_polylines(strokes, label=(root.findtext("title") or "").strip() or None)


def _instead(passed: Passed) -> str:
    kinds = list(passed)[:3]
    return f"; passed over: {', '.join(kinds)}" if kinds else " that can be seen"


def _seen(shapes: Sequence[Shape], passed: Passed) -> list[Shape]:
    """Leave out what cannot be seen; if nothing is left, take what has neither fill nor stroke."""
    drawn = [shape for shape in shapes if shape.subpaths]
    painted = [shape for shape in drawn if shape.is_stroked or shape.is_filled]
    if not painted:
        return [shape for shape in drawn if shape.style.is_bare]
    passed.add("shapes that cannot be seen", len(drawn) - len(painted))
    return painted


def _without_paper(shapes: list[Shape], walk: Walk, passed: Passed) -> list[Shape]:
    """Leave out plain rectangles without stroke that lie first and cover the page, if there is more."""
    begin = 0
    while begin < len(shapes) - 1 and _is_paper(shapes[begin], walk):
        begin += 1
    passed.add("paper: rectangles that cover the page", begin)
    return shapes[begin:]


def _is_paper(shape: Shape, walk: Walk) -> bool:
    if shape.is_stroked or len(shape.subpaths) != 1 or len(shape.subpaths[0]) not in (3, 4):
        return False
    corners = np.concatenate([shape.subpaths[0][:1, 0], shape.subpaths[0][:, 3]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    x, y, width, height = walk.page
    page = np.array([(x, y), (x + width, y + height)])
    slack = COVERED * max(width, height)
    covers = (low <= page[0] + slack).all() and (high >= page[1] - slack).all()
    if not walk.is_sized:
        covers = np.allclose([low, high], page)
    return bool(covers) and _is_upright(corners)


def _is_upright(corners: Floats) -> bool:
    """Tell whether corners are those of a rectangle whose sides are level and upright."""
    is_level = ((np.diff(corners, axis=0) == 0).sum(axis=1) == 1).all()
    return bool(is_level) and len(set(map(tuple, corners.tolist()))) == 4


def _tolerance(shapes: Sequence[Shape]) -> float:
    """Return the tolerance for a drawing: as fine as a small one needs it."""
    subpaths = [subpath for shape in shapes for subpath in shape.subpaths]
    if not subpaths:
        return TOLERANCE
    low = np.min([subpath.min(axis=(0, 1)) for subpath in subpaths], axis=0)
    high = np.max([subpath.max(axis=(0, 1)) for subpath in subpaths], axis=0)
    return min(TOLERANCE, float((high - low).max()) * COARSEST) or TOLERANCE


def _strokes(shapes: Sequence[Shape], tolerance: float) -> Iterator[Floats]:
    """Cut all curves into lines, some thousand at a time, and the lines at what they are seen through."""
    batch: list[tuple[Floats, Floats]] = []
    left, size = MOST_POINTS, 0
    subpaths = [(subpath, shape.clip) for shape in shapes for subpath in shape.subpaths]
    for i, (subpath, clip) in enumerate(subpaths):
        batch.append((subpath, clip))
        size += len(subpath)
        if size < AT_ONCE and i < len(subpaths) - 1:
            continue
        points, counts = flatten_cubics(np.concatenate([subpath for subpath, _ in batch]), tolerance, left)
        left -= len(points)
        ends = np.cumsum(np.concatenate([[0], counts]))[np.cumsum([len(subpath) for subpath, _ in batch])]
        for (one, window), line in zip(batch, np.split(points, ends[:-1]), strict=True):
            yield from _pieces(np.concatenate([one[:1, 0], line]), window)
        batch, size = [], 0


def _pieces(line: Floats, clip: Floats) -> list[Floats]:
    """Cut a line to what can be seen; one whose points all coincide is a dot, and has one point."""
    return clipped(line if (line != line[0]).any() else line[:1], clip)
