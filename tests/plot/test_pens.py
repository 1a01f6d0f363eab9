"""Pens and AxiDraw's codes."""

from __future__ import annotations

import pytest

from limner.plot.pens import BLACK, layer_name, parse_pen


def test_a_pen_is_read() -> None:
    assert parse_pen("black") == BLACK
    fine = parse_pen("fine liner=#1d3557+S30+H40+D500!")
    assert (fine.name, fine.colour.hex, fine.codes, fine.pause) == (
        "fine liner",
        "#1d3557",
        "+S30+H40+D500",
        True,
    )
    assert (fine.speed, BLACK.speed) == (30, None)


@pytest.mark.parametrize(
    "text", ["", "blak", "=red", "red+S0", "red+S101", "red+X5", "red+S", "red+H40x", "a=b=c"]
)
def test_what_is_no_pen(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_pen(text)


def test_names_of_layers() -> None:
    assert layer_name(2, parse_pen("red+S30"), pause=True) == "!2+S30 red"
    assert layer_name(1, BLACK, pause=False) == "1 black"
