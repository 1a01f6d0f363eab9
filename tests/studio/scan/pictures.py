"""Pictures of drawings, as files."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from limner.corpus.doodles.make import make_doodles
from limner.render.raster import cover_segments
from limner.strokes.geometry import fitted

Stroke = Sequence[Sequence[float]]

CURVE = [[80 + 60 * np.cos(t), 60 + 40 * np.sin(2 * t)] for t in np.linspace(0.3, 5.5, 80)]
DASHES = [[[20, 20], [60, 20]], [[70, 20], [110, 20]]]
"""Two strokes ten pixels apart."""
TWO = [[[20, 20], [50, 60]], [[110, 80], [140, 110]]]
"""Two drawings, each a line."""


def pixels(*strokes: Stroke, size: tuple[int, int] = (120, 160), pen_px: float = 3) -> NDArray[np.uint8]:
    """Draw polylines black on white, of shape ``(H, W)``."""
    cover = np.zeros(size, np.float32)
    for stroke in strokes:
        points = np.asarray(stroke, np.float32)
        cover_segments(cover, points[:-1], points[1:], pen_px)
    return (255 * (1 - cover)).round().astype(np.uint8)


def file_of(array: NDArray[np.uint8], kind: str = "png", **options: object) -> bytes:
    """Write pixels as a file."""
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, kind, **options)
    return stream.getvalue()


def picture(*strokes: Stroke, **options: object) -> bytes:
    """Write polylines as a PNG file."""
    return file_of(pixels(*(strokes or (CURVE,)), **options))  # type: ignore[arg-type]


def pages(*arrays: NDArray[np.uint8]) -> bytes:
    """Write a TIFF of several pages."""
    first, *others = (Image.fromarray(array) for array in arrays)
    stream = io.BytesIO()
    first.save(stream, "tiff", save_all=True, append_images=others)
    return stream.getvalue()


def doodle_page(seed: int = 5, side: int = 360, pen_px: float = 3.5) -> bytes:
    """Draw a doodle as somebody might scan it: grey paper, a soft shadow."""
    doodle = fitted(make_doodles(1, seed=seed)[0], 0.78 * side, centred=False)
    left, top, right, bottom = doodle.bounds
    offset = np.array([side - left - right, side - top - bottom]) / 2
    strokes = [(stroke + offset).tolist() for stroke in doodle if len(stroke) > 1]
    ink = pixels(*strokes, size=(side, side), pen_px=pen_px).astype(np.float32)
    shade = np.linspace(1.0, 0.9, side, dtype=np.float32)[None]
    paper = np.stack([ink * shade * tone for tone in (0.98, 0.955, 0.9)], axis=-1)
    return file_of(paper.round().astype(np.uint8))
