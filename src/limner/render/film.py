"""``Film``: drawings as an animation, in frames or as an SVG document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from limner.render.frames import DEFAULT_PACE, drawing_frames, morph_frames, morph_layouts, sheet_frames
from limner.render.layout import plan_picture
from limner.render.moving_svg import layout_to_moving_svg, stills_to_moving_svg
from limner.render.options import FilmKind
from limner.render.pace import Pace
from limner.render.sheet_layout import SheetOptions, good_columns, plan_sheet
from limner.render.style import DEFAULT_STYLE, Style
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from PIL import Image

SIZE_PX = 400
"""Side of a film of one drawing, unless given."""


@dataclass(frozen=True)
class Film:
    """Drawings as an animation.

    Parameters
    ----------
    drawings : sequence of Drawing
        At least one; ``draw`` shows the first alone.
    kind : {"draw", "sheet", "morph"}
        A drawing at the hand's pace; all of them on a sheet, drawn at once; one whole drawing after another
        and back.
    size_px : int, optional
        Side of a square picture, 400 unless given; about the width of a sheet, whose cells keep their own
        size unless it is given.
    pace : Pace
        A morph takes ``seconds`` from the first drawing to the last and stays ``hold_seconds`` at either.
    style : Style
    tick : callable, optional
        Called with each frame; what it raises ends the work.
    sheet : SheetOptions
        Of ``kind="sheet"``.
    """

    drawings: Sequence[Drawing]
    kind: FilmKind = "draw"
    size_px: int | None = None
    pace: Pace = DEFAULT_PACE
    style: Style = DEFAULT_STYLE
    tick: Callable[[Image.Image], object] | None = None
    sheet: SheetOptions = field(default_factory=SheetOptions)

    @property
    def fps(self) -> float:
        """Return the frames per second; a morph has no more of them than drawings."""
        if self.kind == "morph":
            return min(self.pace.fps, len(self.drawings) / self.pace.seconds)
        return self.pace.fps

    def frames(self) -> Iterator[Image.Image]:
        """Yield the frames; see :mod:`limner.render.frames`."""
        for frame in self._frames():
            if self.tick is not None:
                self.tick(frame)
            yield frame

    def _frames(self) -> Iterator[Image.Image]:
        pace, style = self.pace, self.style
        if self.kind == "sheet":
            return sheet_frames(self.drawings, pace=pace, style=style, **self.sheet_options)
        if self.kind == "morph":
            return morph_frames(self.drawings, size=self._side, n_hold_frames=self._n_hold, style=style)
        return drawing_frames(self.drawings[0], size=self._side, pace=pace, style=style)

    def svg(self) -> str:
        """Return an SVG document that moves by CSS; see :mod:`limner.render.moving_svg`."""
        if self.kind == "sheet":
            layout = plan_sheet(self.drawings, self.style, **self.sheet_options)
            return layout_to_moving_svg(layout, self.pace, self.style)
        if self.kind == "morph":
            layouts = morph_layouts(
                self.drawings, size=self._side, n_hold_frames=self._n_hold, style=self.style
            )
            return stills_to_moving_svg(layouts, self.fps, self.style)
        layout = plan_picture(self.drawings[0], self._side, self.style)
        return layout_to_moving_svg(layout, self.pace, self.style)

    @property
    def sheet_options(self) -> SheetOptions:
        """Return the options of its sheet: where a size is given, the cells fit it."""
        if self.size_px is None:
            return self.sheet
        return {**self.sheet, "cell_px": cell_px(len(self.drawings), self.size_px)}

    @property
    def _side(self) -> int:
        return SIZE_PX if self.size_px is None else self.size_px

    @property
    def _n_hold(self) -> int:
        return round(self.pace.hold_seconds * self.fps)


def cell_px(n: int, width_px: int) -> int:
    """Return the side of the cells of a sheet of ``n`` drawings that is about ``width_px`` wide."""
    return max(16, round(width_px / good_columns(n)))
