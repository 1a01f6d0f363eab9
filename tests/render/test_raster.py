"""The pen for pixels: weight, caps, joins and unions."""

from __future__ import annotations

from math import hypot, pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from limner.render.raster import Canvas, cover_segments
from limner.render.style import Colour

Floats = NDArray[np.float32]
INK, RED = Colour(0, 0, 0), Colour(255, 0, 0)
inside = st.floats(8, 32)
points = st.tuples(inside, inside)


def covered(*lines: list[tuple[float, float]], pen_px: float, side: int = 40) -> Floats:
    cover = np.zeros((side, side), np.float32)
    for line in lines:
        track = np.asarray(line, np.float32)
        cover_segments(cover, track[:-1], track[1:], pen_px)
    return cover


def paper(side: int = 40) -> NDArray[np.uint8]:
    return np.full((side, side, 3), 255, np.uint8)


@settings(deadline=None)
@given(x=st.floats(10, 30), pen_px=st.floats(0.05, 9))
def test_a_line_has_the_width_asked_for(x: float, pen_px: float) -> None:
    cover = covered([(x, 2), (x, 38)], pen_px=pen_px)
    assert cover[20].sum() == pytest.approx(pen_px, rel=1e-3)


@settings(deadline=None)
@given(x=st.floats(10, 30))
def test_a_line_stands_where_it_was_drawn(x: float) -> None:
    cover = covered([(x, 2), (x, 38)], pen_px=3)
    centre = (cover[20] * (np.arange(40) + 0.5)).sum() / cover[20].sum()
    assert centre == pytest.approx(x, abs=0.05)


@settings(deadline=None)
@given(a=points, b=points, pen_px=st.floats(2, 6))
def test_the_area_is_that_of_a_line_with_round_caps(
    a: tuple[float, float], b: tuple[float, float], pen_px: float
) -> None:
    area = hypot(b[0] - a[0], b[1] - a[1]) * pen_px + pi * pen_px**2 / 4
    # a pixel samples the soft edge once, and on an exact diagonal all pixels err to the same side
    assert covered([a, b], pen_px=pen_px).sum() == pytest.approx(area, rel=0.04, abs=1.5)


@settings(deadline=None)
@given(a=points, b=points, share=st.floats(0, 1), pen_px=st.floats(0.5, 5))
def test_a_line_drawn_in_two_parts_is_the_line(
    a: tuple[float, float], b: tuple[float, float], share: float, pen_px: float
) -> None:
    middle = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
    whole = covered([a, b], pen_px=pen_px)
    np.testing.assert_allclose(covered([a, middle], [middle, b], pen_px=pen_px), whole, atol=2e-3)


def test_a_dot_is_a_disc() -> None:
    cover = covered([(20, 20), (20, 20)], pen_px=10)
    np.testing.assert_allclose(cover, cover.T)
    np.testing.assert_allclose(cover, cover[::-1, ::-1], atol=1e-6)
    assert cover.sum() == pytest.approx(pi * 25, rel=0.02)
    assert cover[20, 20] == 1
    assert cover[20, 26] == 0


def test_joins_are_round_and_no_darker() -> None:
    corner = covered([(8, 32), (20, 8), (32, 32)], pen_px=6)
    assert corner.max() == 1
    assert corner[6, 20] > 0.4  # the outside of the join reaches 3 px above the corner
    assert corner[4, 20] == 0  # and does not end in a mitre


def test_hairlines_are_pale_not_thick() -> None:
    cover = covered([(20.5, 2), (20.5, 38)], pen_px=0.25)
    assert cover[20, 20] == pytest.approx(0.25, abs=1e-3)
    assert cover[20, 18] == cover[20, 22] == 0


def test_wide_pens_and_long_lines_agree_with_the_distance() -> None:
    cover = covered([(-100, 60), (300, 60)], pen_px=70, side=120)
    np.testing.assert_allclose(cover[:, 60], [0] * 25 + [1] * 70 + [0] * 25, atol=1e-4)
    assert np.ptp(cover, axis=1).max() < 1e-4


def test_what_lies_outside_is_cut_off() -> None:
    pixels = paper()
    canvas = Canvas(pixels)
    far = np.array([[-50, -50], [90, 20], [20, 1000]], np.float32)
    canvas.draw(far, far + 3, pen_px=4, colour=INK)
    assert (pixels == 255).all()
    edge = np.array([[0, 20]], np.float32)
    canvas.draw(edge, edge, pen_px=4, colour=INK)
    assert pixels[20, 0].max() == 0


def test_a_canvas_draws_into_the_image_it_was_given() -> None:
    image = paper(60)
    line = np.array([[5, 5]], np.float32), np.array([[15, 15]], np.float32)
    Canvas(image[20:40, 30:50]).draw(*line, pen_px=2, colour=INK)
    outside = image.copy()
    outside[20:40, 30:50] = 255
    assert (outside == 255).all()
    assert image[30, 40].max() < 20


def test_the_later_ink_lies_above() -> None:
    pixels = paper()
    canvas = Canvas(pixels)
    left, right = np.array([[5, 20]], np.float32), np.array([[35, 20]], np.float32)
    canvas.draw(left, right, pen_px=6, colour=INK)
    canvas.draw(left[:, ::-1], right[:, ::-1], pen_px=6, colour=RED)
    assert tuple(pixels[20, 20]) == RED
    assert tuple(pixels[20, 8]) == INK


def test_the_same_ink_twice_changes_nothing() -> None:
    pixels = paper()
    canvas = Canvas(pixels)
    left, right = np.array([[5, 12.3]], np.float32), np.array([[35, 26.1]], np.float32)
    canvas.draw(left, right, pen_px=3, colour=INK)
    once = pixels.copy()
    canvas.draw(left, right, pen_px=3, colour=INK)
    np.testing.assert_array_equal(pixels, once)


def test_opacity_thins_the_ink() -> None:
    pixels = paper()
    dot = np.array([[20, 20]], np.float32)
    Canvas(pixels).draw(dot, dot, pen_px=8, colour=INK, opacity=0.4)
    assert tuple(pixels[20, 20]) == (153, 153, 153)


def test_no_segments_draw_nothing() -> None:
    pixels = paper()
    Canvas(pixels).draw(np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32), pen_px=2, colour=INK)
    assert (pixels == 255).all()
