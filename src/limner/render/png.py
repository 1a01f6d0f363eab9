"""Drawings as images and PNG files."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from limner.render.colouring import inked_strokes
from limner.render.layout import PADDING, plan_picture
from limner.render.lettering import font, plain_letters
from limner.render.raster import Canvas
from limner.render.sheet_layout import plan_sheet
from limner.render.style import DEFAULT_STYLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Unpack

    from numpy.typing import NDArray

    from limner.render.colouring import Piece
    from limner.render.layout import Box, Label, Layout
    from limner.render.sheet_layout import SheetOptions
    from limner.render.style import Style
    from limner.strokes.drawing import Drawing

ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
"""Pillow's names for the anchors of labels, all on the baseline."""


def draw_image(
    drawing: Drawing,
    size: int | tuple[int, int] = 512,
    style: Style = DEFAULT_STYLE,
    *,
    padding: float = PADDING,
) -> Image.Image:
    """Draw one drawing as large as fits, in the middle of an RGB image.

    Parameters
    ----------
    size : int or pair of int
        Side of a square, or width and height, in pixels.
    padding : float
        Share of the shorter side that stays free on every side.

    Raises
    ------
    ValueError
        If the size is below 1, or the pen and padding leave no room.
    """
    return still(plan_picture(drawing, size, style, padding=padding), style)


def sheet_to_image(
    drawings: Sequence[Drawing], *, style: Style = DEFAULT_STYLE, **options: Unpack[SheetOptions]
) -> Image.Image:
    """Draw a sheet as an RGB image; see :func:`limner.render.sheet_layout.plan_sheet`."""
    return still(plan_sheet(drawings, style, **options), style)


def still(layout: Layout, style: Style) -> Image.Image:
    """Draw a layout as an RGB image, or as an RGBA image of the ink alone where there is no ground."""
    return on_ground(lambda ground: paint(layout, ground), style)


def on_ground(draw: Callable[[Style], Image.Image], style: Style) -> Image.Image:
    """Return what ``draw`` draws in a style, as an RGBA image without ground where there is none.

    A pixel of which ink covers a share a differs by 1 - a between a white ground and a black one, so the two
    determine its colour and opacity exactly, whatever was drawn.

    Parameters
    ----------
    draw : callable
        Returns an RGB image on ``style.paper_colour`` of the style that it is called with.
    style : Style
    """
    if style.ground != "none":
        return draw(style)
    on_white = np.asarray(draw(style), np.float32)  # (H, W, 3)
    on_black = np.asarray(draw(style.replace(ground="paper", paper="#000000")), np.float32)
    opacity = 1 - (on_white - on_black).mean(axis=2, keepdims=True) / 255
    colour = on_black / np.where(opacity > 0, opacity, 1)
    pixels = np.concatenate([np.clip(colour, 0, 255), 255 * np.clip(opacity, 0, 1)], axis=2)
    return Image.fromarray(np.rint(pixels).astype(np.uint8), "RGBA")


def paint(layout: Layout, style: Style) -> Image.Image:
    """Draw a layout as an RGB image on its ground; white where there is none."""
    pixels = blank(layout, style)
    for k, (cell, drawing) in enumerate(zip(layout.cells, layout.drawings, strict=True)):
        canvas = Canvas(view(pixels, cell))
        for piece in (p for stroke in inked_strokes(drawing, style.of_drawing(k)) for p in stroke):
            starts, ends = segments(piece)
            corner = np.array(cell[:2], np.float32)
            canvas.draw(starts - corner, ends - corner, pen_px=layout.pen_px, colour=piece.colour)
    return Image.fromarray(pixels)


def blank(layout: Layout, style: Style) -> NDArray[np.uint8]:
    """Return the paper with its labels, without the drawings: uint8 of shape ``(height, width, 3)``."""
    image = Image.new("RGB", (layout.width, layout.height), style.paper_colour)
    pen = ImageDraw.Draw(image)
    for label in layout.labels:
        _write(pen, label, style)
    return np.array(image)


def view(pixels: NDArray[np.uint8], cell: Box) -> NDArray[np.uint8]:
    """Return the part of an image that a cell covers, without copying."""
    return pixels[cell.y : cell.y + cell.height, cell.x : cell.x + cell.width]


def segments(piece: Piece) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the starts and ends of a piece's segments; a single point is a segment of no length."""
    points = piece.points if len(piece.points) > 1 else np.repeat(piece.points, 2, axis=0)
    return points[:-1], points[1:]


def png_bytes(image: Image.Image) -> bytes:
    """Encode an image as PNG; the same image yields the same bytes."""
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _write(pen: ImageDraw.ImageDraw, label: Label, style: Style) -> None:
    colour = style.ink_colour if label.role == "title" else style.muted_colour
    text, anchor = plain_letters(label.text), ANCHORS[label.anchor]
    pen.text((label.x, label.y), text, colour, font(label.size_px), anchor=anchor)
