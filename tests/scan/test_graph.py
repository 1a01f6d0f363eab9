"""The graph of a thinned picture."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage.morphology import skeletonize

from limner.scan.graph import NO_NODE, Graph, pixel_graph


def graph_of(*rows: str) -> Graph:
    return pixel_graph(np.array([[c == "#" for c in row] for row in rows]))


def shape(graph: Graph) -> tuple[int, list[int]]:
    """Return the number of edges and the degrees of the nodes."""
    return len(graph.edges), sorted(graph.degree(node) for node in graph.half_edges)


def test_a_line_in_pixel_centres() -> None:
    graph = graph_of("....", ".##.", "...#")
    (edge,) = graph.edges.values()
    assert edge.points.tolist() == [[1.5, 1.5], [2.5, 1.5], [3.5, 2.5]]
    assert edge.length == pytest.approx(1 + 2**0.5)


@pytest.mark.parametrize(
    ("rows", "edges", "degrees"),
    [
        (["#"], 1, [2]),
        (["##"], 1, [1, 1]),
        (["#..", ".#.", "..#"], 1, [1, 1]),
        (["#..", "##.", ".##"], 1, [1, 1]),
        (["#####", "..#..", "..#.."], 3, [1, 1, 1, 3]),
        (["..#..", "..#..", "#####", "..#..", "..#.."], 4, [1, 1, 1, 1, 4]),
        (["#...#", ".#.#.", "..#..", ".#.#.", "#...#"], 4, [1, 1, 1, 1, 4]),
        ([".##.", "#..#", "#..#", ".##."], 1, []),
        ([".##.", "#..#", "#..###", ".##."], 2, [1, 3]),
        (["#.#", "...", "#.#"], 4, [2, 2, 2, 2]),
        (["..", ".."], 0, []),
    ],
)
def test_shapes(rows: list[str], edges: int, degrees: list[int]) -> None:
    width = max(map(len, rows))
    assert shape(graph_of(*(row.ljust(width, ".") for row in rows))) == (edges, degrees)


def test_a_ring_closes() -> None:
    (edge,) = graph_of(".##.", "#..#", "#..#", ".##.").edges.values()
    assert edge.nodes == (NO_NODE, NO_NODE)
    assert len(edge.points) == 9
    assert (edge.points[0] == edge.points[-1]).all()


def test_dissolving_a_node_joins_its_edges() -> None:
    graph = graph_of("#####", "..#..", "..#..")
    (crossing,) = (n for n in graph.half_edges if graph.degree(n) == 3)
    down = next(s.edge for s in graph.half_edges[crossing] if graph.edges[s.edge].points[:, 1].max() > 2)
    graph.remove(down)
    graph.dissolve(crossing)
    long = next(e for e in graph.edges.values() if len(e.points) == 5)
    assert sorted(long.points[:, 0].tolist()) == [0.5, 1.5, 2.5, 3.5, 4.5]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(4, 24), st.integers(4, 24), st.floats(0.1, 0.7))
def test_every_pixel_and_nothing_else(seed: int, height: int, width: int, share: float) -> None:
    """Pixels inside edges lie in exactly one; each edge is a way from pixel to neighbouring pixel."""
    thin = skeletonize(np.random.default_rng(seed).random((height, width)) < share)
    graph = pixel_graph(thin)
    pixels = {(x + 0.5, y + 0.5) for y, x in np.argwhere(thin)}
    inner = [tuple(p) for e in graph.edges.values() for p in e.points[1:-1].tolist()]
    assert len(inner) == len(set(inner))
    assert set(inner) <= pixels
    ends = {tuple(p) for p in map(tuple, (place.tolist() for place in graph.positions.values()))}
    lost = np.zeros(thin.shape, bool)  # pixels of junctions, for which their centres stand
    begun = {tuple(e.points[0].tolist()) for e in graph.edges.values()}
    for x, y in (pixels - set(inner) - begun) | ends:
        lost[int(y), int(x)] = thin[int(y), int(x)]
    clusters, count = ndimage.label(lost, np.ones((3, 3)))
    for k in range(1, count + 1):
        cluster = np.argwhere(clusters == k) + 0.5
        for y, x in cluster:
            assert min(np.hypot(x - a, y - b) for a, b in ends) < math.sqrt(2) * len(cluster)
    for edge in graph.edges.values():
        steps = np.hypot(*np.diff(edge.points[1:-1], axis=0).T)
        assert (steps <= 1.5).all()
