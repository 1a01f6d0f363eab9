"""Tiles: small pictures of all items on a few large sheets, for a page in a browser.

Letters: ``n`` items.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from limner.curation.items import INK, PADDING
from limner.render.layout import plan_picture
from limner.strokes.simplify import simplified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limner.curation.items import Items, Progress
    from limner.strokes.drawing import Drawing

SIDES = (128, 96, 64, 48, 32, 24)
"""Sides of a tile, of which the largest is taken that leaves a page light enough."""

MOST_PIXELS = 24_000_000
"""Of all tiles together."""

SHEET_PX = 2048
LEVELS = 16
"""Of ink, from none to full."""

COMPRESS_LEVEL = 6
"""Of PNG sheets. Level 9 took ten times as long for files 4 % smaller (500 doodles, tiles of 128 pixels)."""

PATH_BOX = 256
"""Side of the box that paths are drawn in."""

MOST_PATHS = 20_000
"""So many drawings are shown by their lines too."""


@dataclass(frozen=True)
class TileSheets:
    """Tiles side by side, row by row, sheet after sheet.

    Parameters
    ----------
    side : int
        Of a tile, in pixels.
    columns : int
        Tiles in a row of a sheet.
    per_sheet : int
    ink : bool
        Whether tiles are ink on nothing, which a page may colour.
    sheets : tuple of bytes
        PNG files where tiles are ink, JPEG files where they are pictures.
    paths : tuple of str, optional
        The lines of each drawing as SVG path data, in a box of :data:`PATH_BOX` a side.
    """

    side: int
    columns: int
    per_sheet: int
    ink: bool
    sheets: tuple[bytes, ...]
    paths: tuple[str, ...] | None = None

    @property
    def sources(self) -> list[str]:
        """The sheets as data URLs."""
        kind = "png" if self.ink else "jpeg"
        return [f"data:image/{kind};base64,{base64.b64encode(sheet).decode()}" for sheet in self.sheets]

    def facts(self, sources: Sequence[str]) -> dict[str, Any]:
        """Return the data of the page's modules, with the URLs of the sheets."""
        paths = {} if self.paths is None else {"paths": list(self.paths)}
        numbers = {"side": self.side, "columns": self.columns, "perSheet": self.per_sheet}
        return {**numbers, "ink": self.ink, "sources": list(sources), **paths}


def tile_sheets(items: Items, progress: Progress | None = None) -> TileSheets:
    """Draw the tiles of all items."""
    n = len(items.ids)
    side = next((side for side in SIDES if n * side**2 <= MOST_PIXELS), SIDES[-1])
    columns = max(1, min(SHEET_PX // side, math.ceil(math.sqrt(n))))
    rows = SHEET_PX // side
    ink = items.kind == "drawings"
    sheets = []
    for begin in range(0, n, columns * rows):
        some = range(begin, min(n, begin + columns * rows))
        mode, high = ("L" if ink else "RGB"), -(-len(some) // columns)
        sheet = Image.new(mode, (columns * side, high * side), "white")
        for place, i in enumerate(some):
            picture = items.picture(i, side).convert(mode)
            x, y = place % columns * side, place // columns * side
            sheet.paste(picture, (x + (side - picture.width) // 2, y + (side - picture.height) // 2))
            if progress:
                progress(i + 1, n)
        sheets.append(_as_ink(sheet) if ink else _as_picture(sheet))
    paths = tuple(path_of(items.drawing(i)) for i in range(n)) if ink and n <= MOST_PATHS else None
    return TileSheets(side, columns, columns * rows, ink, tuple(sheets), paths)


def path_of(drawing: Drawing) -> str:
    """Return a drawing as short SVG path data with whole numbers, positioned as on its tile."""
    placed = simplified(plan_picture(drawing, PATH_BOX, INK, padding=PADDING).drawings[0], 0.5)
    parts = []
    for stroke in placed:
        points = np.rint(stroke).astype(np.int64)
        steps = np.diff(points, axis=0)
        steps = steps[steps.any(axis=1)]
        numbers = " ".join(str(value) for value in steps.ravel().tolist()) or "0 0"
        parts.append(f"M{points[0, 0]} {points[0, 1]}l{numbers.replace(' -', '-')}")
    return "".join(parts)


def _as_ink(sheet: Image.Image) -> bytes:
    """Encode black ink on white as levels of opacity."""
    darkness = 255 - np.asarray(sheet).astype(np.int64)
    levels = Image.fromarray(np.rint(darkness * (LEVELS - 1) / 255).astype(np.uint8), "P")
    levels.putpalette([0] * 3 * LEVELS)
    opacity = bytes(round(k * 255 / (LEVELS - 1)) for k in range(LEVELS))
    buffer = BytesIO()
    levels.save(buffer, "PNG", compress_level=COMPRESS_LEVEL, bits=4, transparency=opacity)
    return buffer.getvalue()


def _as_picture(sheet: Image.Image) -> bytes:
    buffer = BytesIO()
    sheet.save(buffer, "JPEG", quality=82, optimize=True)
    return buffer.getvalue()
