"""Numbers on the command line that must lie within limits, or may be none."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from tyro.constructors import ConstructorRegistry, PrimitiveConstructorSpec, PrimitiveTypeInfo

N = TypeVar("N", int, float)


def whole(low: int, high: int | None = None) -> PrimitiveConstructorSpec[int]:
    """Return the constructor for a whole number from ``low`` to ``high``."""
    if high is None:
        return _number(int, lambda n: n >= low, f"a whole number from {low} up")
    return _number(int, lambda n: low <= n <= high, f"a whole number from {low} to {high}")


def positive(most: float = math.inf) -> PrimitiveConstructorSpec[float]:
    """Return the constructor for a finite number above 0 and at most ``most``."""
    limit = "" if math.isinf(most) else f" and at most {most:g}"
    return _number(float, lambda x: 0 < x <= most and math.isfinite(x), f"a number above 0{limit}")


def between(low: float, high: float) -> PrimitiveConstructorSpec[float]:
    """Return the constructor for a number from ``low`` to ``high``."""
    return _number(float, lambda x: low <= x <= high, f"a number from {low:g} to {high:g}")


def not_negative(most: float) -> PrimitiveConstructorSpec[float]:
    """Return the constructor for a number from 0 to ``most``."""
    return _number(float, lambda x: 0 <= x <= most, f"a number from 0 to {most:g}")


def optional_numbers() -> ConstructorRegistry:
    """Return a registry with which tyro reads a setting that may be None: a number, or the word none."""
    registry = ConstructorRegistry()
    specs = ((int | None, _optional(int, "a whole number")), (float | None, _optional(float, "a number")))

    @registry.primitive_rule
    def _rule(info: PrimitiveTypeInfo) -> PrimitiveConstructorSpec[Any] | None:
        return next((spec for kind, spec in specs if info.type == kind), None)

    return registry


def _optional(kind: type[N], wanted: str) -> PrimitiveConstructorSpec[N | None]:
    def read(words: list[str]) -> N | None:
        try:
            return None if words[0].lower() == "none" else kind(words[0])
        except ValueError:
            raise ValueError(f"must be {wanted} or none, not {words[0]}") from None

    return PrimitiveConstructorSpec(
        nargs=1,
        metavar=kind.__name__.upper(),
        instance_from_str=read,
        is_instance=lambda value: value is None or isinstance(value, (int, kind)),
        str_from_instance=lambda value: ["none" if value is None else str(value)],
    )


def _number(kind: type[N], fits: Callable[[N], bool], wanted: str) -> PrimitiveConstructorSpec[N]:
    def read(words: list[str]) -> N:
        try:
            value = kind(words[0])
        except ValueError:
            value = None
        if value is None or not fits(value):
            raise ValueError(f"must be {wanted}, not {words[0]}")
        return value

    return PrimitiveConstructorSpec(
        nargs=1,
        metavar=kind.__name__.upper(),
        instance_from_str=read,
        is_instance=lambda value: isinstance(value, (int, kind)),
        str_from_instance=lambda value: [str(value)],
    )
