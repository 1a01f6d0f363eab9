"""``GreyPage``: a page before it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from limner.scan.node_limit import MAX_NODES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class GreyPage:
    """A page in grayscale, and what is known of it.

    Parameters
    ----------
    grey : float32 array of shape ``(H, W)``
        From 0 (black) to 255 (white).
    name : str
        Begins the sentence about a page that is refused.
    reduction : int
        How many times smaller than the picture the page is.
    max_nodes : int
        Limit of the pixels in which lines end or meet; see :mod:`limner.scan.node_limit`.
    """

    grey: NDArray[np.float32]
    name: str = "The picture"
    reduction: int = 1
    max_nodes: int = MAX_NODES

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, in pixels."""
        height, width = self.grey.shape
        return width * self.reduction, height * self.reduction
