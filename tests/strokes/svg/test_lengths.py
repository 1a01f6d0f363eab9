"""Lengths with all units."""

from __future__ import annotations

import math

import pytest

from limner.strokes.svg.lengths import Units, parse_length

FRAME = Units(300, 400, (500, 600), font=20, root_font=10)


def measured(text: str, key: str = "x") -> float | None:
    length = parse_length(text)
    return None if length is None else FRAME.resolve(length, key)


@pytest.mark.parametrize(
    ("text", "user_units"),
    {
        "7": 7,
        "7px": 7,
        "1in": 96,
        "2.54cm": 96,
        "25.4mm": 96,
        "101.6Q": 96,
        "72pt": 96,
        "6PC": 96,
        "2em": 40,
        "2ex": 20,
        "2ch": 20,
        "2rem": 20,
        "1vw": 5,
        "1vh": 6,
        "1vmin": 5,
        "1vmax": 6,
        "1svh": 6,
        "-.5e1": -5,
        "+4.": 4,
        "1E-1": 0.1,
        " 3\n": 3,
        "calc(50% - 10px)": 140,
        "calc(2 * (1em + 5px) / 4)": 12.5,
        "calc(10px*-2)": -20,
    }.items(),
)
def test_lengths(text: str, user_units: float) -> None:
    assert measured(text) == pytest.approx(user_units)


@pytest.mark.parametrize(
    "text",
    ["", "x", "1 2", "1foo", "44mmx", "5vx", "nan", "1e999", "1px2", "%", "--1", "1,5", "1 px", "auto"],
)
def test_what_is_no_length(text: str) -> None:
    assert measured(text) is None


@pytest.mark.parametrize(
    "text", ["calc()", "calc(1px 2px)", "calc(1px * 2px)", "calc(1px / 0)", "min(1px, 2px)"]
)
def test_what_cannot_be_calculated(text: str) -> None:
    assert measured(text) is None


def test_percentages() -> None:
    assert [measured("10%", key) for key in ("x", "width", "cx", "rx", "x1")] == [30] * 5
    assert [measured("10%", key) for key in ("y", "height", "cy", "ry", "y2")] == [40] * 5
    assert measured("10%", "r") == pytest.approx(50 / math.sqrt(2))
