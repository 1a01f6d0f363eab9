"""Grounds, smooth lines and two hands, in SVG, PNG and GIF."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor

from limner.render.colouring import inked_strokes
from limner.render.gif import drawing_to_gif
from limner.render.look import Look
from limner.render.options import Ground
from limner.render.png import draw_image, sheet_to_image
from limner.render.sheet_layout import NOTHING, good_columns, plan_sheet
from limner.render.style import HAND_INKS, Style
from limner.render.svg import picture_to_svg, sheet_to_svg
from limner.render.write import write_drawings
from limner.strokes.drawing import Drawing

DRAWING = Drawing.from_polylines([[(0, 0), (40, 10), (10, 60)], [(70, 0), (70, 70), (20, 90)]])


@pytest.mark.parametrize(
    ("ground", "corner"), [("auto", "#faf7f0"), ("paper", "#faf7f0"), ("white", "#ffffff")]
)
def test_grounds_of_pictures(ground: Ground, corner: str) -> None:
    style = Look(ground).style()
    image = draw_image(DRAWING, 64, style)
    assert image.mode == "RGB"
    assert tuple(np.asarray(image)[0, 0]) == ImageColor.getrgb(corner)
    assert corner in sheet_to_svg([DRAWING], style=style)


def test_without_a_ground_the_ink_alone_is_left() -> None:
    bare = sheet_to_image([DRAWING], style=Style(ground="none"), captions=["two lines"])
    white = sheet_to_image([DRAWING], style=Style(ground="white"), captions=["two lines"])
    assert bare.mode == "RGBA"
    assert bare.getchannel("A").getextrema() == (0, 255)
    under = Image.new("RGBA", bare.size, "white")
    under.alpha_composite(bare)
    gap = np.abs(np.asarray(under.convert("RGB"), int) - np.asarray(white, int))
    assert gap.max() <= 24  # letters are mixed in steps of the ground; lines agree
    assert gap.mean() < 0.2
    assert "<rect" not in sheet_to_svg([DRAWING], style=Style(ground="none"))


def test_a_film_without_a_ground() -> None:
    with Image.open(io.BytesIO(drawing_to_gif(DRAWING, size=40, style=Style(ground="none")))) as film:
        assert np.asarray(film.convert("RGBA"))[0, 0, 3] == 0


@pytest.mark.parametrize("smooth", [False, True])
def test_a_drawing_of_its_own_keeps_its_coordinates(smooth: bool) -> None:
    plain = picture_to_svg(DRAWING, Style(smooth=smooth))
    assert "<rect" not in plain
    assert ("C" in plain) is smooth
    assert "M0 0" in plain
    assert '<rect id="paper"' in picture_to_svg(DRAWING, Style(ground="white"))


def test_the_default_is_the_plain_document(tmp_path: Path) -> None:
    write_drawings([DRAWING], tmp_path / "a.svg", style=Look().style())
    assert (tmp_path / "a.svg").read_text() == DRAWING.to_svg()


@pytest.mark.parametrize("given", range(8))
def test_two_hands_meet_in_the_last_point_that_was_given(given: int) -> None:
    pieces = [p for s in inked_strokes(DRAWING, Style(colour_by="hands", given_points=given)) for p in s]
    yours = [p for p in pieces if p.colour.hex == HAND_INKS[0]]
    models = [p for p in pieces if p.colour.hex == HAND_INKS[1]]
    assert sum(len(p.points) for p in yours) == min(given, 6)
    assert bool(models) is (given < 6)


@pytest.mark.parametrize("n", [*range(1, 60), 100, 101, 1000])
@pytest.mark.parametrize("together", [1, 2])
def test_sheets_keep_near_a_square(n: int, together: int) -> None:
    columns = good_columns(n, together)
    rows = -(-n // columns)
    assert columns % together == 0
    assert columns * rows >= n
    assert rows <= columns + 1
    assert columns <= max(together, 2 * rows + 2)


def test_a_drawing_of_no_points_is_said() -> None:
    layout = plan_sheet([DRAWING, Drawing(())])
    assert [label.text for label in layout.labels] == [NOTHING]


def test_each_drawing_of_a_sheet_has_its_own_hands() -> None:
    style = Style(colour_by="hands", given_points=(6, 0))
    text = sheet_to_svg([DRAWING, DRAWING], style=style)
    first, second = text.split('id="drawing-0001"')
    assert HAND_INKS[0] in first
    assert HAND_INKS[1] not in first
    assert HAND_INKS[1] in second
    assert HAND_INKS[0] not in second
    with pytest.raises(TypeError, match="of_drawing"):
        inked_strokes(DRAWING, style)
