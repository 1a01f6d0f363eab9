"""``ElementIndex``: the elements of an SVG document by id, and which of them contain which."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from limner.strokes.svg.document import XLINK

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from limner.strokes.svg.skipped import Skipped

HREFS = ("href", f"{{{XLINK}}}href")
GRADIENTS = ("linearGradient", "radialGradient")
SERVER_UNITS = {"pattern": "patternUnits"} | dict.fromkeys(GRADIENTS, "gradientUnits")
"""The attribute that says what the coordinates of a paint server refer to."""
MAX_TEMPLATES = 100
"""Gradients that may take attributes from each other."""
ANIMATIONS = ("animate", "animateTransform", "animateMotion", "set")


class ElementIndex:
    """Finds the elements of a document.

    Parameters
    ----------
    root : Element
    skipped : Skipped
        Counts animations and scripts.
    """

    def __init__(self, root: Element, skipped: Skipped) -> None:
        self.by_id: dict[str, Element] = {}
        self.servers: set[str] = set()
        """Addresses of the paint servers: gradients that have colours, and patterns."""
        self.user_space_servers: set[str] = set()
        """Those whose units are user space; the others need a box with an area."""
        self._spans: dict[Element, list[int]] = {}
        self._look_through(root)
        self.user_space_servers |= {url for url in self.servers if self._is_in_user_space(url)}
        skipped.add(
            "animations, which stand still", sum(len(root.findall(f".//{tag}")) for tag in ANIMATIONS)
        )
        skipped.add("scripts", len(root.findall(".//script")))

    def target(self, element: Element) -> Element | None:
        """Return the element that another refers to; None if it is missing or in another document."""
        return self.by_id.get(self.address(element)[1:])

    @staticmethod
    def address(element: Element) -> str:
        """Return the address that an element refers to, such as ``#head``; empty if it has none."""
        return unquote(next((element.attrib[key].strip() for key in HREFS if key in element.attrib), ""))

    def holds(self, outer: Element, inner: Element) -> bool:
        """Return whether an element is another one or contains it; both have an id or are ``<use>``."""
        begin, end = self._spans[outer]
        return begin <= self._spans[inner][0] <= end

    def _is_in_user_space(self, url: str) -> bool:
        """Return whether the units of a paint server, or of the one it is based on, are user space."""
        element = self.by_id.get(url[1:])
        for _ in range(MAX_TEMPLATES):
            if element is None or element.tag not in SERVER_UNITS:
                break
            units = element.get(SERVER_UNITS[element.tag])
            if units is not None:
                return units.strip() == "userSpaceOnUse"
            element = self.target(element)
        return False

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
