"""Pictures: ink where the strokes are, paper elsewhere."""

from __future__ import annotations

from json import loads
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from limner.render.layout import plan_picture
from limner.render.png import draw_image, png_bytes, sheet_to_image
from limner.render.sheet_layout import SheetOptions, plan_sheet
from limner.render.style import Style
from limner.strokes.drawing import Drawing

SQUARE = Drawing.from_polylines(([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)],))
CROSS = Drawing.from_polylines(([(0, 0), (10, 10)], [(10, 0), (0, 10)]))
PLAIN = Style(ink="black", paper="white")


def darkness(image: Image.Image) -> NDArray[np.float64]:
    """Return how dark each pixel is, from 0 to 1."""
    return 1 - np.asarray(image.convert("L"), np.float64) / 255


def test_ink_lies_along_the_stroke_and_paper_elsewhere() -> None:
    image = draw_image(SQUARE, 200, Style(stroke_width_px=4), padding=0.09)
    ink, paper = Style().ink_colour, Style().paper_colour
    assert image.mode == "RGB"
    assert image.size == (200, 200)
    for xy in ((20, 20), (100, 20), (179, 100), (100, 179), (20, 60)):
        assert image.getpixel(xy) == ink
    for xy in ((0, 0), (100, 100), (10, 100), (199, 199), (24, 24)):
        assert image.getpixel(xy) == paper


@pytest.mark.parametrize("pen_px", [1.0, 2.5, 6.0])
def test_the_pen_has_the_width_asked_for(pen_px: float) -> None:
    dark = darkness(draw_image(SQUARE, 120, PLAIN.replace(stroke_width_px=pen_px)))
    assert dark[60, :60].sum() == pytest.approx(pen_px, abs=0.02)
    assert dark[:60, 60].sum() == pytest.approx(pen_px, abs=0.02)


def test_a_symmetric_drawing_gives_a_symmetric_picture() -> None:
    pixels = np.asarray(draw_image(CROSS, 101, PLAIN)).astype(int)
    for turned in (pixels[::-1], pixels[:, ::-1], pixels.transpose(1, 0, 2)):
        assert abs(turned - pixels).max() <= 2


def test_slanted_lines_are_smooth() -> None:
    dark = darkness(
        draw_image(Drawing.from_polylines(([(0, 0), (10, 3.17)],)), 100, PLAIN.replace(stroke_width_px=2))
    )
    assert len(np.unique(dark)) > 20
    rows = np.arange(100)[:, None] + 0.5
    columns = slice(15, 85)
    centre = (dark * rows)[:, columns].sum(axis=0) / dark[:, columns].sum(axis=0)
    assert abs(np.diff(centre) - 0.317).max() < 0.1  # no steps in the middle of the line
    assert np.ptp(dark[:, columns].sum(axis=0)) < 0.1  # and no change of its weight


def test_empty_drawings_leave_the_paper() -> None:
    image = draw_image(Drawing(()), 50)
    assert image.getcolors() == [(2500, Style().paper_colour)]


def test_a_dot_is_a_dot_in_the_middle() -> None:
    dark = darkness(draw_image(Drawing.from_polylines(([(4, 4)],)), 60, PLAIN.replace(stroke_width_px=8)))
    assert dark[30, 30] == 1
    assert dark.sum() == pytest.approx(np.pi * 16, rel=0.03)


def test_pictures_need_not_be_square() -> None:
    image = draw_image(Drawing.from_polylines(([(0, 0), (30, 10)],)), (300, 120), PLAIN)
    rows, columns = np.nonzero(darkness(image))
    assert image.size == (300, 120)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(59.5, abs=1)
    assert np.ptp(columns) > 250


def test_inks_show() -> None:
    strokes = draw_image(CROSS, 100, Style(colour_by="stroke"))
    order = draw_image(SQUARE, 100, Style(colour_by="order"))
    assert strokes.getpixel((20, 20)) != strokes.getpixel((79, 20))
    assert len({order.getpixel((x, 10)) for x in (20, 40, 60, 80)}) > 2


DOT = Drawing.from_polylines([[(0, 0)]])


def test_a_sheet_holds_what_its_cells_hold() -> None:
    sheet = plan_sheet([SQUARE, CROSS, DOT], columns=2, cell_px=80)
    pixels = np.asarray(sheet_to_image([SQUARE, CROSS, DOT], columns=2, cell_px=80))
    assert pixels.shape == (sheet.height, sheet.width, 3)
    outside = pixels.copy()
    for cell, drawing in zip(sheet.cells, (SQUARE, CROSS, DOT), strict=True):
        part = np.s_[cell.y : cell.y + 80, cell.x : cell.x + 80]
        alone = np.asarray(draw_image(drawing, 80)).astype(int)
        assert abs(pixels[part] - alone).max() <= 2
        outside[part] = Style().paper_colour
    assert (outside == Style().paper_colour).all()


def test_lettering_stands_where_it_was_laid_out() -> None:
    texts: SheetOptions = {"captions": ["one", "two"], "title": "Two", "row_headings": ["row"]}
    blank = Drawing(())  # its cell says so
    sheet = plan_sheet([blank, blank], **texts)
    dark = darkness(sheet_to_image([blank, blank], style=PLAIN, **texts))
    assert len(sheet.labels) == 6
    for label in sheet.labels[:4]:
        size = round(label.size_px)
        left = {"start": label.x, "middle": label.x - size, "end": label.x - 2 * size}[label.anchor]
        part = np.s_[round(label.y) - size : round(label.y) + 3, round(left) : round(left) + 2 * size]
        assert dark[part].sum() > 5
        dark[part] = 0
    for cell in sheet.cells:
        dark[cell.y : cell.y + cell.height, cell.x : cell.x + cell.width] = 0
    assert dark.sum() < 5


def test_letters_the_font_lacks_do_not_stop_a_sheet() -> None:
    assert sheet_to_image([CROSS], captions=["猫 é 🐈 \x00"], title="\n").size[0] > 0


def test_the_same_drawing_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (png_bytes(draw_image(CROSS, 64)) for _ in range(2))
    assert first == second
    (tmp_path / "x.png").write_bytes(first)
    with Image.open(tmp_path / "x.png") as image:
        assert np.array_equal(np.asarray(image), np.asarray(draw_image(CROSS, 64)))


def test_layout_and_picture_agree() -> None:
    layout = plan_picture(CROSS, 90, PLAIN)
    dark = darkness(draw_image(CROSS, 90, PLAIN))
    x_min, y_min, x_max, y_max = layout.drawings[0].bounds
    rows, columns = np.nonzero(dark)
    edge = layout.pen_px / 2 + 1
    assert (columns.min(), rows.min()) == pytest.approx((x_min - edge, y_min - edge), abs=1.5)
    assert (columns.max(), rows.max()) == pytest.approx((x_max + edge - 1, y_max + edge - 1), abs=1.5)


def test_real_drawings_stay_in_their_cells(data_dir: Path) -> None:
    lines = (data_dir / "quickdraw" / "simplified" / "cat.ndjson").read_text().splitlines()
    cats = [Drawing.from_quickdraw(loads(line)["drawing"]) for line in lines]
    pixels = np.asarray(sheet_to_image(cats, cell_px=60)).copy()
    for cell in plan_sheet(cats, cell_px=60).cells:
        part = np.s_[cell.y : cell.y + 60, cell.x : cell.x + 60]
        assert (pixels[part] != Style().paper_colour).any()
        pixels[part] = Style().paper_colour
    assert (pixels == Style().paper_colour).all()
