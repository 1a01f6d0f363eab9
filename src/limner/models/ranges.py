"""Ranges of settings: declared beside each setting, checked for a whole tree of settings at once."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

LARGEST_SIZE = 65_536
"""Sizes beyond it are slips of the finger: no layer of a network for drawings is as wide."""


@dataclass(frozen=True)
class Range:
    """What a number must be: ``size: Annotated[int, at_least(1)] = 256``."""

    wanted: str
    """Ends the sentence "size must be"."""
    holds: Callable[[float], bool]
    most: int | None = None
    """The largest value, where there is one."""


def at_least(low: int, most: int = LARGEST_SIZE) -> Range:
    """Return the range of a size or count from ``low`` to ``most``."""
    return Range(f"at least {low}", lambda x: x >= low, most)


def between(low: float, high: float) -> Range:
    """Return the range from ``low`` to ``high``, both included."""
    return Range(f"from {_short(low)} to {_short(high)}", lambda x: low <= x <= high)


KEEP = Range("above 0 and at most 1", lambda x: 0 < x <= 1)
"""Range of the probability that a number is kept."""
DROPOUT = Range("from 0 to below 1", lambda x: 0 <= x < 1)
"""Range of the probability that a number is dropped."""


def check_settings(settings: Any, name: str) -> None:
    """Check all numbers of a settings dataclass and of those within it.

    A dataclass whose settings depend on each other has a method ``check(name)``, which is called last.

    Parameters
    ----------
    settings : dataclass instance
    name : str
        Its full name in sentences, such as ``model.decoder``.

    Raises
    ------
    ValueError
        Naming the first setting that is out of its range.
    """
    ranges = _ranges_of(type(settings))  # type: ignore[arg-type]  # a type can be hashed
    for field in dataclasses.fields(settings):
        value, full = getattr(settings, field.name), f"{name}.{field.name}"
        if dataclasses.is_dataclass(value):
            check_settings(value, full)
        for wanted in ranges.get(field.name, ()):
            if not wanted.holds(value):
                raise ValueError(f"{full} must be {wanted.wanted}, not {value}.")
            if wanted.most is not None and value > wanted.most:
                raise ValueError(f"{full} must be at most {wanted.most}.")
    if hasattr(settings, "check"):
        settings.check(name)


@cache
def _ranges_of(settings: type[Any]) -> dict[str, tuple[Range, ...]]:
    """Return the ranges of a dataclass by field; those without one are left out."""
    hints = typing.get_type_hints(settings, include_extras=True)
    ranges = {
        name: tuple(one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Range))
        for name, hint in hints.items()
    }
    return {name: found for name, found in ranges.items() if found}


def _short(value: float) -> str:
    """Return a number as people write it: ``1e6``, and not ``1e+06``."""
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{value:g}")
