"""GIF: frames, durations, palette and size."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from limner.render.frames import drawing_frames
from limner.render.gif import drawing_to_gif, gif_bytes, morph_to_gif, palette, sheet_to_gif
from limner.render.options import ColourBy
from limner.render.pace import Pace
from limner.render.png import draw_image
from limner.render.style import Style
from limner.strokes.drawing import Drawing

HOUSE = Drawing.from_polylines(
    ([(0, 10), (0, 4), (5, 0), (10, 4), (10, 10), (0, 10)], [(4, 10), (4, 6), (6, 6)])
)
CROSS = Drawing.from_polylines(([(0, 0), (10, 10)], [(10, 0), (0, 10)]))


def decoded(data: bytes) -> tuple[list[NDArray[np.int64]], list[int]]:
    """Read a GIF's frames as RGB and their durations in milliseconds."""
    frames, durations = [], []
    with Image.open(BytesIO(data)) as image:
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            frames.append(np.asarray(image.convert("RGB")).astype(np.int64))
            durations.append(int(image.info["duration"]))
    return frames, durations


@pytest.mark.parametrize("fps", [10, 24, 25, 30, 50])
def test_the_gif_lasts_as_long_as_asked(fps: float) -> None:
    pace = Pace(seconds=1.2, fps=fps, hold_seconds=0.8)
    frames, durations = decoded(drawing_to_gif(HOUSE, size=60, pace=pace))
    assert len(frames) == pace.n_frames + 1  # the finished picture is one that stays
    assert sum(durations) == pytest.approx(2000, abs=20)
    assert durations[-1] == pytest.approx(800, abs=20)
    assert min(durations) >= 20


@pytest.mark.parametrize("colour_by", ["single", "stroke", "order"])
def test_the_gif_shows_the_frames(colour_by: ColourBy) -> None:
    style, pace = Style(colour_by=colour_by), Pace(seconds=1, fps=10)
    wanted = [np.asarray(p).astype(np.int64) for p in drawing_frames(HOUSE, size=80, pace=pace, style=style)]
    frames, _ = decoded(drawing_to_gif(HOUSE, size=80, pace=pace, style=style))
    for frame, want in zip(frames, wanted[:11], strict=True):
        assert abs(frame - want).mean() < 0.5
        assert abs(frame - want).max() < 60
        paper = (want == style.paper_colour).all(axis=-1)
        assert (frame[paper] == style.paper_colour).all()


def test_the_last_frame_is_the_still_picture() -> None:
    frames, _ = decoded(drawing_to_gif(HOUSE, size=80, pace=Pace(seconds=0.5)))
    still = np.asarray(draw_image(HOUSE, 80)).astype(np.int64)
    assert abs(frames[-1] - still).max() <= 6  # the palette has 32 shades of ink


def test_ink_only_grows() -> None:
    frames, _ = decoded(drawing_to_gif(HOUSE, size=80, pace=Pace(seconds=1, fps=12, pen_tip=False)))
    for before, after in pairwise(frames):
        assert (after <= before).all()


def test_the_gif_loops_for_ever() -> None:
    with Image.open(BytesIO(drawing_to_gif(CROSS, size=40, pace=Pace(seconds=0.2)))) as image:
        assert image.info["loop"] == 0


@pytest.mark.slow
def test_usual_drawings_make_small_files() -> None:
    turns = np.linspace(0, 20 * np.pi, 300)
    spiral = Drawing.from_polylines((np.column_stack([turns * np.cos(turns), turns * np.sin(turns)]),))
    assert len(drawing_to_gif(spiral)) < 150_000


@pytest.mark.parametrize("colour_by", ["single", "stroke", "order"])
def test_the_palette_holds_what_is_drawn(colour_by: ColourBy) -> None:
    style = Style(colour_by=colour_by)
    colours = palette(style)
    assert len(colours) == len(set(colours)) <= 255
    assert colours[0] == style.paper_colour
    assert {style.ink_colour, style.tip_colour} <= set(colours)


def test_one_ink_needs_64_colours() -> None:
    assert len(palette(Style())) == 63  # and one for what does not change


def test_equal_colours_do_not_disturb() -> None:
    style = Style(ink="white", paper="white", tip="white")
    frames, durations = decoded(drawing_to_gif(HOUSE, size=30, pace=Pace(seconds=0.4), style=style))
    assert (frames[0] == 255).all()
    assert len(frames) == 1
    assert durations == [pytest.approx(1900, abs=20)]


def test_empty_drawings_make_a_still_gif() -> None:
    frames, _ = decoded(drawing_to_gif(Drawing(()), size=30, pace=Pace(seconds=0.4)))
    assert (frames[0] == Style().paper_colour).all()


def test_a_sheet_moves_in_every_cell() -> None:
    frames, durations = decoded(sheet_to_gif([HOUSE, CROSS], pace=Pace(seconds=1, fps=8), cell_px=60))
    assert len(frames) == 9
    assert set(durations[:8]) == {120, 130}
    assert sum(durations[:8]) == 1000
    changed = (frames[0] != frames[6]).any(axis=(0, 2))
    half = changed.size // 2
    assert changed[:half].any()
    assert changed[half:].any()


def test_a_morph_shows_each_drawing_and_returns() -> None:
    flock = [Drawing.from_polylines(([(0, 0), (size, size)],)) for size in (2, 4, 6)]
    frames, durations = decoded(morph_to_gif(flock, size=60, fps=10, hold_seconds=0.4))
    assert durations == [400, 100, 400, 100]
    assert np.array_equal(frames[1], frames[3])
    assert not np.array_equal(frames[0], frames[2])
    one_way, _ = decoded(morph_to_gif(flock, size=60, ping_pong=False))
    assert len(one_way) == 3


def test_the_same_drawing_gives_the_same_bytes() -> None:
    pace = Pace(seconds=0.5)
    assert drawing_to_gif(HOUSE, size=50, pace=pace) == drawing_to_gif(HOUSE, size=50, pace=pace)


@pytest.mark.parametrize("fps", [0, -1, 60, float("nan")])
def test_bad_rates_are_refused(fps: float) -> None:
    with pytest.raises(ValueError, match="fps"):
        gif_bytes([Image.new("RGB", (4, 4))], fps, Style())


def test_no_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one frame"):
        gif_bytes([], 10, Style())
