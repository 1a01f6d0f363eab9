"""How large a drawing is in millimetres, where its file says so."""

from __future__ import annotations

from pathlib import Path

from limner.strokes.svg.document import parse_document
from limner.strokes.svg.page import page_of, window_of

MM_PER_PX = 25.4 / 96
"""Millimetres of a pixel. Source: CSS Values 3, 5.2."""


def svg_mm_per_unit(path: str | Path) -> float:
    """Return the millimetres of one unit of an SVG file's coordinates.

    Raises
    ------
    DataError
        If the file is no SVG.
    OSError
        If it cannot be read.
    """
    root = parse_document(Path(path).read_bytes(), Path(path).name)
    box, _ = page_of(root)
    pairs = zip(("width", "height"), window_of(root, box[2], box[3]), box[2:], strict=True)
    given = [shown / own for key, shown, own in pairs if root.get(key, "%").strip()[-1:] != "%"]
    return MM_PER_PX * min(given, default=1.0)  # as large as it fits, as browsers do it
