"""As much of CSS as it takes to know what an SVG document shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element

PROPERTIES = ("display", "visibility", "fill", "stroke")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
SELECTOR = re.compile(r"(\*|[\w-]+)?((?:[.#][\w-]+)*)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A simple selector, such as ``path.hidden#a``, and what it sets."""

    tag: str
    classes: frozenset[str]
    ids: frozenset[str]
    declarations: Mapping[str, str]

    @property
    def weight(self) -> tuple[int, int, int]:
        """CSS's specificity: the rule of higher weight wins."""
        return (len(self.ids), len(self.classes), self.tag not in ("", "*"))

    def matches(self, element: Element) -> bool:
        """Tell whether the selector means this element."""
        return (
            self.tag in ("", "*", element.tag)
            and self.classes <= set(element.get("class", "").split())
            and self.ids <= {element.get("id", "")}
        )


class Stylesheet:
    """The rules of a document's ``<style>`` elements.

    Selectors of one element are understood (tag, class, id and their union); rules with others, and at-rules
    such as ``@media``, are passed over.

    Parameters
    ----------
    texts : iterable of str
    """

    def __init__(self, texts: Iterable[str]) -> None:
        text = AT_RULE.sub("", COMMENT.sub("", "\n".join(texts)))
        blocks = (block.partition("{") for block in text.split("}"))
        rules = [
            _rule(match, declarations(body))
            for selectors, _, body in blocks
            for selector in selectors.split(",")
            if (match := SELECTOR.fullmatch(selector.strip())) and match[0]
        ]
        self.rules = sorted(rules, key=lambda rule: rule.weight)

    def style(self, element: Element) -> dict[str, str]:
        """Give what attributes, rules and the ``style`` attribute set, the later before the earlier."""
        found = {key: element.attrib[key].strip() for key in PROPERTIES if key in element.attrib}
        for rule in self.rules:
            if rule.matches(element):
                found.update(rule.declarations)
        found.update(declarations(element.get("style", "")))
        return {key: value for key, value in found.items() if value != "inherit"}


def declarations(text: str) -> dict[str, str]:
    """Read ``fill: none; display: inline`` as far as it matters here."""
    pairs = (part.partition(":") for part in COMMENT.sub("", text).split(";"))
    cleaned = ((key.strip(), value.replace("!important", "").strip()) for key, _, value in pairs)
    return {key: value for key, value in cleaned if key in PROPERTIES}


def _rule(match: re.Match[str], body: Mapping[str, str]) -> Rule:
    marks = re.findall(r"[.#][\w-]+", match[2])
    classes = frozenset(mark[1:] for mark in marks if mark[0] == ".")
    ids = frozenset(mark[1:] for mark in marks if mark[0] == "#")
    return Rule(match[1] or "", classes, ids, body)
