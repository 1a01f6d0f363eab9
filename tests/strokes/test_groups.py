"""Groups of linked things."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_array

from limner.strokes.groups import connected_groups


@pytest.mark.parametrize(
    ("links", "groups"),
    [
        ([], [0, 1, 2, 3, 4]),
        ([(4, 0)], [0, 1, 2, 3, 0]),
        ([(3, 1), (4, 3)], [0, 1, 2, 1, 1]),
        ([(0, 4), (1, 3), (3, 0)], [0, 0, 1, 0, 0]),
    ],
)
def test_groups_are_numbered_by_their_first_members(links: list[tuple[int, int]], groups: list[int]) -> None:
    dense = np.zeros((5, 5), bool)
    for one, two in links:
        dense[one, two] = True
    assert connected_groups(dense).tolist() == groups
    assert connected_groups(coo_array(dense)).tolist() == groups
