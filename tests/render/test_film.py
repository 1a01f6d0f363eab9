"""Films: kinds, lengths and files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from limner.errors import LimnerError
from limner.render.film import Film, Kind, find_film_writer, write_film
from limner.render.pace import Pace
from limner.strokes.drawing import Drawing

DRAWINGS = [Drawing.from_polylines([[(0, 0), (k, 9), (9, k)]]) for k in range(1, 6)]
PACE = Pace(seconds=1.0, fps=10, hold_seconds=0.5)


@pytest.mark.parametrize(("kind", "frames"), [("draw", 15), ("sheet", 15), ("morph", 12)])
def test_kinds(kind: Kind, frames: int) -> None:
    """A morph of five takes a second there, stays two pictures at either end, and comes back."""
    seen: list[Image.Image] = []
    film = Film(DRAWINGS, kind, 64, PACE, tick=seen.append)
    pictures = list(film.frames())
    assert len(pictures) == frames - (2 if kind == "morph" else 0)
    assert seen == pictures
    assert len({picture.size for picture in pictures}) == 1


def test_a_morph_goes_no_faster_than_its_drawings() -> None:
    assert Film(DRAWINGS, "morph", pace=PACE).fps == 5
    assert Film(DRAWINGS, "morph", pace=Pace(seconds=0.1, fps=20)).fps == 20
    assert Film(DRAWINGS, "draw", pace=PACE).fps == 10


def test_a_sheet_is_about_as_wide_as_asked() -> None:
    assert 280 < next(Film(DRAWINGS, "sheet", 300, PACE).frames()).width < 420


@pytest.mark.parametrize("name", ["a.gif", "a.svg", "a.mp4"])
@pytest.mark.parametrize("kind", ["draw", "sheet", "morph"])
def test_files(tmp_path: Path, name: str, kind: Kind) -> None:
    if name.endswith("mp4"):
        pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    write_film(Film(DRAWINGS, kind, 48, PACE), tmp_path / name)
    assert (tmp_path / name).stat().st_size > 500
    assert len(list(tmp_path.iterdir())) == 1


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match=r"use \.gif, \.mp4 or \.svg"):
        find_film_writer("x.avi")
    with pytest.raises(LimnerError, match="no drawings"):
        write_film(Film([]), tmp_path / "x.gif")
    assert list(tmp_path.iterdir()) == []


def test_work_can_be_ended_from_outside(tmp_path: Path) -> None:
    def stop(_: object) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        write_film(Film(DRAWINGS, "draw", 48, PACE, tick=stop), tmp_path / "x.gif")
    assert list(tmp_path.iterdir()) == []
