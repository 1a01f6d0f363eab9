"""Small pictures on large ones."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from limner.curation import tiles as module
from limner.curation.items import DrawingItems, PictureItems
from limner.curation.tiles import PATH_BOX, path_of, tile_sheets
from limner.strokes.drawing import Drawing


def _opened(address: str) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(address.partition(",")[2])))


@pytest.mark.slow
def test_ink_takes_any_colour(items: DrawingItems) -> None:
    """Where a drawing is black on white, its tile is opaque on transparent, up to the levels."""
    sheets = tile_sheets(items)
    assert (sheets.side, sheets.ink, len(sheets.sources)) == (128, True, 1)
    assert sheets.sources[0].startswith("data:image/png;base64,")
    sheet = _opened(sheets.sources[0]).convert("RGBA")
    for i in (0, 11, 119):
        row, column = divmod(i, sheets.columns)
        box = (column * 128, row * 128, column * 128 + 128, row * 128 + 128)
        opacity = np.asarray(sheet.crop(box))[..., 3].astype(int)
        wanted = 255 - np.asarray(items.picture(i, 128).convert("L")).astype(int)
        assert np.abs(opacity - wanted).max() <= 9


@pytest.mark.slow
def test_several_sheets_and_smaller_tiles(items: DrawingItems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHEET_PX", 128)
    monkeypatch.setattr(module, "MOST_PIXELS", 120 * 32**2)
    told: list[int] = []
    sheets = tile_sheets(items, lambda done, _: told.append(done))
    assert (sheets.side, sheets.columns, sheets.per_sheet) == (32, 4, 16)
    assert len(sheets.sources) == 8
    assert _opened(sheets.sources[-1]).size == (128, 64)  # eight tiles are left
    assert told == list(range(1, 121))


def test_pictures_keep_their_colours(pages: Path) -> None:
    items = PictureItems.of([pages])
    sheets = tile_sheets(items)
    assert (sheets.ink, sheets.paths) == (False, None)
    sheet = _opened(sheets.sources[0])
    assert sheet.mode == "RGB"
    row, column = divmod(items.ids.index("watercolours/wate00.png"), sheets.columns)
    tile = sheet.crop((column * 128, row * 128, column * 128 + 128, row * 128 + 128))
    assert np.ptp(np.asarray(tile).astype(int), axis=2).max() > 60


@pytest.mark.slow
def test_paths(items: DrawingItems) -> None:
    sheets = tile_sheets(items)
    assert sheets.paths is not None
    assert len(sheets.paths) == 120
    for i, path in enumerate(sheets.paths):
        numbers = [int(n) for n in re.findall(r"-?\d+", path)]
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+)+", path)
        assert path.count("M") == len(items.drawing(i))
        assert max(map(abs, numbers)) <= PATH_BOX


def test_a_path_ends_where_its_stroke_ends() -> None:
    path = path_of(Drawing.from_polylines(([[0, 0], [50, 0], [50, 100], [0, 100]],)))
    start, steps = path[1:].split("l")
    moves = np.array([int(n) for n in re.findall(r"-?\d+", steps)]).reshape(-1, 2)
    end = np.array([int(n) for n in start.split()]) + moves.sum(axis=0)
    height = end[1] - int(start.split()[1])
    assert end[0] == int(start.split()[0])
    assert height == pytest.approx(PATH_BOX * 0.86, abs=3)


def test_a_dot_has_a_path() -> None:
    assert path_of(Drawing.from_polylines(([[3, 4]],))) == f"M{PATH_BOX // 2} {PATH_BOX // 2}l0 0"
