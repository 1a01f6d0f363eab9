"""The page of an SVG document: its size, and which elements are meant for this reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limner.strokes.svg.lengths import Units
from limner.strokes.svg.outlines import attribute_length
from limner.strokes.svg.skipped import Skipped
from limner.strokes.svg.transform import parse_view_box

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DEFAULT_SIZE = (300.0, 150.0)
"""Width and height of a document that gives none. Source: CSS 2, 10.3.2."""


def page_of(root: Element) -> tuple[tuple[float, float, float, float], bool]:
    """Return x, y, width and height of the document's user space, and whether the document gives them."""
    box = parse_view_box(root.get("viewBox", ""))
    if box is not None and 0 not in box[2:]:
        return box, True
    units, unread = Units(*DEFAULT_SIZE, DEFAULT_SIZE), Skipped()
    width, height = (attribute_length(root, key, units, unread, "100%") for key in ("width", "height"))
    is_sized = all(root.get(key, "%").strip()[-1:] != "%" for key in ("width", "height"))
    return (0.0, 0.0, width, height), is_sized


def window_of(root: Element, width: float, height: float) -> tuple[float, float]:
    """Return width and height of the page in pixels; those of the user space where nothing is given."""
    units, unread = Units(width, height, (width, height)), Skipped()
    return (
        attribute_length(root, "width", units, unread, "100%"),
        attribute_length(root, "height", units, unread, "100%"),
    )


def children_of(node: Any) -> list[Any]:
    """Return the children of a wrapped element; of a ``<switch>`` only the first that applies."""
    children = list(node.iter_children())
    if node.etree_element.tag != "switch":
        return children
    applying = (c for c in children if "}" not in c.etree_element.tag and applies(c.etree_element))
    return [child for child, _ in zip(applying, range(1), strict=False)]


def applies(element: Element) -> bool:
    """Return whether an element is shown to a reader of English without extensions.

    Source: SVG 2, 5.10 (``requiredExtensions`` and ``systemLanguage``).
    """
    attributes = element.attrib
    if "requiredExtensions" in attributes:
        return False
    languages = attributes.get("systemLanguage")
    if languages is None:
        return True
    return any(part.strip().lower().split("-")[0] == "en" for part in languages.split(","))
