"""Speed of scanning a page, relative to a threshold and thinning alone."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from skimage.filters import threshold_otsu
from skimage.morphology import skeletonize

from limner.corpus.doodles.make import make_doodles
from limner.render.raster import cover_segments
from limner.scan.picture import read_pages
from limner.scan.scan import scan_grey
from limner.strokes.geometry import fitted, translated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Grey = NDArray[np.float32]

PAGE_PX = (2000, 2600)
"""Width and height of the generated page: a book somewhat smaller than A4 at 240 dpi."""

PEN_PX = 6.0
COLUMNS, ROWS = 2, 3
SHARE = 0.85
"""Share of its cell on the page that a doodle fills."""

GRAIN = 3.0
"""Standard deviation of the paper's brightness, in grey levels."""


@dataclass(frozen=True)
class ScanSpeed:
    """Times of scanning, as medians."""

    width: int
    height: int
    rounds: int
    strokes: int
    seconds: float
    """From pixels to strokes."""
    bare_seconds: float
    """One threshold for the page, and thinning alone."""
    pages_per_s: float
    bare_pages_per_s: float
    ratio: float
    """Time of strokes relative to thinning alone."""
    peak_rss_mb: float
    """Peak memory of this process."""


def bench_scan(picture: Path | None = None, rounds: int = 3) -> ScanSpeed:
    """Time scanning of a page, alternating with threshold and thinning alone, on one core.

    Parameters
    ----------
    picture : Path, optional
        A page of doodles is generated unless given.
    rounds : int
        Number of times that each is timed.

    Raises
    ------
    DataError
        If the picture cannot be read.
    """
    grey = next(read_pages(picture)) if picture else doodle_page()
    name = picture.name if picture else "The page"
    strokes = len(scan_grey(grey, name=name).drawing)  # warm, too
    times = [
        (_seconds(lambda: scan_grey(grey, name=name)), _seconds(lambda: _bare(grey))) for _ in range(rounds)
    ]
    whole, bare = (statistics.median(column) for column in zip(*times, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return ScanSpeed(
        width=grey.shape[1],
        height=grey.shape[0],
        rounds=rounds,
        strokes=strokes,
        seconds=whole,
        bare_seconds=bare,
        pages_per_s=1 / whole,
        bare_pages_per_s=1 / bare,
        ratio=whole / bare,
        peak_rss_mb=peak,
    )


def doodle_page() -> Grey:
    """Return a page of six doodles on grainy paper, always the same, of shape ``(2600, 2000)``."""
    width, height = PAGE_PX
    cover = np.zeros((height, width), np.float32)
    side = min(width / COLUMNS, height / ROWS)
    for index, doodle in enumerate(make_doodles(COLUMNS * ROWS, seed=2)):
        row, column = divmod(index, COLUMNS)
        corner = (np.array([column, row]) + (1 - SHARE) / 2) * side
        for stroke in translated(fitted(doodle, side * SHARE), *corner):
            cover_segments(cover, stroke[:-1], stroke[1:], PEN_PX)
    grain = np.random.default_rng(0).normal(0, GRAIN, cover.shape)
    return np.clip(240 - 200 * cover + grain, 0, 255).astype(np.uint8).astype(np.float32)


def _bare(grey: Grey) -> NDArray[Any]:
    return np.asarray(skeletonize(grey < threshold_otsu(grey.astype(np.uint8))))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
