"""Truth for the tracer: known drawings as ink on paper, and how near a traced drawing comes to them.

Coordinates are pixels; the first pixel's centre is (0.5, 0.5). Letters: ``n`` points of a stroke,
``s`` samples along all strokes, ``H`` and ``W`` of a picture.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageFilter
from scipy.spatial import cKDTree

from limner.corpus.load import load_corpus
from limner.render.raster import cover_segments
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import arc_lengths, fitted, points_along, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

NEAR_PX = 2.0
SAMPLE_PX = 0.5
MARGIN_SHARE = 0.06


@dataclass(frozen=True)
class Paper:
    """How a drawing is put on paper and taken from it.

    Parameters
    ----------
    side_px : int
        Longest side of the picture.
    pen_px : float
        Width of the pen.
    colour, ink : (red, green, blue)
        From 0 to 255.
    shade : float
        How much darker one corner is than the opposite one, as a share.
    blur_px, noise : float
        Standard deviations, in pixels and in grey levels.
    jpeg : int
        Quality of the JPEG it went through; 0 for none.
    """

    side_px: int = 600
    pen_px: float = 3.0
    colour: tuple[float, float, float] = (250, 250, 250)
    ink: tuple[float, float, float] = (30, 30, 30)
    shade: float = 0.0
    blur_px: float = 0.0
    noise: float = 0.0
    jpeg: int = 0


def any_paper(rng: np.random.Generator) -> Paper:
    """Draw the conditions of a picture by lot: 400-1200 px, pens of 2-5 px."""
    white = np.array([245, 243, 238]) - rng.uniform(0, 40) * rng.uniform(0, 1, 3)
    return Paper(
        side_px=int(rng.integers(400, 1201)),
        pen_px=float(rng.uniform(2, 5)),
        colour=tuple(white.tolist()),
        ink=tuple((rng.uniform(10, 80) + rng.uniform(0, 40, 3)).tolist()),
        shade=float(rng.uniform(0, 0.3)),
        blur_px=float(rng.uniform(0, 1.0)),
        noise=float(rng.uniform(0, 8)),
        jpeg=int(rng.integers(60, 96)) if rng.random() < 0.7 else 0,
    )


def on_paper(drawing: Drawing, paper: Paper, rng: np.random.Generator) -> tuple[Image.Image, Drawing]:
    """Return a picture of a drawing, and the drawing where it lies in the picture."""
    margin = paper.side_px * MARGIN_SHARE + paper.pen_px
    truth = translated(fitted(drawing, paper.side_px - 2 * margin), margin, margin)
    width, height = (int(np.ceil(v + margin)) for v in truth.bounds[2:])
    cover = np.zeros((height, width), np.float32)
    for stroke in truth:
        points = stroke if len(stroke) > 1 else np.repeat(stroke, 2, axis=0)
        cover_segments(cover, points[:-1], points[1:], paper.pen_px)
    ground, ink = np.asarray(paper.colour), np.asarray(paper.ink)
    pixels = ground + cover[..., None] * (ink - ground)  # (H, W, 3)
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)
    pixels *= 1 - paper.shade * np.clip(slope + 0.5, 0, 1)[..., None]
    pixels += rng.normal(0, 1, (height, width, 1)) * paper.noise
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if paper.blur_px:
        image = image.filter(ImageFilter.GaussianBlur(paper.blur_px))
    if paper.jpeg:
        file = BytesIO()
        image.save(file, "JPEG", quality=paper.jpeg)
        image = Image.open(file).convert("RGB")
    return image, truth


def known_drawings(data: Path, n: int, rng: np.random.Generator) -> Iterator[tuple[str, Drawing]]:
    """Return sheep, kanji and QuickDraw drawings in turn, each with its kind."""
    corpus = load_corpus(data / "stroke3" / "aaron_sheep.npz")
    n_sheep = len(corpus.splits["test"])
    kanji = sorted((data / "svg" / "kanji").glob("*.svg"))
    quick = sorted((data / "quickdraw" / "simplified").glob("*.ndjson"))
    for index in range(n):
        if index % 3 == 0:
            yield "sheep", corpus.drawing("test", int(rng.integers(n_sheep)))
        elif index % 3 == 1:
            yield "kanji", Drawing.from_svg(kanji[int(rng.integers(len(kanji)))])
        else:
            lines = quick[int(rng.integers(len(quick)))].read_text().splitlines()
            entry = json.loads(lines[int(rng.integers(len(lines)))])
            yield "quickdraw", Drawing.from_quickdraw(entry["drawing"])


@dataclass(frozen=True)
class Nearness:
    """How near a traced drawing comes to the truth."""

    recall: float
    """Share of the truth's length within 2 px of what was found."""
    precision: float
    """Share of what was found within 2 px of the truth."""
    distance: float
    """Mean distance of what was found from the truth, in pixels."""
    length_ratio: float
    """Length found over true length."""
    stroke_ratio: float
    """Strokes found over true strokes, those that touch end to end counted as one."""


def nearness(truth: Drawing, found: Drawing, *, touch_px: float) -> Nearness:
    """Measure what was found against the truth, whose strokes are one where ends come within a distance."""
    true, traced = samples(truth), samples(found)
    if not len(traced):
        return Nearness(0.0, 0.0, np.inf, 0.0, 0.0)
    to_traced, to_true = cKDTree(traced).query(true)[0], cKDTree(true).query(traced)[0]
    return Nearness(
        recall=float((to_traced <= NEAR_PX).mean()),
        precision=float((to_true <= NEAR_PX).mean()),
        distance=float((to_true.mean() + to_traced.mean()) / 2),
        length_ratio=found.ink_length / max(truth.ink_length, 1e-9),
        stroke_ratio=len(found) / merged_count(truth, touch_px),
    )


def samples(drawing: Drawing) -> Floats:
    """Return points along all strokes every half pixel, of shape ``(s, 2)``; a dot is one point."""
    found = [np.zeros((0, 2))]
    for stroke in drawing:
        length = arc_lengths(stroke)[-1]
        found.append(points_along(stroke, np.linspace(0, length, int(length / SAMPLE_PX) + 1)))
    return np.concatenate(found)


def merged_count(drawing: Drawing, touch_px: float) -> int:
    """Count strokes after joining ends that touch, nearest first, each end once, no stroke to itself."""
    ends = np.array([stroke[i] for stroke in drawing for i in (0, -1)], np.float64)
    pairs = sorted(
        cKDTree(ends).query_pairs(touch_px), key=lambda p: float(np.hypot(*(ends[p[0]] - ends[p[1]])))
    )
    group, used = list(range(len(drawing))), set()
    for a, b in pairs:
        if a in used or b in used or group[a // 2] == group[b // 2]:
            continue
        used |= {a, b}
        old, new = group[b // 2], group[a // 2]
        group = [new if g == old else g for g in group]
    return len(set(group))
