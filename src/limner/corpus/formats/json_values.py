"""JSON values that hold drawings: what their keys mean, and which of them are drawings.

Letters: ``n`` points of a drawing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from limner.corpus.formats.format import Pen
from limner.corpus.numbers import as_numbers
from limner.corpus.rows import checked, with_lifts
from limner.strokes.formats import stroke5_to_stroke3

STROKE_KEYS = (
    "drawing",
    "strokes",
    "paths",
    "lines",
    "traces",
    "curves",
    "ink",
    "all_strokes",
    "sketch",
    "image",
)
"""Under which of its keys an object holds its strokes; the first that is there and holds a list or text."""
DRAWING_KEYS = ("drawings", "sketches", "samples", "data", "items", "records")
"""Under which an object holds many drawings."""
LABEL_KEYS = ("word", "label", "class", "category", "class_name", "name")
ID_KEYS = ("key_id", "id", "key")
RECOGNIZED_KEYS = ("recognized", "recognised")
DEEPEST = 100
"""Lists within lists that a value may have."""


def lowered(value: Any) -> dict[str, Any]:
    """Return an object with its keys in lower case; nothing of what is none."""
    return {str(key).lower(): one for key, one in value.items()} if isinstance(value, Mapping) else {}


def is_true(value: Any) -> bool:
    """Return whether a value, or what it is as text, is not false; None is not."""
    return str(value).strip().lower() not in ("false", "0")


def first_of(facts: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """Return the value of the first key that is there and not null."""
    return next((facts[key] for key in keys if facts.get(key) is not None), None)


def parsed(text: str | bytes) -> Any:
    """Read JSON; numbers of any length are admitted, as float where they are long.

    Raises
    ------
    ValueError
        If it is not JSON, or lies too deep.
    """
    try:
        return json.loads(text, parse_int=_integer)
    except RecursionError:
        raise ValueError("its lists lie too deep") from None
    except ValueError:
        raise ValueError("its text is not JSON") from None


def parsed_or_none(text: str) -> Any:
    """Read JSON; None if it is none."""
    with suppress(ValueError):
        return parsed(text)
    return None


def is_rows(value: Any) -> bool:
    """Return whether a list is stroke-3 or stroke-5 rows rather than strokes.

    Rows are lists of three numbers of which the last is 0 or 1, with a 1 among them, or of five of which the
    last three are one 1 and zeros.
    """
    if not isinstance(value, list) or not value or not isinstance(value[0], list):
        return False
    width = len(value[0])
    if width not in (3, 5) or len(value) < 2:
        return False
    if not all(isinstance(row, list) and len(row) == width and all(map(is_number, row)) for row in value):
        return False
    pens = [tuple(row[2:]) for row in value]
    if width == 5:
        return all(sorted(pen) == [0, 0, 1] for pen in pens)
    lifts = [pen[0] for pen in pens]
    return set(lifts) <= {0, 1} and 1 in lifts


def rows_of(value: list[list[float]], pen: Pen) -> NDArray[np.float32]:
    """Return the rows of a drawing for which :func:`is_rows` holds."""
    width = len(value[0])
    array = as_numbers([number for row in value for number in row]).reshape(-1, width)
    return checked(stroke5_to_stroke3(array) if width == 5 else with_lifts(array, pen))


def drawings_within(value: Any) -> Iterator[Any]:
    """Return the drawings of a JSON file, one after another: many in a list or an object, or a single one."""
    if isinstance(value, Mapping):
        facts = lowered(value)
        many = first_of(facts, DRAWING_KEYS)
        if first_of(facts, STROKE_KEYS) is None and isinstance(many, (list, Mapping)):
            yield from drawings_within(many) if isinstance(many, list) else many.values()
        elif _is_by_label(value):
            yield from (
                {"drawing": one, "word": word} for word, drawings in value.items() for one in drawings
            )
        else:
            yield value
    elif isinstance(value, list) and _is_many(value):
        yield from value
    else:
        yield value


def _is_many(value: list[Any]) -> bool:
    """Return whether a list holds drawings, not the strokes of one."""
    first = next((one for one in value if one), None)
    if isinstance(first, Mapping):
        facts = lowered(first)
        return first_of(facts, STROKE_KEYS) is not None
    return isinstance(first, str) or is_rows(first) or _depth(first) >= 3


def _is_by_label(value: Mapping[str, Any]) -> bool:
    """Return whether an object has lists of drawings under their labels."""
    if not value or first_of(lowered(value), STROKE_KEYS) is not None:
        return False
    return all(isinstance(one, list) and one and _is_many(one) for one in value.values())


def _depth(value: Any) -> int:
    """Count the lists within each other down to the first number; an object counts as it would as lists."""
    depth = 0
    while isinstance(value, list) and depth < DEEPEST:
        depth += 1
        value = next((one for one in value if one or is_number(one)), None)
    if not isinstance(value, Mapping):
        return depth
    return depth + (1 if is_number(lowered(value).get("x")) else 2)


def is_number(value: Any) -> bool:
    """Return whether a value is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < DEEPEST else float(digits)
