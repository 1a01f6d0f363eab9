"""Groups of strokes that are linked to each other.

Letters: ``G`` things that may be linked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def connected_groups(links: Any) -> NDArray[np.intp]:
    """Return the number of each thing's group; things linked directly or through others are one group.

    Parameters
    ----------
    links : array or sparse array of shape ``(G, G)``
        Anything but zero for two things that are linked; one direction is enough.

    Returns
    -------
    int array of shape ``(G,)``
        Groups are numbered from 0 in the order of their first members.
    """
    from scipy.sparse.csgraph import connected_components

    labels = connected_components(links, directed=False)[1]
    return np.unique(np.unique(labels, return_index=True)[1][labels], return_inverse=True)[1]
