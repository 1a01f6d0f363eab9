"""Pages as people have them: ruled, squared or dotted paper, soft brushes, pencils, what shines through.

Letters: ``H`` and ``W`` of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.ndimage as nd

from limner.render.raster import cover_segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

ROWS_A_COLUMN = 1.3


def hand() -> list[Floats]:
    """Return three strokes on a page one unit wide and :data:`ROWS_A_COLUMN` high."""
    t = np.linspace(0, 1, 120)
    loop = np.column_stack([0.5 + 0.3 * np.cos(2 * np.pi * t + 0.3), 0.65 + 0.25 * np.sin(4 * np.pi * t)])
    corner = np.array([[0.2, 0.22], [0.75, 0.17], [0.7, 0.7], [0.4, 0.5]])
    wave = np.column_stack([0.15 + 0.7 * t, 1.08 + 0.05 * np.sin(9 * t)])
    return [loop, corner, wave]


def cover_of(strokes: list[Floats], height: int, pen_px: float) -> NDArray[np.float32]:
    """Return how much of each pixel strokes cover, from 0 to 1."""
    width = round(height / ROWS_A_COLUMN)
    cover = np.zeros((height, width), np.float32)
    for stroke in strokes:
        points = (stroke * width).astype(np.float32)
        cover_segments(cover, points[:-1], points[1:], pen_px)
    return cover


def printed(kind: str, height: int, spacing: float, line_px: float, tilt: float) -> NDArray[np.float32]:
    """Return how much of each pixel is printed on: lines, squares or dots, turned by ``tilt`` radians."""
    width = round(height / ROWS_A_COLUMN)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    down, right = y + tilt * x + 0.4 * spacing, x - tilt * y + 0.4 * spacing
    away = [np.abs((at + spacing / 2) % spacing - spacing / 2) for at in (down, right)]
    lines = [np.clip(line_px / 2 + 0.5 - one, 0, 1) for one in away]
    if kind == "ruled":
        return np.asarray(lines[0])
    if kind == "squared":
        return np.asarray(np.maximum(*lines))
    return np.asarray(np.clip(line_px + 0.5 - np.hypot(*away), 0, 1))


def page(
    kind: str,
    height: int,
    *,
    shade: float = 0.2,
    tilt: float = 0.0,
    spacing_share: float = 1 / 36,
    noise: float = 2.0,
) -> NDArray[np.float32]:
    """Return a page in grey, of shape ``(H, W)``, with the strokes of :func:`hand`.

    Parameters
    ----------
    kind : {"ruled", "squared", "dotted", "brush", "pencil", "through", "plain"}
    height : int
        In pixels; everything on the page grows with it.
    shade : float
        Darkness of what is printed, from 0 to 1.
    tilt : float
        By which it is turned, in radians.
    spacing_share : float
        Its spacing, as a share of the height.
    noise : float
        Standard deviation of the grain, in grey levels.
    """
    rng = np.random.default_rng(0)
    pen = max(1.5, height / 220)
    cover = cover_of(hand(), height, pen)
    light = np.ones_like(cover)
    if kind in ("ruled", "squared", "dotted"):
        light -= shade * printed(kind, height, height * spacing_share, max(1.0, height / 600), tilt)
    if kind == "through":
        behind = [np.column_stack([1 - s[:, 0], 0.9 * s[:, 1] + 0.1]) for s in hand()]
        light -= 0.2 * nd.gaussian_filter(cover_of(behind, height, pen), height / 300)
    if kind == "brush":
        cover = nd.gaussian_filter(cover_of(hand(), height, height / 60), height / 150)
    if kind == "pencil":
        grain = nd.gaussian_filter(rng.normal(0, 1, cover.shape), 0.8)
        cover = 0.5 * nd.gaussian_filter(cover, 0.6) * np.clip(0.8 + 0.3 * grain / grain.std(), 0, 1)
    light = nd.gaussian_filter(light * (1 - 0.95 * cover), 0.5)
    grey = np.clip(250 * light + rng.normal(0, noise, light.shape), 0, 255)
    return np.asarray(grey, np.float32)
