"""Styles: colours and sizes."""

from __future__ import annotations

import pytest

from limner.render.style import Colour, Style, parse_colour


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("navy", (0, 0, 128)),
        ("#faf7f0", (250, 247, 240)),
        ("#0f8", (0, 255, 136)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
    ],
)
def test_colours_are_read_by_name_and_code(name: str, colour: tuple[int, int, int]) -> None:
    assert parse_colour(name) == colour


@pytest.mark.parametrize("name", ["", "inky", "#12", "#12345g", "none"])
def test_unknown_colours_are_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="is no colour") as refusal:
        parse_colour(name)
    assert repr(name) in str(refusal.value)


def test_translucent_colours_are_refused() -> None:
    with pytest.raises(ValueError, match="not opaque"):
        parse_colour("#11223344")
    assert parse_colour("#112233ff") == (0x11, 0x22, 0x33)


def test_hex_reads_back() -> None:
    assert parse_colour(Colour(1, 35, 255).hex) == (1, 35, 255)


def test_mixing_runs_from_one_colour_to_the_other() -> None:
    black, white = Colour(0, 0, 0), Colour(255, 255, 255)
    assert black.mixed(white, 0) == black
    assert black.mixed(white, 1) == white
    assert black.mixed(white, 0.2) == (51, 51, 51)


@pytest.mark.parametrize(
    "field",
    [
        {"ink": "inky"},
        {"paper": "#1"},
        {"tip": "?"},
        {"stroke_width": 0},
        {"stroke_width": 0.5},
        {"stroke_width": float("nan")},
        {"stroke_width_px": -1},
        {"stroke_width_px": float("inf")},
        {"label_px": 0},
        {"colour_by": "mood"},
    ],
)
def test_bad_styles_are_refused(field: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"colour|stroke_width|label_px|opaque"):
        Style().replace(**field)


def test_pen_follows_the_cell_unless_given_in_pixels() -> None:
    assert Style(stroke_width=0.02).pen_px(200) == pytest.approx(4)
    assert Style(stroke_width=0.02, stroke_width_px=1.5).pen_px(200) == 1.5


def test_a_shared_pen_stays_legible_in_small_cells() -> None:
    assert Style(stroke_width=0.01).pen_px(20) == 1
    assert Style(stroke_width_px=0.3).pen_px(20) == 0.3


def test_captions_stay_legible_in_small_cells() -> None:
    assert Style().caption_px(40) >= 9
    assert Style().caption_px(400) > Style().caption_px(200)
    assert Style(label_px=7).caption_px(40) == 7


def test_paper_is_light_and_captions_are_paler_than_ink() -> None:
    style = Style()
    assert sum(style.ink_colour) < sum(style.muted_colour) < sum(style.paper_colour)
