"""Walking an SVG document in its order, and finding the shapes that are drawn and where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from limner.strokes.svg_box import box_of
from limner.strokes.svg_clip import UNCLIPPED, narrowed
from limner.strokes.svg_index import Index
from limner.strokes.svg_lengths import Frame
from limner.strokes.svg_page import children_of, is_for_us, page_of, window_of
from limner.strokes.svg_shapes import MOST_POINTS, SHAPES, attribute_length, outline
from limner.strokes.svg_style import Style
from limner.strokes.svg_stylesheet import Sheet
from limner.strokes.svg_transform import (
    css_matrix,
    parse_transform,
    parse_view_box,
    translation,
    viewbox_matrix,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

    from limner.strokes.svg_notes import Passed

    Floats = NDArray[np.float64]

CONTAINERS = ("g", "a", "switch", "svg")
NOT_READ = {
    "text": "texts",
    "image": "images",
    "foreignObject": "embedded pages (foreignObject)",
    "video": "videos",
}
DRAWN = frozenset((*SHAPES, *CONTAINERS, "use", "symbol", *NOT_READ))
MOST_REUSED = 50_000
MOST_CHAIN = 100
MOST_BOXES = 6
"""How deep boxes that transforms refer to may lie within each other."""
FARTHEST = float(np.finfo(np.float32).max)
MOVES = ("translate", "rotate", "scale")


class Shape(NamedTuple):
    """A visible shape.

    Parameters
    ----------
    subpaths : list of float64 arrays of shape ``(k, 4, 2)``
        Its curves, in the coordinates of the document.
    clip : float64 array of shape ``(m, 3)``
        What it is seen through; see :mod:`limner.strokes.svg_clip`.
    style : Style
    is_stroked, is_filled : bool
        Whether its line and its filling can be seen.
    """

    subpaths: list[Floats]
    clip: Floats
    style: Style
    is_stroked: bool
    is_filled: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands, and what it inherits."""

    frame: Frame
    style: Style = field(default_factory=Style)
    matrix: Floats = field(default_factory=lambda: np.eye(3))  # (3, 3)
    clip: Floats = field(default_factory=lambda: UNCLIPPED)
    uses: tuple[Element, ...] = ()
    """The ``<use>`` elements that led here."""
    is_target: bool = False
    """Whether the last of them repeats this very element."""


