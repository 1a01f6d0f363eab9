"""Pruning spurs."""

from __future__ import annotations

import numpy as np

from limner.scan.graph import Graph, pixel_graph
from limner.scan.spurs import prune_spurs


def line_with_branch(length: int) -> Graph:
    thin = np.zeros((30, 60), bool)
    thin[20, 5:55] = True
    thin[20 - length : 20, 30] = True
    return pixel_graph(thin)


def test_short_branches_go_and_the_line_is_whole() -> None:
    graph = line_with_branch(3)
    prune_spurs(graph, dict.fromkeys(graph.positions, 2.0), lambda _: False)
    (edge,) = graph.edges.values()
    assert edge.length == 49


def test_long_branches_stay() -> None:
    graph = line_with_branch(10)
    prune_spurs(graph, dict.fromkeys(graph.positions, 2.0), lambda _: False)
    assert len(graph.edges) == 3


def test_what_is_meant_stays() -> None:
    graph = line_with_branch(3)
    prune_spurs(graph, dict.fromkeys(graph.positions, 2.0), lambda _: True)
    assert len(graph.edges) == 3


def test_a_short_line_of_its_own_is_no_spur() -> None:
    thin = np.zeros((5, 9), bool)
    thin[2, 3:6] = True
    graph = pixel_graph(thin)
    prune_spurs(graph, dict.fromkeys(graph.positions, 2.0), lambda _: False)
    assert len(graph.edges) == 1
