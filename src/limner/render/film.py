"""``Film``: drawings that move, and the files it can be written to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from limner.errors import LimnerError
from limner.files import write_bytes, write_text
from limner.render.frames import DEFAULT_PACE, drawing_frames, morph_frames, morph_layouts, sheet_frames
from limner.render.gif import gif_bytes
from limner.render.layout import plan_picture
from limner.render.moving_svg import layout_to_moving_svg, stills_to_moving_svg
from limner.render.sheet import good_columns, plan_sheet
from limner.render.style import DEFAULT_STYLE
from limner.render.video import check_video, write_mp4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PIL import Image

    from limner.render.pace import Pace
    from limner.render.style import Style
    from limner.strokes.drawing import Drawing

Kind = Literal["draw", "sheet", "morph"]


@dataclass(frozen=True)
class Film:
    """Drawings that move.

    Parameters
    ----------
    drawings : sequence of Drawing
        At least one; ``draw`` shows the first alone.
    kind : {"draw", "sheet", "morph"}
        A drawing at the hand's pace; all of them on a sheet, drawn at once; one whole drawing after another
        and back.
    size_px : int
        Side of a square picture; about the width of a sheet.
    pace : Pace
        A morph takes ``seconds`` from the first drawing to the last and stays ``hold_seconds`` at either.
    style : Style
    tick : callable, optional
        Called with each picture; what it raises ends the work.
    """

    drawings: Sequence[Drawing]
    kind: Kind = "draw"
    size_px: int = 400
    pace: Pace = DEFAULT_PACE
    style: Style = DEFAULT_STYLE
    tick: Callable[[Image.Image], object] | None = None

    @property
    def fps(self) -> float:
        """Pictures a second."""
        return (
            min(self.pace.fps, len(self.drawings) / self.pace.seconds)
            if self.kind == "morph"
            else self.pace.fps
        )

    def frames(self) -> Iterator[Image.Image]:
        """Yield its pictures; see :mod:`limner.render.frames`."""
        for picture in self._pictures():
            if self.tick is not None:
                self.tick(picture)
            yield picture

    def _pictures(self) -> Iterator[Image.Image]:
        if self.kind == "draw":
            return drawing_frames(self.drawings[0], size=self.size_px, pace=self.pace, style=self.style)
        if self.kind == "sheet":
            return sheet_frames(self.drawings, pace=self.pace, style=self.style, cell_px=self.cell_px)
        return morph_frames(self.drawings, size=self.size_px, n_hold_frames=self._n_hold, style=self.style)

    def svg(self) -> str:
        """Give it as an SVG document that moves."""
        if self.kind == "morph":
            layouts = morph_layouts(
                self.drawings, size=self.size_px, n_hold_frames=self._n_hold, style=self.style
            )
            return stills_to_moving_svg(layouts, self.fps, self.style)
        if self.kind == "sheet":
            layout = plan_sheet(self.drawings, self.style, cell_px=self.cell_px)
        else:
            layout = plan_picture(self.drawings[0], self.size_px, self.style)
        return layout_to_moving_svg(layout, self.pace, self.style)

    @property
    def cell_px(self) -> int:
        """Side of a cell of its sheet."""
        return max(16, round(self.size_px / good_columns(len(self.drawings))))

    @property
    def _n_hold(self) -> int:
        return round(self.pace.hold_seconds * self.fps)


def write_film(film: Film, path: str | Path) -> None:
    """Write a film as the suffix says: ``.gif``, ``.mp4`` or ``.svg``.

    Raises
    ------
    LimnerError
        If there is no drawing, the suffix is another one, or the path cannot be written.
    """
    writer = find_film_writer(path)
    if not film.drawings:
        raise LimnerError(f"There are no drawings to write to {path}.")
    writer(film, Path(path))


def find_film_writer(path: str | Path) -> Callable[[Film, Path], None]:
    """Find the writer for a path, before long work.

    Raises
    ------
    LimnerError
        If there is none for its suffix, or its extra is not installed.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in FILM_WRITERS:
        raise LimnerError(f"Cannot write {path}: {suffix or 'a folder'} is unknown; use .gif, .mp4 or .svg.")
    if suffix == ".mp4":
        check_video()
    return FILM_WRITERS[suffix]


FILM_WRITERS: dict[str, Callable[[Film, Path], None]] = {
    ".gif": lambda film, path: write_bytes(path, gif_bytes(film.frames(), film.fps, film.style)),
    ".mp4": lambda film, path: write_mp4(film.frames(), film.fps, path),
    ".svg": lambda film, path: write_text(path, film.svg()),
}
