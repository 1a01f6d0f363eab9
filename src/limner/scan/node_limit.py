"""The limit of what is traced: pixels in which lines end or meet, counted before a graph is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.ndimage as nd

from limner.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_NODES = 15_000
"""Time and memory grow faster than the number of nodes: a dithered page of 2,000 x 2,000 took 8.6 GB."""

MAX_SINGLE_LINE_NODES = 2_000
"""The limit for one line per figure, whose shortest paths between all ends take longer."""


def count_nodes(skeleton: NDArray[np.bool_]) -> int:
    """Count the pixels of a skeleton, of shape ``(H, W)``, in which a line ends or several meet."""
    near = nd.convolve(skeleton.astype(np.uint8), np.ones((3, 3), np.uint8), mode="constant")
    return int(np.count_nonzero(skeleton & (near != 3)))  # a pixel inside a line has two neighbors


def check_node_count(
    nodes: int, limit: int, *, name: str, photograph: bool = False, single_line: bool = False
) -> None:
    """Refuse a page with more nodes than are traced.

    Parameters
    ----------
    nodes, limit : int
    name : str
        Of the page.
    photograph : bool
        Whether it looks like one.
    single_line : bool
        Whether each figure is drawn in one line.

    Raises
    ------
    DataError
        If there are more nodes than the limit.
    """
    if nodes <= limit:
        return
    if photograph:
        raise DataError(f"{name} looks like a photograph, and only drawings of lines are read.")
    done = "drawn in one line" if single_line else "followed"
    raise DataError(
        f"{name}: lines end or meet in {nodes} places, and up to {limit} are {done}; "
        "is it a drawing of lines? Make the picture smaller, or cut it."
    )