class Walk:
    """Walks a document.

    Parameters
    ----------
    root : Element
    passed : Passed
        Is told of what is passed over.
    """

    def __init__(self, root: Element, passed: Passed) -> None:
        self._root, self._passed = root, passed
        self._index, self._sheet = Index(root, passed), Sheet(root, passed)
        self._left, self._reused, self._boxes = MOST_POINTS, 0, 0
        self.page, self.is_sized = page_of(root)

    def shapes(self) -> Iterator[Shape]:
        """Yield the shapes that are not hidden, in document order, whether they are painted or not.

        Raises
        ------
        ValueError
            If there are too many points, ``<use>`` elements or style rules.
        """
        width, height = self.page[2:]
        node = self._sheet.node(self._root)
        style = Style().child(self._sheet.declared(node), Frame(width, height, (width, height)))
        frame = Frame(width, height, window_of(self._root, width, height), style.font, style.font)
        if style["display"] != "none" and style["opacity"] > 0:
            yield from self._walk([(child, Place(frame, style)) for child in children_of(node)])

    def _walk(self, entries: list[tuple[Any, Place]]) -> Iterator[Shape]:
        waiting = entries[::-1]
        while waiting:
            node, place = waiting.pop()
            element = node.etree_element
            if element.tag not in DRAWN or not is_for_us(element):
                continue
            if place.uses or self._boxes:
                self._reused += 1
                if self._reused > MOST_REUSED:
                    raise ValueError(f"its <use> elements repeat more than {MOST_REUSED:,} elements")
            entered = self._entered(node, place)
            if entered is not None:
                shape, further = self._met(node, entered)
                if shape is not None:
                    yield shape
                waiting += reversed(further)

    def _entered(self, node: Any, place: Place) -> Place | None:
        """Return the place of an element itself; None if it and all within it are not drawn."""
        style = place.style.child(self._sheet.declared(node), place.frame)
        if style["display"] == "none" or not style["opacity"]:
            return None
        frame = place.frame
        if style.font != frame.font:
            frame = replace(frame, font=style.font)
        here = replace(place, style=style, frame=frame)
        matrix = self._transform(node, here)
        return here if matrix is None else replace(here, matrix=here.matrix @ matrix)

    def _met(self, node: Any, place: Place) -> tuple[Shape | None, list[tuple[Any, Place]]]:
        """Return the shape that an element is, or what to walk through next."""
        element, tag = node.etree_element, node.etree_element.tag
        self._note_clips(place.style)
        if tag in SHAPES:
            return self._shape(element, place), []
        if tag in NOT_READ:
            self._passed.add(NOT_READ[tag], place.style["visibility"] == "visible")
        elif tag == "use":
            return None, self._used(element, place)
        elif tag == "svg" or (tag == "symbol" and place.is_target):
            inside = self._inside(element, place)
            return None, [] if inside is None else [(child, inside) for child in children_of(node)]
        elif tag in CONTAINERS:
            inside = replace(place, is_target=False) if place.is_target else place
            return None, [(child, inside) for child in children_of(node)]
        return None, []

    def _note_clips(self, style: Style) -> None:
        for name in ("clip-path", "mask"):
            value = style.own.get(name, "none")
            if value != "none" and (value == "shape" or value[1:] in self._index.by_id):
                self._passed.add("clip paths and masks, which do not cut")

    def _shape(self, element: Element, place: Place) -> Shape | None:
        style = place.style
        if style["visibility"] != "visible" or style["display"] == "contents":
            return None
        matrix = place.matrix
        linear, shift = matrix[:2, :2], matrix[:2, 2]
        moved = [subpath @ linear.T + shift for subpath in self._outline(element, place)]
        if any(not np.abs(subpath).max() <= FARTHEST for subpath in moved):  # or not a number
            self._passed.add("shapes farther away than numbers can tell")
            return None
        if matrix[0, 0] * matrix[1, 1] == matrix[0, 1] * matrix[1, 0]:  # the specification draws nothing then
            return None
        is_stroked = style.is_stroked(self._index.servers, place.frame)
        self._note_strokes(style, is_stroked)
        return Shape(moved, place.clip, style, is_stroked, style.is_filled(self._index.servers))

    def _note_strokes(self, style: Style, is_stroked: bool) -> None:
        markers = [style[f"marker-{place}"] for place in ("start", "mid", "end")]
        self._passed.add("markers", any(value[1:] in self._index.by_id for value in markers))
        self._passed.add("dashes, whose lines are whole", is_stroked and style["stroke-dasharray"] != "none")

    def _outline(self, element: Element, place: Place) -> list[Floats]:
        found = outline(element, place.style, place.frame, self._passed, self._left)
        self._left -= found.spent
        return found.subpaths

    def _used(self, use: Element, place: Place) -> list[tuple[Any, Place]]:
        """Return what a ``<use>`` repeats, and where; nothing if it leads nowhere or in a circle."""
        target = self._index.target(use)
        if target is None:
            is_outside = not self._index.address(use).startswith("#")
            self._passed.add("uses of other files" if is_outside else "uses of what is not there")
            return []
        if any(self._index.holds(target, one) for one in (*place.uses, use)):
            self._passed.add("uses that lead in a circle")
            return []
        if len(place.uses) >= MOST_CHAIN:
            self._passed.add(f"uses that lead through more than {MOST_CHAIN} others")
            return []
        x, y = (place.style.own.get(key, ()) for key in ("x", "y"))
        moved = place.matrix @ translation(place.frame.measure(x, "x"), place.frame.measure(y, "y"))
        there = replace(place, matrix=moved, uses=(*place.uses, use), is_target=True)
        return [(self._sheet.node(target), there)]

    def _inside(self, element: Element, place: Place) -> Place | None:
        """Enter the coordinates of a nested document or a symbol; a ``<use>`` may say how large it is.

        None if it has no size.
        """
        use = place.uses[-1] if place.is_target else element
        corner = [attribute_length(element, key, place.frame, self._passed) for key in ("x", "y")]
        width, height = (
            attribute_length(use if key in use.attrib else element, key, place.frame, self._passed, "100%")
            for key in ("width", "height")
        )
        box = self._view_box(element)
        if not (width > 0 and height > 0) or (box is not None and 0 in box[2:]):
            return None
        outer = place.matrix @ translation(*corner)
        is_open = place.style.own.get("overflow", "hidden") in ("visible", "auto")
        clip = place.clip if is_open else narrowed(place.clip, outer, width, height)
        matrix = outer @ viewbox_matrix(box, width, height, element.get("preserveAspectRatio", ""))
        frame = replace(place.frame, width=box[2] if box else width, height=box[3] if box else height)
        return replace(place, matrix=matrix, clip=clip, frame=frame, is_target=False)

    def _view_box(self, element: Element) -> tuple[float, float, float, float] | None:
        text = element.get("viewBox")
        box = None if text is None else parse_view_box(text)
        self._passed.add("values of viewBox that cannot be read", text is not None and box is None)
        return box

    # Transforms ----------------------------------------------------------------------------------

    def _transform(self, node: Any, place: Place) -> Floats | None:
        """Return the matrix of an element's own transform; None if it has none."""
        own, element = place.style.own, node.etree_element
        moves = [own[name] for name in MOVES if own.get(name)]
        given = self._attribute(element) if "transform" not in own else None
        steps = own.get("transform", ())
        if given is None and not steps and not moves:
            return None
        x, y, width, height = self._reference(node, place)
        frame = replace(place.frame, width=width, height=height)
        across, down = own.get("transform-origin", ((), ()))
        at = (x + frame.measure(across, "x"), y + frame.measure(down, "y"))
        matrix = css_matrix([step for some in moves for step in some], frame)
        matrix = matrix @ (css_matrix(steps, frame) if given is None else given)
        return translation(*at) @ matrix @ translation(-at[0], -at[1]) if any(at) else matrix

    def _attribute(self, element: Element) -> Floats | None:
        text = element.get("transform")
        matrix = None if text is None else parse_transform(text)
        self._passed.add("transforms that cannot be read", bool(text) and matrix is None)
        return matrix

    def _reference(self, node: Any, place: Place) -> tuple[float, float, float, float]:
        """Return the box that origin and percentages of a transform refer to: x, y, width and height."""
        kind = place.style.own.get("transform-box", "view-box")
        if kind == "view-box" or self._boxes >= MOST_BOXES:
            return (0.0, 0.0, place.frame.width, place.frame.height)
        self._boxes += 1
        _, entries = self._met(node, replace(place, matrix=np.eye(3), clip=UNCLIPPED))
        shape = self._shape(node.etree_element, replace(place, matrix=np.eye(3))) if not entries else None
        shapes = [shape] if shape is not None else list(self._walk(entries))
        self._boxes -= 1
        return box_of(shapes, kind in ("stroke-box", "border-box"), place.frame)
