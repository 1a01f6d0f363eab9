"""Ways that are drawn twice."""

from __future__ import annotations

import numpy as np
import pytest

from limner.scan.graph import Graph, HalfEdge, pixel_graph
from limner.scan.retrace import ink_of_figures, path_points, reachable


@pytest.fixture
def ladder() -> Graph:
    """Two rails with three rungs, and a line apart."""
    thin = np.zeros((60, 40), bool)
    thin[5:45, [5, 30]] = True
    thin[[15, 25, 35], 5:31] = True
    thin[55, 5:31] = True
    return pixel_graph(thin)


def test_lengths_and_ways(ladder: Graph) -> None:
    start = next(n for n, place in ladder.positions.items() if place.tolist() == [5.5, 5.5])
    found = reachable(ladder, start, 1000)
    assert len(found) == len(ladder.positions) - 2
    for node, (length, path) in found.items():
        if path:
            points = path_points(ladder, path)
            assert points[0].tolist() == [5.5, 5.5]
            assert (points[-1] == ladder.positions[node]).all()
            assert np.hypot(*np.diff(points, axis=0).T).sum() == pytest.approx(length)
    far = next(n for n, place in ladder.positions.items() if place.tolist() == [30.5, 44.5])
    assert found[far][0] == pytest.approx(25 + 39)


def test_the_reach_is_kept(ladder: Graph) -> None:
    for reach in (0, 10, 11, 40):
        assert all(length <= reach for length, _ in reachable(ladder, 0, reach).values())


def test_ink_of_figures(ladder: Graph) -> None:
    ink = ink_of_figures(ladder)
    assert sorted({round(v) for v in ink.values()}) == [25, 2 * 39 + 3 * 25]


def test_half_edges() -> None:
    assert HalfEdge(3, 0).twin == HalfEdge(3, 1)
    assert HalfEdge(3, 1).twin == HalfEdge(3, 0)
