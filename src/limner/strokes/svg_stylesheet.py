"""The style sheets of an SVG document, and what they and attributes say of an element."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limner.strokes.svg_document import SVG
from limner.strokes.svg_paint import address_of
from limner.strokes.svg_values import READERS, parse_attribute, parse_declarations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from cssselect2 import ElementWrapper, Matcher

    from limner.strokes.svg_notes import Passed

MOST_STEPS = 3_000_000
"""Of matching selectors with elements; some seconds of work."""
COUNTING = re.compile(r":has\(|-of-type|:nth-[a-z-]+\([^)]* of ", re.IGNORECASE)
"""Selectors that look through all siblings or all that an element holds."""
MOST_RULES = 20_000
MOST_TEXT = 5_000_000
"""Characters of style sheets."""
SHAPED_BY: Mapping[str, frozenset[str]] = {
    "rect": frozenset(("x", "y", "width", "height", "rx", "ry")),
    "circle": frozenset(("cx", "cy", "r")),
    "ellipse": frozenset(("cx", "cy", "rx", "ry")),
    "use": frozenset(("x", "y")),
}
"""The attributes that are properties of some elements only."""
GEOMETRY = frozenset().union(*SHAPED_BY.values())
NOT_ATTRIBUTES = GEOMETRY | {"transform", "d", "translate", "rotate", "scale", "marker"}
SCREEN = ("all", "screen")


class Sheet:
    """The rules of a document, for its elements.

    Parameters
    ----------
    root : Element
    passed : Passed
        Is told of what cannot be read.

    Raises
    ------
    ValueError
        If there are too many rules; or later, if matching them takes too long.
    """

    def __init__(self, root: Element, passed: Passed) -> None:
        self._passed = passed
        texts = [text for text in _texts(root) if text.strip()]
        if sum(map(len, texts)) > MOST_TEXT:
            raise ValueError(f"its style sheets have more than {MOST_TEXT:,} characters")
        self._steps = _Steps()
        self._node = _node_class(self._steps)
        self._matcher = _matcher(texts, passed) if texts else None
        self._lookups = 1
        if any(map(COUNTING.search, texts)):
            self._lookups = sum(1 for _ in root.iter())

    def node(self, root: Element) -> ElementWrapper:
        """Wrap an element as the root of what selectors see, as ``<use>`` makes one of what it repeats."""
        return self._node.from_xml_root(root)

    def declared(self, node: ElementWrapper) -> dict[str, Any]:
        """Return what attributes, rules and the ``style`` attribute set, by property."""
        element = node.etree_element
        found = self._attributes(element)
        rules = self._matched(node) if self._matcher is not None else ()
        usual, important, bad = _declarations(element.get("style", ""))
        self._passed.add("style declarations that cannot be read, which are ignored", bad)
        for rule in rules:
            found |= rule[-1][0]
        found |= usual
        for rule in rules:
            found |= rule[-1][1]
        return found | important

    def _matched(self, node: ElementWrapper) -> Sequence[Any]:
        matcher, element = self._matcher, node.etree_element
        assert matcher is not None  # noqa: S101 - asked for only where there are rules
        buckets = [
            matcher.other_selectors,
            matcher.lower_local_name_selectors.get(node.local_name.lower(), ()),
        ]
        buckets += [matcher.class_selectors.get(name, ()) for name in node.classes]
        buckets.append(matcher.id_selectors.get(element.get("id"), ()))
        self._steps.spend(sum(map(len, buckets)) * self._lookups)
        return matcher.match(node)  # type: ignore[no-any-return]

    def _attributes(self, element: Element) -> dict[str, Any]:
        found = {}
        own = SHAPED_BY.get(element.tag, ())
        for name, text in element.attrib.items():
            if name in own or (name in READERS and name not in NOT_ATTRIBUTES):
                value = parse_attribute(name, text)
                if value is not None:
                    found[name] = value
                elif text.strip():
                    self._passed.add(f"values of {name} that cannot be read, which are ignored")
        return found


@lru_cache(maxsize=1 << 12)
def _declarations(text: str) -> tuple[dict[str, Any], dict[str, Any], int]:
    return parse_declarations(text) if text else ({}, {}, 0)


def _texts(root: Element) -> Iterator[str]:
    for element in root.iter("style"):
        kind = element.get("type", "").strip().lower()
        if kind in ("", "text/css") and is_for_screens(element.get("media", "")):
            yield element.text or ""


def is_for_screens(query: str) -> bool:
    """Tell whether one of the media of a list is a screen. It has no special features."""
    return any(_is_screen(part.split()) for part in query.lower().split(",")) if query.strip() else True


def _is_screen(words: list[str]) -> bool:
    if not words:
        return False
    if words[0] == "not":
        return not _is_screen(words[1:])
    words = words[1:] if words[0] == "only" else words
    features = "".join(words).partition("(")
    if features[1]:
        return features[0] in ("", "screenand", "alland") and features[2].startswith(
            ("prefers-color-scheme:light", "min-width:", "min-height:")
        )
    return words[0] in SCREEN


def _matcher(texts: Sequence[str], passed: Passed) -> Matcher | None:
    import tinycss2
    from cssselect2 import Matcher, SelectorError, compile_selector_list

    matcher, count = Matcher(), 0
    namespaces: dict[str | None, str] = {}
    for text in texts:
        parsed = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        for rule in _rules(parsed, namespaces, passed):
            usual, important, bad = parse_declarations(rule.content)
            passed.add("style declarations that cannot be read, which are ignored", bad)
            count += 1
            if count > MOST_RULES:
                raise ValueError(f"its style sheets have more than {MOST_RULES:,} rules")
            if not usual and not important:
                continue
            try:
                for selector in compile_selector_list(rule.prelude, namespaces):
                    if selector.pseudo_element is None:
                        matcher.add_selector(selector, (usual, important))
            except SelectorError:
                passed.add("style rules that cannot be read, which are ignored")
    return matcher if matcher.order else None


def _rules(nodes: Sequence[Any], namespaces: dict[str | None, str], passed: Passed) -> Iterator[Any]:
    """Yield the rules that count on a screen, and learn the names of namespaces."""
    import tinycss2

    for node in nodes:
        if node.type == "qualified-rule":
            yield node
        elif node.type == "error":
            passed.add("style rules that cannot be read, which are ignored")
        elif node.type == "at-rule" and node.lower_at_keyword == "namespace":
            _name(node.prelude, namespaces)
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            passed.add("style sheets of other files, which are not read")
        elif node.type == "at-rule" and node.content is not None and _applies(node):
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, namespaces, passed)


def _applies(rule: Any) -> bool:
    import tinycss2

    prelude = tinycss2.serialize(rule.prelude)
    if rule.lower_at_keyword == "media":
        return is_for_screens(prelude)
    return rule.lower_at_keyword in ("supports", "layer") and not prelude.strip().lower().startswith("not")


def _name(prelude: Sequence[Any], namespaces: dict[str | None, str]) -> None:
    name: str | None = None
    for token in prelude:
        address = token.value if token.type == "string" else address_of(token)
        if token.type == "ident":
            name = token.value
        elif address is not None:
            namespaces[name] = "" if address == SVG else address


class _Steps:
    """Counts the steps that selectors take, and refuses too many."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def spend(self, n: int) -> None:
        self._left -= n
        if self._left < 0:
            raise ValueError("its style sheets ask for too much work")


def _node_class(steps: _Steps) -> type[ElementWrapper]:
    """Make a wrapper of elements that counts the steps along ancestors and siblings."""
    from cssselect2 import ElementWrapper

    def along(node: ElementWrapper, way: str) -> Iterator[ElementWrapper]:
        while (node := getattr(node, way)) is not None:
            steps.spend(1)
            yield node

    class Node(ElementWrapper):  # type: ignore[misc]
        @property
        def ancestors(self) -> Iterator[ElementWrapper]:
            return along(self, "parent")

        @property
        def previous_siblings(self) -> Iterator[ElementWrapper]:
            return along(self, "previous")

    return Node
