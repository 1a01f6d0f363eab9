"""Fixes as tables of TOML or JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from math import isfinite
from typing import TYPE_CHECKING, Any

from limner.scan.fixes import DeleteFix, FlipFix, JoinFix, OrderFix, ReverseFix, SplitFix

if TYPE_CHECKING:
    from limner.scan.fixes import Fix, Place, Trail

KINDS: dict[str, type[Any]] = {
    kind.kind: kind for kind in (FlipFix, JoinFix, SplitFix, ReverseFix, DeleteFix, OrderFix)
}
"""The fixes by the names that files give them."""

TRAIL = 4
"""Points of a trail."""

MAX_LINES = 64
"""Lines of a junction that a fix may name."""

DIGITS = 2
"""Decimals of positions: a hundredth of a pixel."""


def entry_of(fix: Fix, page: int = 1) -> dict[str, Any]:
    """Return a fix as a table of TOML or JSON."""
    entry: dict[str, Any] = {"kind": fix.kind}
    if page != 1:
        entry["page"] = page
    for field in fields(fix):
        value = getattr(fix, field.name)
        if field.name != "kind" and value is not None:
            entry[field.name] = value if field.name == "pairs" else _rounded(value)
    return entry


def fix_of(entry: Any) -> tuple[int, Fix]:
    """Return the page and the fix that a table describes.

    Raises
    ------
    KeyError
        With the name of what is missing.
    TypeError, ValueError
        If it is no fix; the message says why.
    """
    if not isinstance(entry, Mapping):
        raise TypeError("it is no table")
    values = dict(entry)
    kind, page = values.pop("kind"), values.pop("page", 1)
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    if not isinstance(page, int) or isinstance(page, bool) or page < 1:
        raise ValueError(f"page must be a number from 1, not {page!r}")
    known = {field.name for field in fields(KINDS[kind])} - {"kind"}
    if unknown := sorted(map(str, values.keys() - known)):
        raise ValueError(f"{kind} has no {unknown[0]!r}")
    if kind == "flip":
        return page, _flip(values)
    read = {name: _place(value) if name == "at" else _trail(value) for name, value in values.items()}
    missing = known - {"after"} - read.keys()
    if missing:
        raise KeyError(min(missing))
    fix: Fix = KINDS[kind](**read)
    return page, fix


def _flip(values: Mapping[str, Any]) -> FlipFix:
    lines = tuple(_place(value) for value in _list(values["lines"]))
    if not 2 <= len(lines) <= MAX_LINES:
        raise ValueError(f"lines must be 2 to {MAX_LINES} points")
    pairs = []
    for pair in _list(values["pairs"]):
        one, two = (n for n in _list(pair))
        if not all(isinstance(n, int) and 0 <= n < len(lines) for n in (one, two)) or one == two:
            raise ValueError(f"a pair must name two of the {len(lines)} lines, not {pair!r}")
        pairs.append((min(one, two), max(one, two)))
    named = [line for pair in pairs for line in pair]
    twice = {line for line in named if named.count(line) > 1}
    cusp = len(lines) == 3 and len(set(pairs)) == 2
    if len(set(pairs)) < len(pairs) or (twice and not cusp):
        raise ValueError("a line goes on as one other, or is the tip of a fork of three lines")
    return FlipFix(_place(values["at"]), lines, tuple(sorted(pairs)))


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError(f"{value!r} is no list")
    return value


def _place(value: Any) -> Place:
    x, y = _list(value)
    for number in (x, y):
        if not isinstance(number, (int, float)) or isinstance(number, bool) or not isfinite(number):
            raise ValueError(f"{number!r} is no position")
    return (float(x), float(y))


def _trail(value: Any) -> Trail:
    points = [_place(point) for point in _list(value)]
    if len(points) != TRAIL:
        raise ValueError(f"a stroke is named by {TRAIL} points, not {len(points)}")
    one, two, three, four = points
    return (one, two, three, four)


def _rounded(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_rounded(one) for one in value]
    return round(float(value), DIGITS)
