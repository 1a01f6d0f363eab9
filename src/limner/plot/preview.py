"""A picture of a page as the plotter will draw it: the pens' lines, and the ways between them.

Lines are as wide as the pens. The ways with the pen up are thin; a ring marks where the pen is first put
down, a dot where it is lifted last.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from limner.files import write_bytes
from limner.plot.layers import PlotPlan
from limner.render.pace import Pace
from limner.render.png import png_bytes
from limner.render.raster import Canvas
from limner.render.style import Style, parse_colour
from limner.render.write import find_writer, write_with
from limner.render.writers import WriteOptions
from limner.strokes.drawing import Drawing

Floats = NDArray[np.float64]

LONGEST_PX = 1600
"""Longest side of a preview, unless given."""
MOVING_PX, MOVING_SECONDS = 600, 8.0
"""Longest side and duration of an animated preview."""
FINEST_PEN_PX = 1.2
"""Pens are no finer on the screen."""
GROUND, WAYS = parse_colour("#fdfcf8"), parse_colour("#4aa3c7")
WAY_PX, WAY_OPACITY = 1.0, 0.55
RING_PX = 7.0


def preview_image(plan: PlotPlan, longest_px: int = LONGEST_PX, *, ways: bool = True) -> Image.Image:
    """Draw a page.

    Parameters
    ----------
    plan : PlotPlan
    longest_px : int
        Longest side of the picture.
    ways : bool
        Whether the ways with the pen up are shown.
    """
    scale = longest_px / max(plan.width_mm, plan.height_mm)
    size = (max(1, round(plan.height_mm * scale)), max(1, round(plan.width_mm * scale)))
    pixels = np.full((*size, 3), GROUND, np.uint8)
    canvas = Canvas(pixels)
    pen_px = max(FINEST_PEN_PX, plan.pen_mm * scale)
    for layer in plan.layers:
        starts, ends = _edges([stroke * scale for stroke in layer.strokes])
        canvas.draw(starts, ends, pen_px=pen_px, colour=layer.pen.colour)
    if ways:
        _draw_ways(canvas, plan, scale)
    return Image.fromarray(pixels)


def check_preview(path: Path) -> None:
    """Refuse a preview of unknown kind before any work is done.

    Raises
    ------
    LimnerError
        If nothing can write it.
    """
    if path.suffix.lower() != ".png":
        find_writer(path, moving=True)


def write_preview(plan: PlotPlan, path: Path) -> None:
    """Write a page as a ``.png``, or as a ``.gif``, ``.mp4`` or ``.svg`` in which it is drawn.

    An animation has one ink, and shows the lines alone.
    """
    if path.suffix.lower() == ".png":
        write_bytes(path, png_bytes(preview_image(plan)))
        return
    strokes = tuple(stroke for layer in plan.layers for stroke in layer.strokes)
    style = Style(
        stroke_width_px=max(FINEST_PEN_PX, plan.pen_mm * MOVING_PX / max(plan.width_mm, plan.height_mm))
    )
    options = WriteOptions(style, size_px=MOVING_PX, kind="draw", pace=Pace(MOVING_SECONDS))
    write_with(find_writer(path, moving=True), [Drawing.from_polylines(strokes)], path, options)


def _draw_ways(canvas: Canvas, plan: PlotPlan, scale: float) -> None:
    strokes = [stroke * scale for layer in plan.layers for stroke in layer.strokes]
    home = np.zeros((1, 2))
    starts = np.concatenate([home, *(stroke[-1:] for stroke in strokes)])
    ends = np.concatenate([*(stroke[:1] for stroke in strokes), home])
    canvas.draw(starts, ends, pen_px=WAY_PX, colour=WAYS, opacity=WAY_OPACITY)
    turn = np.linspace(0, 2 * np.pi, 33)
    ring = strokes[0][0] + RING_PX * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    canvas.draw(ring[:-1], ring[1:], pen_px=1.6, colour=WAYS)
    canvas.draw(strokes[-1][-1:], strokes[-1][-1:], pen_px=RING_PX, colour=WAYS)


def _edges(strokes: list[Floats]) -> tuple[Floats, Floats]:
    pairs = [s if len(s) > 1 else np.repeat(s, 2, axis=0) for s in strokes]
    return np.concatenate([p[:-1] for p in pairs]), np.concatenate([p[1:] for p in pairs])
