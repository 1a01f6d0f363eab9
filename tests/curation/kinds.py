"""Pictures of pages as a sketchbook holds them: drawings, watercolours, notes, covers and bad scans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy.ndimage as nd
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from limner.corpus.doodles.make import make_doodles
from limner.render.layout import Box, place
from limner.render.raster import cover_segments
from limner.strokes.drawing import Drawing

Page = NDArray[np.float64]
HEIGHT, WIDTH = 300, 220


def write_pages(folder: Path, each: int, seed: int, names: tuple[str, ...] | None = None) -> None:
    """Write ``each`` pages of every kind, each kind into a folder of its name."""
    for k, name in enumerate(names or tuple(KINDS)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for i in range(each):
            rng = np.random.default_rng([seed, k, i])
            pixels = np.clip(KINDS[name](rng), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{name[:4]}{i:02d}.png")


def paper(rng: Generator) -> Page:
    tone = np.array([246, 242, 232]) + rng.normal(0, 4, 3)
    grain = nd.gaussian_filter(rng.normal(0, 6, (HEIGHT, WIDTH)), 0.7)
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    shade = 8 * (rng.normal() * x + rng.normal() * y)
    return np.asarray(tone + (grain + shade)[..., None])


def drawn(page: Page, drawing: Drawing, box: Box, pen: float, ink: float) -> Page:
    cover = np.zeros(page.shape[:2], np.float32)
    for stroke in place(drawing, box, pen):
        points = stroke if len(stroke) > 1 else np.repeat(stroke, 2, axis=0)
        cover_segments(cover, points[:-1], points[1:], pen)
    return np.asarray(page * (1 - 0.9 * cover[..., None]) + ink * 0.9 * cover[..., None])


def line_drawing(rng: Generator) -> Page:
    page = paper(rng)
    for drawing in make_doodles(int(rng.integers(1, 4)), seed=int(rng.integers(1 << 30))):
        side = int(rng.integers(90, 180))
        box = Box(int(rng.integers(0, WIDTH - side)), int(rng.integers(0, HEIGHT - side)), side, side)
        page = drawn(page, drawing, box, rng.uniform(1.2, 2.2), 40)
    return page


def watercolour(rng: Generator) -> Page:
    page = paper(rng)
    for _ in range(int(rng.integers(4, 9))):
        noise = nd.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), rng.uniform(14, 26))
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
        away = np.hypot(
            (y - rng.uniform(40, 260)) / rng.uniform(40, 90), (x - rng.uniform(30, 190)) / rng.uniform(30, 80)
        )
        wash = 1 / (1 + np.exp((away - 1 + 9 * noise) * 9))
        pigment = rng.uniform(0.25, 1.0, 3)
        page = page * (1 - wash[..., None] * (1 - pigment) * rng.uniform(0.4, 0.9))
    return page


def notes(rng: Generator) -> Page:
    page = paper(rng)
    step, left = rng.uniform(12, 19), rng.uniform(12, 30)
    for y in np.arange(rng.uniform(18, 40), HEIGHT - 20, step):
        x = left + rng.uniform(0, 5)
        while x < WIDTH - rng.uniform(15, 60):
            length = rng.uniform(8, 34)
            t = np.linspace(0, length, int(length * 1.5) + 2)
            height = 0.28 * step * np.sin(t * rng.uniform(1.0, 1.6)) * rng.uniform(0.5, 1.2, len(t))
            word = Drawing((np.column_stack([x + t, y + height]),))
            cover = np.zeros(page.shape[:2], np.float32)
            cover_segments(cover, word.strokes[0][:-1], word.strokes[0][1:], 1.2)
            page = page * (1 - 0.85 * cover[..., None]) + 50 * 0.85 * cover[..., None]
            x += length + rng.uniform(4, 8)
    return page


def cover(rng: Generator) -> Page:
    tone = rng.uniform(20, 150, 3)
    weave = nd.gaussian_filter(rng.normal(0, 14, (HEIGHT, WIDTH)), (0.5, 1.5))
    page = tone + weave[..., None]
    if rng.random() < 0.6:
        page[60:100, 50:170] = 225 + rng.normal(0, 4, (40, 120, 1))
    page[:, : int(rng.uniform(6, 16))] *= 0.6
    return np.asarray(page)


def bad_scan(rng: Generator) -> Page:
    page = nd.gaussian_filter(line_drawing(rng), (rng.uniform(3, 5), rng.uniform(3, 5), 0))
    page = 140 + (page - 200) * rng.uniform(0.3, 0.6)
    side = int(rng.uniform(20, 60))
    page[:, -side:] = rng.uniform(5, 30) + rng.normal(0, 3, (HEIGHT, side, 1))
    page[: int(rng.uniform(0, 40))] *= 0.3
    return np.asarray(page)


KINDS: dict[str, Callable[[Generator], Page]] = {
    "drawings": line_drawing,
    "watercolours": watercolour,
    "notes": notes,
    "covers": cover,
    "bad scans": bad_scan,
}
