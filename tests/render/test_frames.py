"""Frames: drawings that grow."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from limner.render.frames import drawing_frames, morph_frames, sheet_frames
from limner.render.pace import Pace
from limner.render.png import draw_image, sheet_to_image
from limner.render.style import Style
from limner.strokes.drawing import Drawing

HOUSE = Drawing.from_polylines(
    ([(0, 10), (0, 4), (5, 0), (10, 4), (10, 10), (0, 10)], [(4, 10), (4, 6), (6, 6)], [(5, 3)])
)
CROSS = Drawing.from_polylines(([(0, 0), (10, 10)], [(10, 0), (0, 10)]))
PACE = Pace(seconds=1, fps=10, hold_seconds=0.3, pen_tip=False)


def brightness(image: Image.Image) -> NDArray[np.int64]:
    return np.asarray(image.convert("L")).astype(np.int64)


def test_there_are_as_many_frames_as_the_pace_says() -> None:
    assert len(list(drawing_frames(HOUSE, size=60, pace=PACE))) == 13


@pytest.mark.parametrize("colour_by", ["single", "stroke", "order"])
def test_the_last_frame_is_the_still_picture(colour_by: str) -> None:
    style = Style().replace(colour_by=colour_by)
    pictures = list(drawing_frames(HOUSE, size=80, pace=PACE, style=style))
    still = np.asarray(draw_image(HOUSE, 80, style)).astype(int)
    assert np.array_equal(np.asarray(pictures[-1]), still)
    assert abs(np.asarray(pictures[9]).astype(int) - still).max() <= 2  # drawn bit by bit


def test_ink_only_grows() -> None:
    shades = [brightness(image) for image in drawing_frames(HOUSE, size=80, pace=PACE)]
    for before, after in pairwise(shades[:10]):
        assert (after <= before + 1).all()
        assert after.sum() < before.sum()


def test_ink_grows_evenly() -> None:
    line = Drawing.from_polylines(([(0, 0), (10, 0)],))
    shades = [brightness(image) for image in drawing_frames(line, size=200, pace=PACE)]
    ink = [(shades[-1].max() - shade).sum() for shade in shades[:10]]
    assert np.diff(ink) == pytest.approx(np.diff(ink).mean(), rel=0.02)


def test_the_tip_shows_while_drawing_and_goes_at_the_end() -> None:
    pace = Pace(seconds=1, fps=10, hold_seconds=0.1)
    pictures = list(drawing_frames(HOUSE, size=80, pace=pace, style=Style(tip="#00ff00")))
    greens = [((np.asarray(p) == (0, 255, 0)).all(axis=-1)).sum() for p in pictures]
    assert greens[0] > 3
    assert greens[-1] == 0
    assert np.array_equal(np.asarray(pictures[-1]), np.asarray(draw_image(HOUSE, 80)))


def test_the_tip_leaves_no_trace() -> None:
    with_tip = list(drawing_frames(HOUSE, size=80, pace=Pace(seconds=1, fps=10)))
    without = list(drawing_frames(HOUSE, size=80, pace=PACE))
    for a, b in zip(with_tip[:10], without[:10], strict=True):
        assert 0 < (np.asarray(a) != np.asarray(b)).any(axis=-1).sum() < 60


def test_an_empty_drawing_is_an_animation_of_paper() -> None:
    pictures = list(drawing_frames(Drawing(()), size=40, pace=Pace(seconds=0.2)))
    assert {tuple(p.getcolors() or ()) for p in pictures} == {((1600, Style().paper_colour),)}


def test_a_sheet_draws_all_its_drawings_at_once() -> None:
    flock = [HOUSE, CROSS, Drawing(())]
    pictures = list(sheet_frames(flock, pace=PACE, cell_px=50, captions=["a", "b", "c"]))
    assert len(pictures) == 13
    finished = sheet_to_image(flock, cell_px=50, captions=["a", "b", "c"])
    assert np.array_equal(np.asarray(pictures[-1]), np.asarray(finished))
    half = brightness(pictures[4])
    middle = finished.width // 3
    assert (half[20:70, :middle] < 150).any()
    assert (half[20:70, middle : 2 * middle] < 150).any()


def test_a_morph_goes_there_and_back() -> None:
    flock = [Drawing.from_polylines(([(0, 0), (size, size)],)) for size in (2, 4, 6, 8)]
    pictures = list(morph_frames(flock, size=50, n_hold_frames=2))
    ink = [(255 - brightness(p)).sum() for p in pictures]
    assert len(pictures) == 2 + 1 + 1 + 2 + 1 + 1
    assert ink == [*ink[:6], ink[3], ink[2]]
    assert sorted(ink[:6]) == ink[:6]
    assert len(list(morph_frames(flock, size=50, n_hold_frames=1, ping_pong=False))) == 4


def test_a_morph_keeps_one_scale() -> None:
    small, large = Drawing.from_polylines(([(0, 0), (5, 0)],)), Drawing.from_polylines(([(0, 0), (20, 0)],))
    first, *_, last = morph_frames([small, large], size=100, ping_pong=False)
    widths = [np.ptp(np.nonzero(brightness(p).min(axis=0) < 150)[0]) for p in (first, last)]
    assert widths[1] == pytest.approx(4 * widths[0], abs=4)


def test_a_morph_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one drawing"):
        morph_frames([])
