"""The sheet of neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from limner.curation.items import DrawingItems, PictureItems
from limner.curation.neighbour_sheet import check_sheet, write_sheet
from limner.errors import LimnerError


def test_a_sheet_of_drawings(items: DrawingItems, tmp_path: Path) -> None:
    write_sheet(items, "toys#3", 3, [(4, 0.25), (9, 0.5)], tmp_path / "x.svg")
    text = (tmp_path / "x.svg").read_text()
    assert text.count('<g id="drawing-') == 3
    assert "Most like toys#3" in text
    for words in ("sought", "0.250", "0.500"):
        assert words in text
    write_sheet(items, "toys#3", 3, [(4, 0.25)], tmp_path / "x.png")
    with Image.open(tmp_path / "x.png") as sheet:
        assert sheet.format == "PNG"


@pytest.mark.slow
def test_a_sheet_of_pictures(pages: Path, tmp_path: Path) -> None:
    items = PictureItems.of([pages])
    write_sheet(items, "x", None, [(0, 0.1), (1, 0.2)], tmp_path / "x.png")
    assert (tmp_path / "x.png").stat().st_size > 1000
    with pytest.raises(LimnerError, match=r"pictures is written as \.png"):
        check_sheet(items, tmp_path / "x.svg")


def test_kinds_of_files(items: DrawingItems, tmp_path: Path) -> None:
    check_sheet(items, tmp_path / "x.svg")
    with pytest.raises(LimnerError, match=r"\.svg or \.png"):
        check_sheet(items, tmp_path / "x.gif")
