"""Lengths and papers as people type them."""

from __future__ import annotations

import pytest

from limner.plot.paper import SIZES_MM, is_named, length_mm, paper_mm


@pytest.mark.parametrize(
    ("text", "length"),
    [("15mm", 15), ("15", 15), ("1.5cm", 15), (".5 in", 12.7), ("3m", 3000), ("0", 0), (" 2. mm ", 2)],
)
def test_lengths(text: str, length: float) -> None:
    assert length_mm(text) == pytest.approx(length)


@pytest.mark.parametrize("text", ["", "mm", "-1mm", "1 foot", "1e3mm", "nan", "1mm2"])
def test_what_is_no_length(text: str) -> None:
    with pytest.raises(ValueError, match="is no length"):
        length_mm(text)


@pytest.mark.parametrize(
    ("size", "sides"),
    [("a4", (210, 297)), ("Letter", (215.9, 279.4)), ("8x10in", (203.2, 254)), ("20.5 x 30 cm", (205, 300))],
)
def test_papers(size: str, sides: tuple[float, float]) -> None:
    assert paper_mm(size) == pytest.approx(sides)
    assert is_named(size) == (size.lower() in {name.lower() for name in SIZES_MM})


@pytest.mark.parametrize("size", ["A0", "10x10", "0x10mm", "10x99999mm", "", "axbmm"])
def test_what_is_no_paper(size: str) -> None:
    with pytest.raises(ValueError, match="a page is"):
        paper_mm(size)
