"""Measure how well features find drawings of the same class among all others.

    python scripts/feature_worth.py quickdraw/simplified --features shape model:runs/mine

Every drawing is sought in turn. Beside the features that are asked for (``shape`` unless told otherwise)
stand what they have to beat: points at even distances along the pen's way, pixels, and histograms of
gradients of pixels.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.ndimage as nd
from numpy.typing import NDArray
from skimage.feature import hog

from limner.corpus.load import load_corpus
from limner.curation.embedder import OWN, Embedder
from limner.curation.embedding import embed
from limner.curation.items import INK, DrawingItems
from limner.curation.whitening import unit_rows
from limner.render.png import draw_image
from limner.strokes.drawing import Drawing
from limner.strokes.geometry import arc_lengths, fitted, points_along

POINTS = 64
PIXELS = 28
BLUR_PX = 1.0
HOG_PX, HOG_CELL_PX = 64, 8
BLOCK = 500

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Worth:
    """Of features, from 0 to 1."""

    top1: float
    """Share of drawings whose nearest neighbour is of their class."""
    top5: float
    """Share of drawings with their class among the five nearest."""
    mean_average_precision: float
    """Mean over drawings of the average precision of all others in the order of their distance."""


def worth_of(rows: NDArray[np.floating], labels: NDArray[np.int_]) -> Worth:
    """Measure features of shape ``(n, d)``; ``labels`` ``(n,)``, at least two drawings of each class."""
    squares = (rows.astype(np.float64) ** 2).sum(axis=1)
    first = fifth = precision = 0.0
    for begin in range(0, len(rows), BLOCK):
        some = np.arange(begin, min(begin + BLOCK, len(rows)))
        away = squares - 2.0 * rows[some] @ rows.T
        away[np.arange(len(some)), some] = np.inf
        order = np.argsort(away, axis=1, kind="stable")[:, :-1]  # the last is the drawing itself
        hits = labels[order] == labels[some, None]
        first += hits[:, 0].sum()
        fifth += hits[:, :5].any(axis=1).sum()
        shares = np.cumsum(hits, axis=1) / np.arange(1, hits.shape[1] + 1)
        precision += ((shares * hits).sum(axis=1) / hits.sum(axis=1)).sum()
    n = len(rows)
    return Worth(float(first / n), float(fifth / n), float(precision / n))


def by_points(drawings: Sequence[Drawing]) -> Matrix:
    """Return points at equal distances along the path of the pen, lifted or not, in a box of side 1."""
    found = []
    for drawing in drawings:
        points = fitted(drawing, 1.0, centred=True).points
        found.append(points_along(points, np.linspace(0, arc_lengths(points)[-1], POINTS)).ravel())
    return np.array(found, np.float32)


def by_pixels(drawings: Sequence[Drawing]) -> Matrix:
    """Return the ink of each pixel, a little blurred."""
    pictures = [_pixels(drawing, PIXELS) for drawing in drawings]
    return unit_rows(np.array([nd.gaussian_filter(p, BLUR_PX).ravel() for p in pictures], np.float32))


def by_hog(drawings: Sequence[Drawing]) -> Matrix:
    """Return scikit-image's histograms of oriented gradients."""
    cell = (HOG_CELL_PX, HOG_CELL_PX)
    pictures = (_pixels(drawing, HOG_PX) for drawing in drawings)
    return unit_rows(np.array([hog(p, 8, cell, (2, 2)) for p in pictures], np.float32))


BASELINES: dict[str, Callable[[Sequence[Drawing]], Matrix]] = {
    "points": by_points,
    "pixels": by_pixels,
    "hog of pixels": by_hog,
}


def worths(items: DrawingItems, embedders: Sequence[Embedder]) -> dict[str, tuple[int, Worth]]:
    """Measure the baselines and some embedders: width and worth, by name."""
    known = sorted({label for label in items.labels if label is not None})
    labels = np.array([known.index(label) if label else -1 for label in items.labels])
    drawings = [items.drawing(i) for i in range(len(items.ids))]
    found = {}
    for name, describe in BASELINES.items():
        rows = describe(drawings)
        found[name] = (rows.shape[1], worth_of(rows, labels))
    for embedder in embedders:
        rows = embed(items, embedder).matrix
        found[embedder.name] = (rows.shape[1], worth_of(rows, labels))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("corpus", help="drawings with labels")
    parser.add_argument("--features", nargs="+", default=["shape"])
    args = parser.parse_args()
    embedders = [_find(name) for name in args.features]
    print(f"{'features':<28} {'width':>6} {'top 1':>7} {'top 5':>7} {'mAP':>7}")  # noqa: T201
    for name, (width, worth) in worths(DrawingItems.of(load_corpus(args.corpus)), embedders).items():
        figures = f"{worth.top1:>7.3f} {worth.top5:>7.3f} {worth.mean_average_precision:>7.3f}"
        print(f"{name:<28} {width:>6} {figures}")  # noqa: T201


def _find(name: str) -> Embedder:
    if name in OWN:
        return OWN[name]()
    from limner.interchange.extractors import find_embedder

    return find_embedder(name)


def _pixels(drawing: Drawing, side: int) -> NDArray[np.float32]:
    picture = draw_image(drawing, side, INK, padding=0.02).convert("L")
    return 1 - np.asarray(picture, np.float32) / np.float32(255)


if __name__ == "__main__":
    main()
