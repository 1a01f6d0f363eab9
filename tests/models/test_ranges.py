"""Ranges of settings: where they stand, and what is said of what lies outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import pytest

from limner.models.ranges import DROPOUT, KEEP, at_least, between, check_settings


@dataclass(frozen=True)
class Inner:
    share: Annotated[float, KEEP] = 1.0
    lost: Annotated[float, DROPOUT] = 0.0


@dataclass(frozen=True)
class Outer:
    size: Annotated[int, at_least(1, most=10)] = 5
    scale: Annotated[float, between(1e-6, 2)] = 1.0
    inner: Inner = field(default_factory=Inner)
    free: int = -3

    def check(self, name: str) -> None:
        if self.size == 7:
            raise ValueError(f"{name}.size must not be 7.")


def test_defaults_are_fine() -> None:
    check_settings(Outer(), "x")
    check_settings(Outer(size=10, scale=1e-6, inner=Inner(1.0, 0.99)), "x")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (Outer(size=0), r"^x\.size must be at least 1, not 0\.$"),
        (Outer(size=11), r"^x\.size must be at most 10\.$"),
        (Outer(scale=0), r"^x\.scale must be from 1e-6 to 2, not 0\.$"),
        (Outer(scale=float("nan")), r"^x\.scale must be from 1e-6 to 2, not nan\.$"),
        (Outer(inner=Inner(share=0)), r"^x\.inner\.share must be above 0 and at most 1, not 0\.$"),
        (Outer(inner=Inner(lost=1)), r"^x\.inner\.lost must be from 0 to below 1, not 1\.$"),
        (Outer(size=7), r"^x\.size must not be 7\.$"),
    ],
)
def test_what_is_out_of_range_is_refused(settings: Outer, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check_settings(settings, "x")
