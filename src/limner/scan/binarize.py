"""Darkness to a mask of ink: one threshold for the page, or one for each pixel if much ink is faint.

Darkness is about 0 on paper, up to 1. Letters: ``H`` and ``W`` of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING, Literal

import numpy as np
import scipy.ndimage as nd

from limner.scan.page_tones import EIGHT, GRIP, MIN_COMPONENT, page_tones
from limner.scan.thresholds import sauvola

if TYPE_CHECKING:
    from limner.scan.thresholds import Dark, Mask

Method = Literal["otsu", "sauvola"]

FAINTEST = 0.05
"""Ink fainter than this is ignored."""

FAINT_SHARE = 0.03
"""Sauvola's thresholds are used if there is this share of faint ink beside what one threshold finds."""

BLOCK_PX = 4
"""Side of the blocks in which that share is counted."""

WINDOW_SHARE = 0.03
"""Side of Sauvola's window as a share of the longest side of the page, ..."""

MIN_WINDOW_PX = 15
"""... and its lower bound."""


@dataclass(frozen=True)
class Ink:
    """Where the ink is.

    Parameters
    ----------
    mask : bool array of shape ``(H, W)``
    sure : bool array of shape ``(H, W)``
        Part of the mask; components of the mask that hold none of it are no ink.
    method : {"otsu", "sauvola"}
    threshold : float
        Otsu's: darkness between ink and paper.
    contrast : float
        Mean darkness of the ink minus that of the paper.
    """

    mask: Mask
    sure: Mask
    method: Method
    threshold: float
    contrast: float


def find_ink(
    dark: Dark,
    method: Method | None = None,
    *,
    strictness: float = 1.0,
    faintest: float = FAINTEST,
    blur_px: float = 0.0,
) -> Ink | None:
    """Separate ink from paper, or return None where there is only paper.

    Parameters
    ----------
    dark : float32 array of shape ``(H, W)``
        As :func:`limner.scan.paper.darkness` returns it.
    method : {"otsu", "sauvola"}, optional
        Chosen by how much faint ink there is unless given.
    strictness : float
        Factor of all thresholds.
    faintest : float
        Darkness of the faintest ink that is accepted.
    blur_px : float
        See :func:`limner.scan.page_tones.page_tones`.
    """
    tones = page_tones(dark, blur_px)
    if tones is None:
        return None
    limits = (tones.threshold, tones.faintest, max(faintest, tones.faintest))
    threshold, faintest, floor = (strictness * limit for limit in limits)
    sure = dark > threshold
    mask = dark > max(GRIP * threshold, faintest)
    if method is None:
        uneven = floor < GRIP * threshold and _faint_share(dark > floor, mask) > FAINT_SHARE
        method = "sauvola" if uneven else "otsu"
    if method == "sauvola":
        mask |= sauvola(dark, max(MIN_WINDOW_PX, round(WINDOW_SHARE * max(dark.shape))) | 1, floor)
        mask &= dark > (1 - strictness**-2) * threshold  # no limit where the strictness is 1
        sure |= large_components(mask & ~sure)
    return Ink(mask, sure, method, threshold, tones.contrast)


def large_components(mask: Mask) -> Mask:
    """Return the connected components of a mask that have at least :data:`MIN_COMPONENT` pixels."""
    parts, _ = nd.label(mask, EIGHT)
    kept = np.bincount(parts.ravel()) >= MIN_COMPONENT
    kept[0] = False
    return np.asarray(kept[parts])


def pen_width(mask: Mask) -> float:
    """Estimate the width of the pen: area of the ink over half the length of its outline.

    The outline of a line at any slant has, counted by rows and columns, 4 / pi times its length.
    """
    outline = int(np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1]))
    return 8 / pi * int(np.count_nonzero(mask)) / max(outline, 1)


def _faint_share(faint: Mask, mask: Mask) -> float:
    """Estimate how much ink a fainter mask adds away from that of a mask, as a share of the latter.

    Both are reduced to blocks of pixels; blocks with ink, and those less than a pen's width away, are the
    soft edge of the mask.
    """
    near, more = (_blocks(m) for m in (mask, faint))
    edge = max(1, round(pen_width(mask) / BLOCK_PX))
    more &= nd.distance_transform_cdt(~near, "chessboard") > edge if near.any() else True
    return float(more.sum()) / max(float(near.sum()), 1.0)


def _blocks(mask: Mask) -> Mask:
    """Return which blocks of pixels hold any ink."""
    height, width = (n - n % BLOCK_PX for n in mask.shape)
    whole = mask[:height, :width]
    rows = np.logical_or.reduce([whole[i::BLOCK_PX] for i in range(BLOCK_PX)])
    return np.asarray(np.logical_or.reduce([rows[:, i::BLOCK_PX] for i in range(BLOCK_PX)]))
