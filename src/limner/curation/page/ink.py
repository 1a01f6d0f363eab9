"""Ink features of a picture: how much, how sharp, in how many pieces, in rows or not.

Letters: ``H`` and ``W`` of a picture, ``k`` pieces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd

from limner.scan.paper import darkness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

INK = 0.22
"""So much darker than the paper is ink."""

SIZE_EDGES = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64)
"""Between the bins of the heights of pieces, as shares of the picture's height."""

BORDER = 0.04
"""Share of a side that is looked at for the scanner's edges."""

LINES = (0.012, 0.09)
"""Shortest and longest distance between two lines of writing, as shares of the picture's height."""


def ink_rows(grey: Floats) -> Floats:
    """Return the ink features of a picture: ``(D,)``, each about from -1 to 1.

    Parameters
    ----------
    grey : float32 array of shape ``(H, W)``
        From 0 (black) to 255 (white).
    """
    dark = darkness(grey)
    mask = dark > INK
    return np.concatenate(
        [_amounts(grey, dark, mask), _pieces(mask), _rows_of_writing(mask), _borders(grey)]
    ).astype(np.float32)


def _amounts(grey: Floats, dark: Floats, mask: Mask) -> Floats:
    """Return share, darkness and width of the ink, sharpness of its edges, roughness of the paper."""
    share = mask.mean()
    width = nd.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1][mask]
    widths = np.quantile(width, (0.5, 0.9, 0.99)) if len(width) else np.zeros(3)
    edge = np.abs(nd.laplace(grey))
    steep = nd.gaussian_gradient_magnitude(grey, 1.0)
    paper = ~nd.binary_dilation(mask, iterations=3)
    grain = np.sqrt(np.mean((grey - nd.uniform_filter(grey, 3))[paper] ** 2)) if paper.any() else 0.0
    broad = nd.binary_opening(mask, iterations=max(2, round(0.012 * max(mask.shape)))).mean()
    return np.array(
        [
            np.sqrt(share),
            dark[mask].mean() if share else 0.0,
            dark[mask].std() * 3 if share else 0.0,
            *(np.log1p(widths) / 3),
            np.sqrt(broad),
            np.log1p(np.quantile(edge, 0.98)) / 5,
            np.log1p(steep.max()) / 5,
            np.log1p(grain) / 2,
            (np.quantile(grey, 0.98) - np.quantile(grey, 0.02)) / 255,
        ],
        np.float32,
    )


def _pieces(mask: Mask) -> Floats:
    """Return the number of pieces of ink, the share of the largest, and the shares of heights."""
    labels, count = nd.label(mask, np.ones((3, 3)))
    if not count:
        return np.zeros(len(SIZE_EDGES) + 4, np.float32)
    areas = np.bincount(labels.ravel())[1:]
    boxes = [box for box in nd.find_objects(labels) if box is not None]
    heights = np.array([box[0].stop - box[0].start for box in boxes]) / mask.shape[0]  # (k,)
    solid = areas.max() / max(1, _box_area(boxes[int(areas.argmax())]))
    counts = np.bincount(np.searchsorted(SIZE_EDGES, heights), minlength=len(SIZE_EDGES) + 1)
    largest = areas.max() / areas.sum()
    return np.array([np.log1p(count) / 7, largest, solid, *np.sqrt(counts / count)], np.float32)


def _box_area(box: tuple[slice, ...]) -> int:
    return int(np.prod([side.stop - side.start for side in box]))


def _rows_of_writing(mask: Mask) -> Floats:
    """Return how regularly ink and paper alternate down the picture and across it, and the margins."""
    found = []
    for axis in (1, 0):
        profile = mask.mean(axis=axis)
        smooth = profile - nd.gaussian_filter1d(profile, LINES[1] * len(profile))
        low, high = (max(2, round(share * len(profile))) for share in LINES)
        echo = np.correlate(smooth, smooth, "full")[len(smooth) - 1 :]
        echo = echo / (echo[0] + 1e-6)
        dips = np.minimum.accumulate(echo)  # a peak counts only above a valley before it
        found += [float(np.max((echo - dips)[low : high + 1], initial=0.0)), profile.std() * 4]
        some = np.flatnonzero(profile > 0)
        found += [some[0] / len(profile), 1 - some[-1] / len(profile)] if len(some) else [1.0, 1.0]
    return np.array(found, np.float32)


def _borders(grey: Floats) -> Floats:
    """Return how much darker each border is than the middle of the picture."""
    down, across = (max(1, round(BORDER * side)) for side in grey.shape)
    strips = (grey[:down], grey[-down:], grey[:, :across], grey[:, -across:])
    middle = float(np.median(grey))
    return np.array([(middle - float(strip.mean())) / 255 for strip in strips], np.float32)
