"""``Walk``: goes through an SVG document in its order and finds the shapes that are drawn, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.strokes.svg.clip import UNCLIPPED, narrowed
from limner.strokes.svg.context import ElementContext
from limner.strokes.svg.index import ElementIndex
from limner.strokes.svg.lengths import Units
from limner.strokes.svg.outlines import SHAPES, attribute_length, outline
from limner.strokes.svg.own_transform import CENTRE_ORIGIN, has_transform, own_transform
from limner.strokes.svg.page import applies, children_of, page_of, window_of
from limner.strokes.svg.path import LARGEST, MAX_POINTS
from limner.strokes.svg.shape import SvgShape, bounding_box
from limner.strokes.svg.style import SvgStyle
from limner.strokes.svg.stylesheet import Stylesheet
from limner.strokes.svg.transform import parse_view_box, translation, viewbox_matrix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

    from limner.strokes.svg.skipped import Skipped

    Floats = NDArray[np.float64]

CONTAINERS = ("g", "a", "switch", "svg")
NOT_READ = {
    "text": "texts",
    "image": "images",
    "foreignObject": "embedded pages (foreignObject)",
    "video": "videos",
}
"""Elements that a browser shows and that are not read, with the names of what is skipped."""
DRAWN = frozenset((*SHAPES, *CONTAINERS, "use", "symbol", *NOT_READ))
MAX_REUSED = 50_000
"""Elements that all ``<use>`` elements together may repeat."""
MAX_CHAIN = 100
"""``<use>`` elements that may lead to each other."""
MAX_BOXES = 6
"""Depth to which boxes that transforms refer to may lie within each other."""


class Walk:
    """Goes through a document.

    Parameters
    ----------
    root : Element
    skipped : Skipped
        Counts what is left out.
    """

    def __init__(self, root: Element, skipped: Skipped) -> None:
        self._root, self._skipped = root, skipped
        self._index, self._sheet = ElementIndex(root, skipped), Stylesheet(root, skipped)
        self._left, self._reused, self._boxes = MAX_POINTS, 0, 0
        self.page, self.is_sized = page_of(root)

    def shapes(self) -> Iterator[SvgShape]:
        """Yield the shapes that are not hidden, in document order, whether they are painted or not.

        Raises
        ------
        ValueError
            If there are too many points, ``<use>`` elements or style rules.
        """
        width, height = self.page[2:]
        node = self._sheet.node(self._root)
        style = SvgStyle().child(self._sheet.declared(node), Units(width, height, (width, height)))
        units = Units(width, height, window_of(self._root, width, height), style.font, style.font)
        if style["display"] != "none" and style["opacity"] > 0:
            context = ElementContext(units, style, self._root_matrix(style, units))
            yield from self._walk([(child, context) for child in children_of(node)])

    def _walk(self, entries: list[tuple[Any, ElementContext]]) -> Iterator[SvgShape]:
        waiting = entries[::-1]
        while waiting:
            node, outer = waiting.pop()
            element = node.etree_element
            if element.tag not in DRAWN or not applies(element):
                continue
            if outer.uses or self._boxes:
                self._reused += 1
                if self._reused > MAX_REUSED:
                    raise ValueError(f"its <use> elements repeat more than {MAX_REUSED:,} elements")
            context = self._entered(node, outer)
            if context is not None:
                shape, further = self._visited(node, context)
                if shape is not None:
                    yield shape
                waiting += reversed(further)

    def _entered(self, node: Any, outer: ElementContext) -> ElementContext | None:
        """Return the context of an element itself; None if it and all within it are not drawn."""
        style = outer.style.child(self._sheet.declared(node), outer.units)
        if style["display"] == "none" or not style["opacity"]:
            return None
        units = outer.units
        if style.font != units.font:
            units = replace(units, font=style.font)
        context = replace(outer, style=style, units=units)
        matrix = self._transform(node, context)
        return context if matrix is None else replace(context, matrix=context.matrix @ matrix)

    def _visited(
        self, node: Any, context: ElementContext
    ) -> tuple[SvgShape | None, list[tuple[Any, ElementContext]]]:
        """Return the shape that an element is, or the elements to walk through next."""
        element, tag = node.etree_element, node.etree_element.tag
        self._note_clips(context.style)
        if tag in SHAPES:
            return self._shape(element, context), []
        if tag in NOT_READ:
            self._skipped.add(NOT_READ[tag], context.style["visibility"] == "visible")
        elif tag == "use":
            return None, self._used(element, context)
        elif tag == "svg" or (tag == "symbol" and context.is_target):
            inside = self._viewport(element, context)
            return None, [] if inside is None else [(child, inside) for child in children_of(node)]
        elif tag in CONTAINERS:
            inside = replace(context, is_target=False) if context.is_target else context
            return None, [(child, inside) for child in children_of(node)]
        return None, []

    # Shapes --------------------------------------------------------------------------------------

    def _note_clips(self, style: SvgStyle) -> None:
        for name in ("clip-path", "mask"):
            value = style.own.get(name, "none")
            if value != "none" and (value == "shape" or value[1:] in self._index.by_id):
                self._skipped.add("clip paths and masks, which do not cut")

    def _shape(self, element: Element, context: ElementContext) -> SvgShape | None:
        style, matrix = context.style, context.matrix
        if style["visibility"] != "visible" or style["display"] == "contents":
            return None
        curves = outline(element, style, context.units, self._skipped, self._left)
        self._left -= curves.spent
        moved = [subpath @ matrix[:2, :2].T + matrix[:2, 2] for subpath in curves.subpaths]
        if any(not np.abs(subpath).max() <= LARGEST for subpath in moved):  # or not a number
            self._skipped.add("shapes farther away than numbers can tell")
            return None
        if matrix[0, 0] * matrix[1, 1] == matrix[0, 1] * matrix[1, 0]:  # the specification draws nothing then
            return None
        servers = self._index.servers if _has_area(curves.subpaths) else self._index.user_space_servers
        is_stroked = style.is_stroked(servers, context.units)
        self._note_strokes(style, is_stroked)
        return SvgShape(moved, context.clip, style, is_stroked, style.is_filled(servers))

    def _note_strokes(self, style: SvgStyle, is_stroked: bool) -> None:
        markers = [style[f"marker-{position}"] for position in ("start", "mid", "end")]
        self._skipped.add("markers", any(value[1:] in self._index.by_id for value in markers))
        self._skipped.add("dashes, whose lines are whole", is_stroked and style["stroke-dasharray"] != "none")

    # Other elements ------------------------------------------------------------------------------

    def _used(self, use: Element, context: ElementContext) -> list[tuple[Any, ElementContext]]:
        """Return the element that a ``<use>`` repeats; nothing if it is missing or leads in a circle."""
        target = self._index.target(use)
        if target is None:
            is_outside = not self._index.address(use).startswith("#")
            self._skipped.add("uses of other files" if is_outside else "uses of what is not there")
            return []
        if any(self._index.holds(target, outer) for outer in (*context.uses, use)):
            self._skipped.add("uses that lead in a circle")
            return []
        if len(context.uses) >= MAX_CHAIN:
            self._skipped.add(f"uses that lead through more than {MAX_CHAIN} others")
            return []
        units = context.units
        x, y = (context.style.own.get(key, ()) for key in ("x", "y"))
        moved = context.matrix @ translation(units.resolve(x, "x"), units.resolve(y, "y"))
        inside = replace(context, matrix=moved, uses=(*context.uses, use), is_target=True)
        return [(self._sheet.node(target), inside)]

    def _viewport(self, element: Element, context: ElementContext) -> ElementContext | None:
        """Return the context inside a nested document or a symbol; None if it has no size.

        The size of a ``<use>`` replaces the element's own.
        """
        units = context.units
        sized_by = context.uses[-1] if context.is_target else element
        corner = [attribute_length(element, key, units, self._skipped) for key in ("x", "y")]
        width, height = (
            attribute_length(
                sized_by if key in sized_by.attrib else element, key, units, self._skipped, "100%"
            )
            for key in ("width", "height")
        )
        box = self._view_box(element)
        if not (width > 0 and height > 0) or (box is not None and 0 in box[2:]):
            return None
        outer = context.matrix @ translation(*corner)
        is_open = context.style.own.get("overflow", "hidden") in ("visible", "auto")
        clip = context.clip if is_open else narrowed(context.clip, outer, width, height)
        matrix = outer @ viewbox_matrix(box, width, height, element.get("preserveAspectRatio", ""))
        units = replace(units, width=box[2] if box else width, height=box[3] if box else height)
        return replace(context, matrix=matrix, clip=clip, units=units, is_target=False)

    def _view_box(self, element: Element) -> tuple[float, float, float, float] | None:
        text = element.get("viewBox")
        box = None if text is None else parse_view_box(text)
        self._skipped.add("values of viewBox that cannot be read", text is not None and box is None)
        return box

    # Transforms ----------------------------------------------------------------------------------

    def _root_matrix(self, style: SvgStyle, units: Units) -> Floats:
        """Return the matrix of the root's own transform in user space; it is given in pixels of the page."""
        width, height = units.window
        if not has_transform(self._root, style) or not (0 < width < np.inf and 0 < height < np.inf):
            return np.eye(3)
        page = (0.0, 0.0, width, height)
        matrix = own_transform(self._root, style, page, units, self._skipped, CENTRE_ORIGIN)
        shown = viewbox_matrix(self.page, width, height, self._root.get("preserveAspectRatio", ""))
        return np.asarray(np.linalg.inv(shown) @ matrix @ shown)

    def _transform(self, node: Any, context: ElementContext) -> Floats | None:
        """Return the matrix of an element's own transform; None if it has none."""
        if not has_transform(node.etree_element, context.style):
            return None
        box = self._reference_box(node, context)
        return own_transform(node.etree_element, context.style, box, context.units, self._skipped)

    def _reference_box(self, node: Any, context: ElementContext) -> tuple[float, float, float, float]:
        """Return x, y, width and height of the box that a transform's origin and percentages refer to."""
        kind = context.style.own.get("transform-box", "view-box")
        if kind == "view-box" or self._boxes >= MAX_BOXES:
            return (0.0, 0.0, context.units.width, context.units.height)
        self._boxes += 1
        shape, entries = self._visited(node, replace(context, matrix=np.eye(3), clip=UNCLIPPED))
        shapes = [shape] if shape is not None else list(self._walk(entries))
        self._boxes -= 1
        return bounding_box(shapes, with_strokes=kind in ("stroke-box", "border-box"), units=context.units)


def _has_area(subpaths: list[Floats]) -> bool:
    """Return whether the box around curves has width and height: a gradient of a flat one paints nothing."""
    if not subpaths:
        return True
    low = np.min([subpath.min(axis=(0, 1)) for subpath in subpaths], axis=0)
    high = np.max([subpath.max(axis=(0, 1)) for subpath in subpaths], axis=0)
    return bool((high > low).all())
