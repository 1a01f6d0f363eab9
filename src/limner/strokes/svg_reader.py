"""Reading SVG files as drawings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from limner.errors import DataError
from limner.strokes.drawing import Drawing
from limner.strokes.svg_document import parse_document
from limner.strokes.svg_path import path_polylines
from limner.strokes.svg_shapes import SHAPES, Viewport, shape_path
from limner.strokes.svg_style import Stylesheet
from limner.strokes.svg_transform import parse_transform, translation, view_box, viewbox_matrix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

CONTAINERS = ("g", "a", "switch", "svg")
HREFS = ("href", "http://www.w3.org/1999/xlink}href")
MOST_REUSED = 100_000


def read_svg(path: str | Path, *, tolerance: float = 0.1) -> Drawing:
    """Read an SVG file as a drawing: one stroke a subpath, in document order, curves cut into lines.

    Coordinates are those of the document's user space: what its view box counts in, or pixels (96 to the
    inch) if it has none. A file with ``viewBox="0 0 24 24"`` and ``width="240"`` gives 0 to 24: the numbers
    that its author sees, whatever size it is shown at.

    All shapes are read, with transforms, nested documents, ``<use>``, and the rules of ``<style>`` that hide
    or show. What is not drawn is left out: definitions, clip paths, symbols that nothing uses,
    ``display:none``, ``visibility:hidden``, and shapes with neither fill nor stroke, unless the document has
    no others. A filled shape gives its outline. Text, pictures, clipping and dashes are passed over.

    Parameters
    ----------
    path : str or Path
    tolerance : float
        Largest distance between a curve and its polyline, in the coordinates of the drawing, positive.

    Returns
    -------
    Drawing
        Its label is the document's title, if it has one; its source is the file's name.

    Raises
    ------
    DataError
        If the file is missing, damaged or no SVG, or draws nothing.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {file}: {(error.strerror or str(error)).lower()}.") from error
    return parse_svg(data, name=str(file), tolerance=tolerance).replace(source=file.name)


def parse_svg(text: str | bytes, *, name: str = "The SVG", tolerance: float = 0.1) -> Drawing:
    """Read the text of an SVG document as :func:`read_svg` does its file.

    Parameters
    ----------
    text : str or bytes
    name : str
        What the messages call the document.
    tolerance : float
        As for :func:`read_svg`.

    Raises
    ------
    DataError
        If the text is damaged or no SVG, or draws nothing.
    ValueError
        If the tolerance is not positive.
    """
    if not tolerance > 0:
        raise ValueError(f"the tolerance must be positive, and it is {tolerance}")
    root = parse_document(text, name)
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # a drawing refuses what comes of it
            shapes = list(_shapes(root))
            seen = [shape for shape in shapes if shape.is_painted] or shapes
            strokes = [line for shape in seen for line in shape.polylines(tolerance)]
        drawing = Drawing.from_polylines(strokes, label=(root.findtext("title") or "").strip() or None)
    except ValueError as error:
        raise DataError(f"{name} is damaged: {str(error).rstrip('.')}.") from error
    if not strokes:
        raise DataError(f"{name} draws no lines; text and pictures in an SVG are not read.")
    return drawing


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an element stands, and what it inherits."""

    viewport: Viewport
    matrix: NDArray[np.float64] = field(default_factory=lambda: np.eye(3))  # (3, 3)
    style: dict[str, str] = field(default_factory=dict)
    uses: tuple[Element, ...] = ()  # the <use> elements that led here
    target: Element | None = None  # what the last of them repeats

    def moved(self, matrix: NDArray[np.float64]) -> _Place:
        return replace(self, matrix=self.matrix @ matrix)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A visible shape and where it stands."""

    element: Element
    place: _Place

    @property
    def is_painted(self) -> bool:
        paints = (self.place.style.get("fill", "black"), self.place.style.get("stroke", "none"))
        return any(paint not in ("none", "transparent") for paint in paints)

    def polylines(self, tolerance: float) -> Iterator[NDArray[np.float64]]:
        """Give the outline in the coordinates of the document."""
        linear = self.place.matrix[:2, :2]
        if not np.isfinite(self.place.matrix).all():
            raise ValueError("a transform goes beyond all numbers")
        if np.linalg.det(linear) == 0:  # the specification draws nothing then
            return
        stretch = float(np.linalg.norm(linear, 2))
        for line in path_polylines(shape_path(self.element, self.place.viewport), tolerance / stretch):
            yield line @ linear.T + self.place.matrix[:2, 2]


def _shapes(root: Element) -> Iterator[_Shape]:
    """Walk the tree in document order and give the shapes that are not hidden."""
    by_id = {
        element.attrib["id"]: element for element in reversed(list(root.iter())) if "id" in element.attrib
    }
    sheet = Stylesheet("".join(style.itertext()) for style in root.iter("style"))
    waiting = [(root, _Place(_root_viewport(root)))]
    reused = 0
    while waiting:
        element, place = waiting.pop()
        place = replace(place, style=place.style | sheet.style(element))
        if place.style.get("display") == "none":
            continue
        if element is not root:
            place = place.moved(parse_transform(element.get("transform", "")))
        if element.tag in SHAPES and place.style.get("visibility", "visible") == "visible":
            yield _Shape(element, place)
        elif element.tag == "use":
            waiting += _used(element, place, by_id)
        elif element.tag in CONTAINERS or (element.tag == "symbol" and element is place.target):
            if element.tag in ("svg", "symbol") and element is not root:
                place = _inside(element, place)
            waiting += [(child, place) for child in reversed(_children(element))]
        reused += bool(place.uses)
        if reused > MOST_REUSED:
            raise ValueError(f"its <use> elements repeat more than {MOST_REUSED} elements")


def _root_viewport(root: Element) -> Viewport:
    box, browser = view_box(root), Viewport(300, 150)
    if box:
        return Viewport(box[2], box[3])
    return Viewport(browser.length(root, "width", "100%"), browser.length(root, "height", "100%"))


def _children(element: Element) -> list[Element]:
    if element.tag != "switch":
        return list(element)
    plain = [c for c in element if not ({"requiredExtensions", "systemLanguage"} & c.attrib.keys())]
    return plain[:1]


def _used(use: Element, place: _Place, by_id: dict[str, Element]) -> list[tuple[Element, _Place]]:
    """Give the element that a ``<use>`` repeats, and where; nothing if it is missing or leads in a circle."""
    href = next((use.attrib[key] for key in HREFS if key in use.attrib), "")
    target = by_id.get(href.removeprefix("#")) if href.startswith("#") else None
    if target is None or use in place.uses:
        return []
    corner = (place.viewport.length(use, "x"), place.viewport.length(use, "y"))
    return [(target, replace(place.moved(translation(*corner)), uses=(*place.uses, use), target=target))]


def _inside(element: Element, place: _Place) -> _Place:
    """Enter the coordinates of a nested document or a symbol; a ``<use>`` may say how large it is."""
    sized_by = place.uses[-1] if element is place.target else element
    corner = (place.viewport.length(element, "x"), place.viewport.length(element, "y"))
    width, height = (
        place.viewport.length(sized_by, side, element.get(side, "100%")) for side in ("width", "height")
    )
    matrix = translation(*corner) @ viewbox_matrix(element, width, height)
    box = view_box(element)
    viewport = Viewport(box[2], box[3]) if box else Viewport(width, height)
    return replace(place.moved(matrix), viewport=viewport)
