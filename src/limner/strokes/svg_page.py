"""What an SVG document says about its page, and whom its elements are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limner.strokes.svg_lengths import Frame
from limner.strokes.svg_notes import Passed
from limner.strokes.svg_shapes import attribute_length
from limner.strokes.svg_transform import parse_view_box

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

BROWSER = (300.0, 150.0)
"""Width and height of a document that says nothing about them. Source: CSS 2, 10.3.2."""


def page_of(root: Element) -> tuple[tuple[float, float, float, float], bool]:
    """Return x, y, width and height of the document's user space, and whether the document says them."""
    box = parse_view_box(root.get("viewBox", ""))
    if box is not None and 0 not in box[2:]:
        return box, True
    frame, silent = Frame(*BROWSER, BROWSER), Passed()
    width, height = (attribute_length(root, key, frame, silent, "100%") for key in ("width", "height"))
    is_sized = all(root.get(key, "%").strip()[-1:] != "%" for key in ("width", "height"))
    return (0.0, 0.0, width, height), is_sized


def window_of(root: Element, width: float, height: float) -> tuple[float, float]:
    """Return the size of the page in pixels, as far as the document says it."""
    frame, silent = Frame(width, height, (width, height)), Passed()
    return (
        attribute_length(root, "width", frame, silent, "100%"),
        attribute_length(root, "height", frame, silent, "100%"),
    )


def children_of(node: Any) -> list[Any]:
    """Return the children of a wrapped element; of a switch the first that is for us."""
    children = list(node.iter_children())
    if node.etree_element.tag != "switch":
        return children
    ours = (c for c in children if "}" not in c.etree_element.tag and is_for_us(c.etree_element))
    return [child for child, _ in zip(ours, range(1), strict=False)]


def is_for_us(element: Element) -> bool:
    """Tell whether an element is for those who read English and know no extensions."""
    attributes = element.attrib
    if "requiredExtensions" in attributes:
        return False
    languages = attributes.get("systemLanguage")
    if languages is None:
        return True
    return any(part.strip().lower().split("-")[0] == "en" for part in languages.split(","))
