"""The chamfer distance between sets of points.

Letters: ``P`` and ``Q`` points of the two sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def point_set_chamfer(one: NDArray[np.floating], two: NDArray[np.floating]) -> float:
    """Return the mean distance from a point to the nearest one of the other set, averaged over both sets.

    Parameters
    ----------
    one : array of shape ``(P, 2)``, P >= 1
    two : array of shape ``(Q, 2)``, Q >= 1
    """
    from scipy.spatial import KDTree

    there, back = KDTree(two).query(one)[0], KDTree(one).query(two)[0]
    return float((there.mean() + back.mean()) / 2)
