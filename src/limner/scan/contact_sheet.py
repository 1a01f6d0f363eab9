"""Contact sheets: every page beside the strokes that were read from it.

Strokes are colored by their order, from dark blue over red to orange. With a style of no ground, paper and
strokes' ground are transparent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from limner.render.colouring import inked_strokes
from limner.render.lettering import font, plain_letters, shortened
from limner.render.png import on_ground, segments
from limner.render.raster import Canvas
from limner.render.style import Style
from limner.strokes.geometry import scaled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.render.look import Look
    from limner.scan.result import ScanResult

PAIR_PX = 360
"""Longest side of a page on the sheet."""

PAIRS = 24
"""Pages on one sheet."""

COLUMNS = 4
GAP_PX = 14
LETTERS_PX = 13
PEN_PX = 1.6
"""Widest pen with which strokes are drawn, ..."""

THINNEST = 0.6
"""... and the thinnest, as a share of that."""

STYLE = Style(colour_by="order", ground="white")


def contact_style(look: Look) -> Style:
    """Return the style of contact sheets in a look: on white unless it asks for another ground."""
    ground = "white" if look.ground == "auto" else look.ground
    return Style(colour_by="order", ground=ground, smooth=look.smooth)


def side_by_side(grey: NDArray[np.float32], result: ScanResult, style: Style = STYLE) -> Image.Image:
    """Return a page, of shape ``(H, W)``, and its strokes side by side."""
    scale = PAIR_PX / max(result.width, result.height)
    size = (max(1, round(result.width * scale)), max(1, round(result.height * scale)))
    page = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.LANCZOS)
    pen = max(PEN_PX * THINNEST, min(PEN_PX, result.pen_px * scale))
    drawing = scaled(result.drawing, scale)

    def draw(ground: Style) -> Image.Image:
        pixels = np.full((size[1], size[0], 3), ground.paper_colour, np.uint8)
        canvas = Canvas(pixels)
        for piece in (p for stroke in inked_strokes(drawing, ground) for p in stroke):
            canvas.draw(*segments(piece), pen_px=pen, colour=piece.colour)
        both = Image.new("RGB", (2 * size[0] + 1, size[1]), "#d8d4ca")
        both.paste(page.convert("RGB"), (0, 0))
        both.paste(Image.fromarray(pixels), (size[0] + 1, 0))
        return both

    return on_ground(draw, style)


def caption(name: str, result: ScanResult) -> str:
    """Return the line below a page: name, number of strokes, and what was removed."""
    removed = ", ruling removed" if result.ruling else ""
    return f"{name}, strokes: {len(result.drawing)}{removed}"


def contact_sheet(pairs: Sequence[tuple[str, Image.Image]], style: Style = STYLE) -> Image.Image:
    """Arrange pairs in rows, each with its caption below.

    Parameters
    ----------
    pairs : sequence of (caption, image)
        At least one; the images are those of :func:`side_by_side` in the same style.
    style : Style
    """
    return on_ground(lambda ground: _painted(pairs, ground), style)


def _painted(pairs: Sequence[tuple[str, Image.Image]], style: Style) -> Image.Image:
    columns = min(COLUMNS, len(pairs))
    rows = [pairs[i : i + columns] for i in range(0, len(pairs), columns)]
    width = max(image.width for _, image in pairs)
    heights = [max(image.height for _, image in row) + LETTERS_PX + 2 * GAP_PX for row in rows]
    size = (columns * (width + GAP_PX) + GAP_PX, sum(heights) + GAP_PX)
    paper = Image.new("RGB", size, style.paper_colour)
    pen = ImageDraw.Draw(paper)
    top = GAP_PX
    for row, height in zip(rows, heights, strict=True):
        for column, (text, image) in enumerate(row):
            left = GAP_PX + column * (width + GAP_PX)
            paper.paste(image, (left, top), image if image.mode == "RGBA" else None)
            line = plain_letters(shortened(text, width, LETTERS_PX))
            at = (left, top + image.height + LETTERS_PX + 4)
            pen.text(at, line, style.muted_colour, font(LETTERS_PX), anchor="ls")
        top += height
    return paper
