"""Spurs: short side branches of a skeleton that grow where the outline of a line is rough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.scan.graph import HalfEdge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from limner.scan.graph import Edge, Graph

REACH = 1.2
"""A branch is a spur up to this many half widths of the ink, ..."""

SLACK_PX = 1.0
"""... plus this many pixels."""


def prune_spurs(graph: Graph, radius: Mapping[int, float], keep: Callable[[HalfEdge], bool]) -> None:
    """Remove spurs, the shortest first, and merge the two edges at what is no junction any more.

    Parameters
    ----------
    graph : Graph
        Is changed.
    radius : mapping of int to float
        Half the width of the ink at each node.
    keep : callable
        Takes the free end of a branch; returns whether it is part of the drawing although it is short.
    """
    removed = True
    while removed:
        spurs = sorted((e.length, number) for number, e in graph.edges.items() if _is_spur(graph, e, radius))
        removed = False
        for _, number in spurs:
            edge = graph.edges.get(number)
            if edge is not None and _is_spur(graph, edge, radius):
                free, root = (0, 1) if graph.degree(edge.nodes[0]) == 1 else (1, 0)
                if not keep(HalfEdge(number, free)):
                    _remove(graph, number, edge.nodes[free], edge.nodes[root])
                    removed = True


def _is_spur(graph: Graph, edge: Edge, radius: Mapping[int, float]) -> bool:
    if edge.nodes[0] == edge.nodes[1]:
        return False
    degrees = [graph.degree(node) for node in edge.nodes]
    if min(degrees) != 1 or max(degrees) < 3:
        return False
    root = edge.nodes[degrees.index(max(degrees))]
    return edge.length <= REACH * radius[root] + SLACK_PX


def _remove(graph: Graph, number: int, free: int, root: int) -> None:
    graph.remove(number)
    del graph.half_edges[free], graph.positions[free]
    if graph.degree(root) == 2:
        graph.dissolve(root)
