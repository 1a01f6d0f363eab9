"""Where the pen went back over its own ink: lines that end on other ink and continue from nearby.

A line that runs into another one tangentially, and a second that leaves the same ink a little farther on, are
one line whose middle lies under the other; a line that runs into the last stretch of another one turned back
at its tip. The path between is drawn twice.

Lengths are multiples of the width of the pen, angles are in radians.
"""

from __future__ import annotations

from heapq import heappop, heappush
from math import radians
from typing import TYPE_CHECKING, NamedTuple

from scipy.cluster.hierarchy import DisjointSet

from limner.scan.graph import HalfEdge, concatenate_points
from limner.scan.heading import turn_onto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limner.scan.graph import Graph, Points
    from limner.scan.junctions import JunctionGeometry, JunctionReading

REACH = 30.0
"""No path is drawn twice that is longer than this, in figures of :data:`LONG_FIGURE` or more."""

LONG_FIGURE = 1900.0
"""In figures with less ink than this the reach falls with its square: there, lines that end on others are
mostly lines of their own. Both chosen on the sketchbook pages of ``scripts/scan_quality.py``."""

MAX_TURN = radians(105)
"""A line continues on a path that is drawn twice with no larger turn."""

TURN_COST = 4.0
"""A turn of one radian, squared, costs as much as this length."""


class RetracedPath(NamedTuple):
    """A path over ink from the end of one line to that of another."""

    cost: float
    one: HalfEdge
    two: HalfEdge
    points: Points


class OpenEnds(NamedTuple):
    """The ends of lines that continue nowhere."""

    half_edges: list[HalfEdge]
    at_node: dict[int, list[HalfEdge]]


def link_retraced(geometry: JunctionGeometry, reading: JunctionReading) -> None:
    """Link ends of lines by short paths over ink, the cheapest first.

    Parameters
    ----------
    geometry : JunctionGeometry
    reading : JunctionReading
        Links are added to it.
    """
    lines = linked_edges(geometry.graph, reading)
    for path in sorted(_retraced_paths(geometry, reading), key=lambda p: (p.cost, p.one, p.two)):
        free = path.one not in reading.links and path.two not in reading.links
        if free and lines.merge(path.one.edge, path.two.edge):
            reading.link(path.one, path.two, path.points, smooth=False)


def linked_edges(graph: Graph, reading: JunctionReading) -> DisjointSet:
    """Return the edges of a graph as sets, one for each line that links make."""
    lines = DisjointSet(graph.edges)
    for half_edge, link in reading.links.items():
        lines.merge(half_edge.edge, link.half_edge.edge)
    return lines


def _retraced_paths(geometry: JunctionGeometry, reading: JunctionReading) -> Iterator[RetracedPath]:
    graph, pen = geometry.graph, geometry.widths.pen_px
    ends = _open_ends(graph, reading)
    reach = {
        node: REACH * pen * min(1.0, ink / (LONG_FIGURE * pen)) ** 2
        for node, ink in ink_of_figures(graph).items()
    }
    for one in ends.half_edges:
        node = graph.node_at(one)
        if graph.degree(node) > 1:
            yield from _paths_from(geometry, one, reach[node], ends)


def _open_ends(graph: Graph, reading: JunctionReading) -> OpenEnds:
    half_edges = sorted(reading.free_half_edges(graph))
    at_node: dict[int, list[HalfEdge]] = {}
    for half_edge in half_edges:
        at_node.setdefault(graph.node_at(half_edge), []).append(half_edge)
    return OpenEnds(half_edges, at_node)


def _paths_from(
    geometry: JunctionGeometry, one: HalfEdge, reach: float, ends: OpenEnds
) -> Iterator[RetracedPath]:
    """Yield the paths from one open end, each pair of ends once."""
    graph, pen = geometry.graph, geometry.widths.pen_px
    for goal, (length, path) in reachable(graph, graph.node_at(one), reach).items():
        if not path or path[0].edge == one.edge:
            continue
        first = turn_onto(geometry.heading(one), geometry.heading(path[0]))
        for two in ends.at_node.get(goal, ()):
            tip = graph.degree(goal) == 1
            if two == one or (not tip and (two.edge == path[-1].edge or two < one)):
                continue
            last = 0.0 if tip else turn_onto(geometry.heading(two), geometry.heading(path[-1].twin))
            if max(first, last) < MAX_TURN:
                cost = length / pen + TURN_COST * (first * first + last * last)
                yield RetracedPath(cost, one, two, path_points(graph, path))


def ink_of_figures(graph: Graph) -> dict[int, float]:
    """Return for each node the length of all lines of its connected figure, in pixels."""
    figures = DisjointSet(graph.positions)
    linked = [edge for edge in graph.edges.values() if edge.nodes[0] >= 0]
    for edge in linked:
        figures.merge(*edge.nodes)
    ink = dict.fromkeys((figures[node] for node in graph.positions), 0.0)
    for edge in linked:
        ink[figures[edge.nodes[0]]] += edge.length
    return {node: ink[figures[node]] for node in graph.positions}


def path_points(graph: Graph, path: list[HalfEdge]) -> Points:
    """Return the points of a path."""
    return concatenate_points(graph.edges[step.edge].outward(step.end) for step in path)


def reachable(graph: Graph, start: int, reach: float) -> dict[int, tuple[float, list[HalfEdge]]]:
    """Return all nodes within a distance over ink (Dijkstra).

    Parameters
    ----------
    graph : Graph
    start : int
        Node.
    reach : float
        In pixels.

    Returns
    -------
    dict
        For each node the length of the shortest path in pixels, and its edges by their nearer ends.
    """
    shortest: dict[int, tuple[float, list[HalfEdge]]] = {}
    waiting: list[tuple[float, int, list[HalfEdge]]] = [(0.0, start, [])]
    while waiting:
        length, node, path = heappop(waiting)
        if node in shortest:
            continue
        shortest[node] = (length, path)
        for step in graph.half_edges[node]:
            edge = graph.edges[step.edge]
            other = edge.nodes[1 - step.end]
            if other not in shortest and length + edge.length <= reach:
                heappush(waiting, (length + edge.length, other, [*path, step]))
    return shortest
