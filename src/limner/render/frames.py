"""The frames of an animation, one after another: the common core of GIF and video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from limner.render.colouring import inked_strokes
from limner.render.layout import fit_scale, plan_picture, whole_box
from limner.render.pace import Pace, timetable
from limner.render.png import blank, paint, view
from limner.render.raster import Canvas
from limner.render.sheet_layout import plan_sheet
from limner.render.style import DEFAULT_STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Unpack

    from numpy.typing import NDArray

    from limner.render.layout import Box, Layout
    from limner.render.sheet_layout import SheetOptions
    from limner.render.style import Style
    from limner.strokes.drawing import Drawing

DEFAULT_PACE = Pace()
LIFTED_OPACITY = 0.4
"""Opacity of the pen's tip while the pen is lifted."""


def drawing_frames(
    drawing: Drawing,
    *,
    size: int | tuple[int, int] = 400,
    pace: Pace = DEFAULT_PACE,
    style: Style = DEFAULT_STYLE,
) -> Iterator[Image.Image]:
    """Yield the frames of a drawing being drawn, ``pace.fps`` RGB images per second, then the finished one.

    A frame that does not differ from the one before may be the same object.

    Parameters
    ----------
    size : int or pair of int
        Side of a square, or width and height, in pixels.
    """
    return layout_frames(plan_picture(drawing, size, style), pace, style)


def sheet_frames(
    drawings: Sequence[Drawing],
    *,
    pace: Pace = DEFAULT_PACE,
    style: Style = DEFAULT_STYLE,
    **options: Unpack[SheetOptions],
) -> Iterator[Image.Image]:
    """Yield the frames of a sheet whose drawings are drawn at once and finish together."""
    return layout_frames(plan_sheet(drawings, style, **options), pace, style)


def morph_frames(
    drawings: Sequence[Drawing],
    *,
    size: int | tuple[int, int] = 400,
    ping_pong: bool = True,
    n_hold_frames: int = 5,
    style: Style = DEFAULT_STYLE,
) -> Iterator[Image.Image]:
    """Yield one whole drawing after another, all at one scale, for interpolations.

    Parameters
    ----------
    ping_pong : bool
        Whether the drawings come back in reverse order, so that the loop has no jump.
    n_hold_frames : int
        How many frames the first and the last drawing stay.

    Raises
    ------
    ValueError
        If there is no drawing.
    """
    layouts = morph_layouts(
        drawings, size=size, ping_pong=ping_pong, n_hold_frames=n_hold_frames, style=style
    )
    painted = {id(layout): paint(layout, style) for layout in layouts}
    return (painted[id(layout)] for layout in layouts)


def morph_layouts(
    drawings: Sequence[Drawing],
    *,
    size: int | tuple[int, int] = 400,
    ping_pong: bool = True,
    n_hold_frames: int = 5,
    style: Style = DEFAULT_STYLE,
) -> list[Layout]:
    """Lay out what :func:`morph_frames` shows; where a frame stays, the same object is repeated.

    Raises
    ------
    ValueError
        If there is no drawing.
    """
    if not drawings:
        raise ValueError("A morph needs at least one drawing.")
    box = whole_box(size)
    scale = fit_scale(drawings, box, style.pen_px(min(box.width, box.height)))
    stills = [plan_picture(d, size, style, scale=scale) for d in drawings]
    backward = stills[-2:0:-1] if ping_pong else []
    held = {id(stills[0]), id(stills[-1])}
    n_hold = max(n_hold_frames, 1)
    return [still for still in [*stills, *backward] for _ in range(n_hold if id(still) in held else 1)]


def layout_frames(layout: Layout, pace: Pace, style: Style) -> Iterator[Image.Image]:
    """Yield the frames of a layout being drawn, ``pace.n_frames``, then ``pace.n_hold_frames`` finished ones.

    Each frame draws only what the one before does not show.
    """
    pixels = blank(layout, style)
    hands = [
        _Hand(pixels, cell, d, layout, pace, style.of_drawing(k))
        for k, (cell, d) in enumerate(zip(layout.cells, layout.drawings, strict=True))
    ]
    before = -1.0
    for now in np.linspace(0, 1, pace.n_frames + 1)[1:]:
        for hand in hands:
            hand.draw(before, now)
        frame = pixels.copy()
        if pace.pen_tip:
            for hand in hands:
                hand.show_tip(frame, now)
        yield Image.fromarray(frame)
        before = now
    finished = paint(layout, style)
    for _ in range(pace.n_hold_frames):
        yield finished


class _Hand:
    """Draw one drawing of a sheet, from moment to moment."""

    def __init__(
        self, pixels: NDArray[np.uint8], cell: Box, drawing: Drawing, layout: Layout, pace: Pace, style: Style
    ) -> None:
        self.cell, self.style, self.pen_px = cell, style, layout.pen_px
        self.corner = np.array(cell[:2], np.float32)
        self.canvas = Canvas(view(pixels, cell))
        self.table = timetable(inked_strokes(drawing, style), pace)

    def draw(self, before: float, now: float) -> None:
        """Draw what is drawn between two moments."""
        for colour, starts, ends in self.table.between(before, now) if self.table else ():
            self.canvas.draw(starts - self.corner, ends - self.corner, pen_px=self.pen_px, colour=colour)

    def show_tip(self, frame: NDArray[np.uint8], now: float) -> None:
        """Draw the pen's tip on a frame of the whole sheet; paler while the pen is lifted."""
        if self.table is None:
            return
        position, down = self.table.tip(now)
        tip = (position - self.corner).astype(np.float32)[None]
        colour, opacity = self.style.tip_colour, 1.0 if down else LIFTED_OPACITY
        canvas = Canvas(view(frame, self.cell))
        canvas.draw(tip, tip, pen_px=max(3 * self.pen_px, 5.0), colour=colour, opacity=opacity)
