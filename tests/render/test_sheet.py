"""Sheets for notebooks."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from limner.render.sheet import sheet
from limner.render.style import Style
from limner.strokes.drawing import Drawing

DRAWINGS = [Drawing.from_polylines([[(0, 0), (k, 9), (9, k)]]) for k in range(1, 4)]


def test_a_notebook_shows_what_is_saved(tmp_path: Path) -> None:
    shown = sheet(iter(DRAWINGS), columns=3, captions=["a", "b", "c"], style=Style(ground="white"))
    shown.save(tmp_path / "x.svg")
    assert shown._repr_svg_() == (tmp_path / "x.svg").read_text(encoding="utf-8")
    assert ">b</text>" in shown._repr_svg_()
    assert 'fill="#ffffff"' in shown._repr_svg_()


def test_one_drawing_is_a_sheet_too() -> None:
    root = ElementTree.fromstring(sheet(DRAWINGS[:1])._repr_svg_())
    assert [group.get("id") for group in root if group.get("id", "").startswith("drawing")] == [
        "drawing-0000"
    ]


def test_bad_options_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="captions"):
        sheet(DRAWINGS, captions=["one"])
    with pytest.raises(ValueError, match="at least one"):
        sheet([])
