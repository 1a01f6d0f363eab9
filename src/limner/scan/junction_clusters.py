"""Junctions that are read as one, and the pairing of the lines that leave them.

Lengths are multiples of the width of the pen.
"""

from __future__ import annotations

from math import inf, radians
from typing import TYPE_CHECKING, NamedTuple

from scipy.cluster.hierarchy import DisjointSet

from limner.scan.graph import HalfEdge, concatenate_points
from limner.scan.heading import turning
from limner.scan.junctions import STEM_SLACK, JunctionReading, link_cusps
from limner.scan.pairing import best_pairs

if TYPE_CHECKING:
    from limner.scan.graph import Graph, Points
    from limner.scan.junctions import JunctionGeometry

MAX_SHARED = 15.0
"""Longest stretch that two lines share."""

MERGED = 2.5
"""Junctions nearer to each other than this are one."""

SHARPEST = radians(120)
"""A pen that would turn more was lifted."""

SMOOTH = radians(60)
"""Below this turn a line passes a junction without a corner."""


class JunctionCluster(NamedTuple):
    """Nodes that are read as one junction, and the edges between them."""

    nodes: list[int]
    edges: list[int]


def read_junctions(geometry: JunctionGeometry) -> JunctionReading:
    """Decide at all junctions of a graph which line continues as which."""
    reading = JunctionReading()
    geometry.forget_headings()
    link_cusps(geometry, reading)
    for cluster in _clusters(geometry, reading):
        _pair_lines(geometry, cluster, reading)
    return reading


def _clusters(geometry: JunctionGeometry, reading: JunctionReading) -> list[JunctionCluster]:
    """Return the junctions that are not decided yet, clustered."""
    graph = geometry.graph
    nodes = {node for node, ends in graph.half_edges.items() if len(ends) > 1 and _is_open(ends, reading)}
    shared = [
        number
        for number, edge in graph.edges.items()
        if set(edge.nodes) <= nodes and _is_shared(geometry, number)
    ]
    groups = DisjointSet(nodes)
    for number in shared:
        groups.merge(*graph.edges[number].nodes)
    clusters: dict[int, JunctionCluster] = {}
    for node in nodes:
        clusters.setdefault(groups[node], JunctionCluster([], [])).nodes.append(node)
    for number in shared:
        clusters[groups[graph.edges[number].nodes[0]]].edges.append(number)
    return list(clusters.values())


def _is_open(ends: list[HalfEdge], reading: JunctionReading) -> bool:
    return not any(half_edge in reading.links or half_edge.edge in reading.spent for half_edge in ends)


def _is_shared(geometry: JunctionGeometry, number: int) -> bool:
    """Return whether an edge between junctions is ink of two lines that cross or touch."""
    graph, pen = geometry.graph, geometry.widths.pen_px
    edge = graph.edges[number]
    if edge.nodes[0] == edge.nodes[1]:
        return edge.length <= 2 * pen
    if edge.length <= MERGED * pen:
        return True
    stems = [HalfEdge(number, end) for end in (0, 1)]
    if not all(graph.degree(graph.node_at(stem)) == 3 and geometry.is_fork(stem) for stem in stems):
        return False
    overlap = sum(geometry.overlap(stem) for stem in stems)
    return edge.length <= min(STEM_SLACK * overlap + pen, MAX_SHARED * pen)


def _pair_lines(geometry: JunctionGeometry, cluster: JunctionCluster, reading: JunctionReading) -> None:
    """Pair the lines that leave a cluster."""
    graph = geometry.graph
    lines = [
        (half_edge, node)
        for node in cluster.nodes
        for half_edge in graph.half_edges[node]
        if half_edge.edge not in cluster.edges
    ]
    headings = [geometry.heading(half_edge) for half_edge, _ in lines]
    turns = [[turning(a, b) for b in headings] for a in headings]
    used: set[int] = set()
    for i, j in best_pairs([[t * t for t in row] for row in turns], SHARPEST**2 / 2):
        (one, start), (two, goal) = lines[i], lines[j]
        path = _shortest_path(graph, cluster, start, goal)
        used |= set(path)
        reading.link(one, two, _path_points(graph, start, path), smooth=turns[i][j] < SMOOTH)
    short = MERGED * geometry.widths.pen_px
    reading.spent |= {n for n in cluster.edges if n in used or graph.edges[n].length <= short}


def _path_points(graph: Graph, node: int, path: list[int]) -> Points:
    """Return the points along edges, beginning at a node."""
    points = [graph.positions[node][None]]
    for number in path:
        edge = graph.edges[number]
        end = 0 if edge.nodes[0] == node else 1
        points.append(edge.outward(end))
        node = edge.nodes[1 - end]
    return concatenate_points(points)


def _shortest_path(graph: Graph, cluster: JunctionCluster, start: int, goal: int) -> list[int]:
    """Return the edges of the shortest path between two nodes of a cluster (Dijkstra)."""
    lengths, paths, waiting = {start: 0.0}, {start: list[int]()}, {start}
    while waiting:
        node = min(waiting, key=lengths.__getitem__)
        waiting.remove(node)
        for number in cluster.edges:
            edge = graph.edges[number]
            if node in edge.nodes:
                other = edge.nodes[1] if edge.nodes[0] == node else edge.nodes[0]
                length = lengths[node] + edge.length
                if length < lengths.get(other, inf):
                    lengths[other], paths[other] = length, [*paths[node], number]
                    waiting.add(other)
    return paths[goal]
