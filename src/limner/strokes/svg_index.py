"""``Index``: the elements of an SVG document by id, and which of them lie within which."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from limner.strokes.svg_document import XLINK

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from limner.strokes.svg_notes import Passed

HREFS = ("href", f"{{{XLINK}}}href")
GRADIENTS = ("linearGradient", "radialGradient")
STILL = ("animate", "animateTransform", "animateMotion", "set")


class Index:
    """Where the elements of a document are.

    Parameters
    ----------
    root : Element
    passed : Passed
        Is told of animations and scripts.
    """

    def __init__(self, root: Element, passed: Passed) -> None:
        self.by_id: dict[str, Element] = {}
        self.servers: set[str] = set()
        """The addresses of gradients that have colours, and of patterns."""
        self._spans: dict[Element, list[int]] = {}
        self._look_through(root)
        passed.add("animations, which stand still", sum(len(root.findall(f".//{tag}")) for tag in STILL))
        passed.add("scripts", len(root.findall(".//script")))

    def target(self, element: Element) -> Element | None:
        """Return what an element refers to in its own document; None if that is missing or elsewhere."""
        return self.by_id.get(self.address(element)[1:])

    @staticmethod
    def address(element: Element) -> str:
        """Return the address that an element refers to, such as ``#head``; empty if there is none."""
        return unquote(next((element.attrib[key].strip() for key in HREFS if key in element.attrib), ""))

    def holds(self, outer: Element, inner: Element) -> bool:
        """Tell whether an element is another or lies around it; only those with ids and uses are known."""
        begin, end = self._spans[outer]
        return begin <= self._spans[inner][0] <= end

    def _look_through(self, root: Element) -> None:
        stack: list[tuple[Element, bool]] = [(root, False)]
        number = 0
        while stack:
            element, is_left = stack.pop()
            name = element.get("id")
            is_kept = name is not None or element.tag == "use"
            if is_left:
                self._spans[element][1] = number
                continue
            number += 1
            if is_kept:
                self._spans[element] = [number, number]
                stack.append((element, True))
            if name is not None:
                self.by_id.setdefault(name, element)
                if _is_server(element):
                    self.servers.add(f"#{name}")
            stack += [(child, False) for child in reversed(element)]


def _is_server(element: Element) -> bool:
    if element.tag == "pattern":
        return True
    has_colours = element.find("stop") is not None or any(key in element.attrib for key in HREFS)
    return element.tag in GRADIENTS and has_colours
