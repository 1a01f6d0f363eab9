"""``Stylesheet``: the style rules of an SVG document, and the values declared for an element."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limner.strokes.svg.document import SVG
from limner.strokes.svg.paint import url_of
from limner.strokes.svg.properties import PARSERS
from limner.strokes.svg.values import parse_attribute, parse_declarations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from cssselect2 import ElementWrapper, Matcher

    from limner.strokes.svg.skipped import Skipped
    from limner.strokes.svg.values import Declarations

MAX_STEPS = 3_000_000
"""Steps of matching selectors with elements; some seconds of work."""
LOOKUP = re.compile(r":has\(|-of-type|:nth-[a-z-]+\([^)]* of ", re.IGNORECASE)
"""Selectors that search all siblings or all descendants of an element."""
MAX_RULES = 20_000
"""Rules of all style sheets."""
MAX_TEXT = 5_000_000
"""Characters of all style sheets."""
SHAPED_BY: Mapping[str, frozenset[str]] = {
    "rect": frozenset(("x", "y", "width", "height", "rx", "ry")),
    "circle": frozenset(("cx", "cy", "r")),
    "ellipse": frozenset(("cx", "cy", "rx", "ry")),
    "use": frozenset(("x", "y")),
}
"""Attributes that are properties of some elements only."""
GEOMETRY = frozenset().union(*SHAPED_BY.values())
NOT_ATTRIBUTES = GEOMETRY | {"transform", "d", "translate", "rotate", "scale", "marker"}
"""Properties that are no presentation attributes of every element."""
SCREEN = ("all", "screen")
INVALID_DECLARATIONS = "style declarations that cannot be read, which are ignored"
INVALID_RULES = "style rules that cannot be read, which are ignored"


class Stylesheet:
    """The style rules of a document.

    Parameters
    ----------
    root : Element
    skipped : Skipped
        Counts what cannot be read.

    Raises
    ------
    ValueError
        If there are too many rules; from :meth:`declared`, if matching them takes too long.
    """

    def __init__(self, root: Element, skipped: Skipped) -> None:
        self._skipped = skipped
        texts = [text for text in _texts(root) if text.strip()]
        if sum(map(len, texts)) > MAX_TEXT:
            raise ValueError(f"its style sheets have more than {MAX_TEXT:,} characters")
        self._budget = _WorkBudget()
        self._node = _node_class(self._budget)
        self._matcher = _matcher(texts, skipped) if texts else None
        self._lookups = 1
        if any(map(LOOKUP.search, texts)):
            self._lookups = sum(1 for _ in root.iter())

    def node(self, root: Element) -> ElementWrapper:
        """Wrap an element as the root that selectors see; ``<use>`` makes one of what it repeats."""
        return self._node.from_xml_root(root)

    def declared(self, node: ElementWrapper) -> dict[str, Any]:
        """Return the values that attributes, rules and the ``style`` attribute declare, by property."""
        element = node.etree_element
        values = self._attributes(element)
        rules = self._matched(node) if self._matcher is not None else ()
        inline = _declarations(element.get("style", ""))
        self._skipped.add(INVALID_DECLARATIONS, inline.invalid)
        for rule in rules:
            values |= rule[-1][0]
        values |= inline.usual
        for rule in rules:
            values |= rule[-1][1]
        return values | inline.important

    def _matched(self, node: ElementWrapper) -> Sequence[Any]:
        matcher, element = self._matcher, node.etree_element
        assert matcher is not None  # noqa: S101 - asked for only where there are rules
        buckets = [
            matcher.other_selectors,
            matcher.lower_local_name_selectors.get(node.local_name.lower(), ()),
        ]
        buckets += [matcher.class_selectors.get(name, ()) for name in node.classes]
        buckets.append(matcher.id_selectors.get(element.get("id"), ()))
        self._budget.spend(sum(map(len, buckets)) * self._lookups)
        return matcher.match(node)  # type: ignore[no-any-return]

    def _attributes(self, element: Element) -> dict[str, Any]:
        values = {}
        own = SHAPED_BY.get(element.tag, ())
        for name, text in element.attrib.items():
            if name in own or (name in PARSERS and name not in NOT_ATTRIBUTES):
                value = parse_attribute(name, text)
                if value is not None:
                    values[name] = value
                elif text.strip():
                    self._skipped.add(f"values of {name} that cannot be read, which are ignored")
        return values


@lru_cache(maxsize=1 << 12)
def _declarations(text: str) -> Declarations:
    return parse_declarations(text)


def _texts(root: Element) -> Iterator[str]:
    for element in root.iter("style"):
        kind = element.get("type", "").strip().lower()
        if kind in ("", "text/css") and is_for_screens(element.get("media", "")):
            yield element.text or ""


def is_for_screens(query: str) -> bool:
    """Return whether a media query applies to a plain screen with a light colour scheme."""
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


def _matcher(texts: Sequence[str], skipped: Skipped) -> Matcher | None:
    import tinycss2
    from cssselect2 import Matcher, SelectorError, compile_selector_list

    matcher, count = Matcher(), 0
    namespaces: dict[str | None, str] = {}
    for text in texts:
        parsed = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        for rule in _rules(parsed, namespaces, skipped):
            usual, important, invalid = parse_declarations(rule.content)
            skipped.add(INVALID_DECLARATIONS, invalid)
            count += 1
            if count > MAX_RULES:
                raise ValueError(f"its style sheets have more than {MAX_RULES:,} rules")
            if not usual and not important:
                continue
            try:
                for selector in compile_selector_list(rule.prelude, namespaces):
                    if selector.pseudo_element is None:
                        matcher.add_selector(selector, (usual, important))
            except SelectorError:
                skipped.add(INVALID_RULES)
    return matcher if matcher.order else None


def _rules(nodes: Sequence[Any], namespaces: dict[str | None, str], skipped: Skipped) -> Iterator[Any]:
    """Yield the rules that apply to a screen; add the namespaces that are declared to ``namespaces``."""
    import tinycss2

    for node in nodes:
        if node.type == "qualified-rule":
            yield node
        elif node.type == "error":
            skipped.add(INVALID_RULES)
        elif node.type == "at-rule" and node.lower_at_keyword == "namespace":
            _declare_namespace(node.prelude, namespaces)
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            skipped.add("style sheets of other files, which are not read")
        elif node.type == "at-rule" and node.content is not None and _applies(node):
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, namespaces, skipped)


def _applies(rule: Any) -> bool:
    import tinycss2

    prelude = tinycss2.serialize(rule.prelude)
    if rule.lower_at_keyword == "media":
        return is_for_screens(prelude)
    return rule.lower_at_keyword in ("supports", "layer") and not prelude.strip().lower().startswith("not")


def _declare_namespace(prelude: Sequence[Any], namespaces: dict[str | None, str]) -> None:
    prefix: str | None = None
    for token in prelude:
        address = token.value if token.type == "string" else url_of(token)
        if token.type == "ident":
            prefix = token.value
        elif address is not None:
            namespaces[prefix] = "" if address == SVG else address


class _WorkBudget:
    """Counts the steps of matching selectors."""

    def __init__(self) -> None:
        self._left = MAX_STEPS

    def spend(self, n: int) -> None:
        """Count ``n`` steps; raise a ValueError once there are too many."""
        self._left -= n
        if self._left < 0:
            raise ValueError("its style sheets ask for too much work")


def _node_class(budget: _WorkBudget) -> type[ElementWrapper]:
    """Return a class of wrapped elements that count the steps to ancestors and siblings."""
    from cssselect2 import ElementWrapper

    def along(node: ElementWrapper, relation: str) -> Iterator[ElementWrapper]:
        while (node := getattr(node, relation)) is not None:
            budget.spend(1)
            yield node

    class Node(ElementWrapper):  # type: ignore[misc]
        @property
        def ancestors(self) -> Iterator[ElementWrapper]:
            return along(self, "parent")

        @property
        def previous_siblings(self) -> Iterator[ElementWrapper]:
            return along(self, "previous")

    return Node
