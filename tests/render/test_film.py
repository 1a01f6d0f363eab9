"""Films: kinds, lengths and documents."""

from __future__ import annotations

import pytest
from PIL import Image

from limner.render.film import Film
from limner.render.options import FilmKind
from limner.render.pace import Pace
from limner.strokes.drawing import Drawing

DRAWINGS = [Drawing.from_polylines([[(0, 0), (k, 9), (9, k)]]) for k in range(1, 6)]
PACE = Pace(seconds=1.0, fps=10, hold_seconds=0.5)


@pytest.mark.parametrize(("kind", "frames"), [("draw", 15), ("sheet", 15), ("morph", 12)])
def test_kinds(kind: FilmKind, frames: int) -> None:
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


def test_a_sheet_keeps_its_cells_unless_a_size_is_given() -> None:
    assert Film(DRAWINGS, "sheet", sheet={"cell_px": 30}).sheet_options == {"cell_px": 30}
    assert Film(DRAWINGS, "sheet", 300, sheet={"cell_px": 30, "columns": 1}).sheet_options == {
        "cell_px": 100,
        "columns": 1,
    }


@pytest.mark.parametrize("kind", ["draw", "sheet", "morph"])
def test_documents_move(kind: FilmKind) -> None:
    assert "@keyframes" in Film(DRAWINGS, kind, 48, PACE).svg()


def test_work_can_be_ended_from_outside() -> None:
    def stop(_: object) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        list(Film(DRAWINGS, "draw", 48, PACE, tick=stop).frames())
