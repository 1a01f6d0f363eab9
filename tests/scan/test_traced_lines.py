"""Chaining edges to lines."""

from __future__ import annotations

import numpy as np

from limner.scan.graph import HalfEdge, pixel_graph
from limner.scan.junctions import JunctionReading
from limner.scan.traced_lines import TracedLine, chain_edges, with_dots


def cross() -> np.ndarray:
    thin = np.zeros((21, 21), bool)
    thin[10] = thin[:, 10] = True
    return thin


def test_links_make_lines_of_edges() -> None:
    graph = pixel_graph(cross())
    (middle,) = (n for n in graph.half_edges if graph.degree(n) == 4)
    outward = {
        s: tuple(np.sign(graph.edges[s.edge].outward(s.end)[5] - [10.5, 10.5]))
        for s in graph.half_edges[middle]
    }
    up, down, left, right = (
        next(s for s, way in outward.items() if way == goal) for goal in ((0, -1), (0, 1), (-1, 0), (1, 0))
    )
    reading = JunctionReading()
    place = graph.positions[middle][None]
    reading.link(up, right, place, smooth=False)
    reading.link(left, down, place, smooth=True)
    lines = chain_edges(graph, reading, 3)
    assert len(lines) == 2
    ends = sorted(sorted(line.points[[0, -1]].tolist()) for line in lines)
    assert ends == [[[0.5, 10.5], [10.5, 20.5]], [[10.5, 0.5], [20.5, 10.5]]]
    firm = {line.points[0].tolist() == [0.5, 10.5] or line.points[-1].tolist() == [0.5, 10.5]: line.firm.all()
            for line in lines}  # fmt: skip
    assert firm == {True: False, False: True}
    assert not any(line.closed for line in lines)


def test_without_links_every_edge_is_a_line() -> None:
    lines = chain_edges(pixel_graph(cross()), JunctionReading(), 3)
    assert len(lines) == 4
    assert not any(line.isolated for line in lines)


def test_spent_edges_are_no_lines() -> None:
    graph = pixel_graph(cross())
    assert len(chain_edges(graph, JunctionReading(spent={0}), 3)) == 3


def test_an_edge_linked_with_itself_closes() -> None:
    thin = np.zeros((5, 12), bool)
    thin[2, 2:10] = True
    graph = pixel_graph(thin)
    reading = JunctionReading()
    reading.link(HalfEdge(0, 0), HalfEdge(0, 1), np.zeros((0, 2)), smooth=False)
    (line,) = chain_edges(graph, reading, 3)
    assert line.closed
    assert (line.points[0] == line.points[-1]).all()


def test_dots() -> None:
    points = np.array([[5.0, 5], [6, 5]])
    far = np.array([[5.0, 5], [16, 5]])
    lines = [TracedLine(p, np.ones(2, bool), closed=False, isolated=alone) for p, alone in ((points, True), (points, False), (far, False))]  # fmt: skip  # noqa: E501
    found = with_dots(lines, [points, points, far], 3)
    assert [f.tolist() for f in found] == [[[5.5, 5]], far.tolist()]
