"""Layers that end where a pen runs dry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from limner.plot.layers import length_of
from limner.plot.merge import cut

Floats = NDArray[np.float64]


def fillings(strokes: Sequence[Floats], ink_mm: float) -> list[list[Floats]]:
    """Share strokes out to fillings of a pen.

    A filling ends before a stroke that would need more than is left; only a stroke that needs more than a
    whole filling is cut.

    Parameters
    ----------
    strokes : sequence of float64 arrays of shape ``(n, 2)``
    ink_mm : float
        Length that one filling draws, above 0.

    Returns
    -------
    list of lists of float64 arrays
        In the order of the strokes; none is empty.
    """
    shares: list[list[Floats]] = [[]]
    left = ink_mm
    for part in _portions(strokes, ink_mm):
        length = length_of(part)
        if length > left and shares[-1]:
            shares.append([])
            left = ink_mm
        shares[-1].append(part)
        left -= length
    return [share for share in shares if share]


def _portions(strokes: Sequence[Floats], ink_mm: float) -> Iterable[Floats]:
    for stroke in strokes:
        length = length_of(stroke)
        parts = max(1, int(np.ceil(length / ink_mm - 1e-9)))
        if parts == 1:
            yield stroke
        else:
            yield from (cut(stroke, k * ink_mm, min(length, (k + 1) * ink_mm)) for k in range(parts))
