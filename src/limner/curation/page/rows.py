"""From pictures to features.

Letters: ``n`` pictures, ``D`` numbers of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.curation.page.colour import colour_rows
from limner.curation.page.edges import edge_rows
from limner.curation.page.ink import ink_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

PAGE_PX = 384
"""Longest side of a picture that is looked at."""

WEIGHTS = (0.6, 0.5, 0.5)
"""Of edges, colours and ink."""


def page_rows(pictures: Sequence[Image]) -> NDArray[np.float32]:
    """Return features of pages, in which line drawings, watercolours, notes and covers lie apart.

    Parameters
    ----------
    pictures : sequence of RGB images
        Upright, about :data:`PAGE_PX` a side.

    Returns
    -------
    float32 array of shape ``(n, D)``
    """
    return np.stack([_row(picture) for picture in pictures])


def _row(picture: Image) -> NDArray[np.float32]:
    grey = np.asarray(picture.convert("L"), np.float32)
    parts = (edge_rows(grey), colour_rows(picture), ink_rows(grey))
    return np.concatenate([weight * part for weight, part in zip(WEIGHTS, parts, strict=True)])
