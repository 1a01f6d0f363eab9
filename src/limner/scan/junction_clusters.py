"""Junctions that are read as one, and the pairing of the lines that leave them.

Lengths are multiples of the width of the pen.
"""

from __future__ import annotations

from math import inf, radians
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import DisjointSet

from limner.scan.confidence import assess
from limner.scan.cusps import LINES, cusp_pairs, link_cusp, stem_of
from limner.scan.graph import HalfEdge, concatenate_points
from limner.scan.heading import turning
from limner.scan.junction_choices import Junction, PairingWishes
from limner.scan.junctions import STEM_SLACK, JunctionCluster, JunctionReading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limner.scan.confidence import Assessment
    from limner.scan.graph import Graph, Points
    from limner.scan.junction_choices import PairingWish, Pairs
    from limner.scan.junctions import JunctionGeometry

MAX_SHARED = 15.0
"""Longest stretch that two lines share."""

MERGED = 2.5
"""Junctions nearer to each other than this are one."""

SMOOTH = radians(60)
"""Below this turn a line passes a junction without a corner."""


def read_junctions(geometry: JunctionGeometry, wishes: Sequence[PairingWish] = ()) -> JunctionReading:
    """Decide at all junctions of a graph which line continues as which.

    Parameters
    ----------
    geometry : JunctionGeometry
    wishes : sequence of PairingWish
        Pairings that a person chose, in the pixels of the graph.
    """
    reading = JunctionReading()
    geometry.forget_headings()
    wanted = PairingWishes(wishes, geometry.widths.pen_px)
    for node, ends in geometry.graph.half_edges.items():
        if len(ends) == LINES:
            _read_fork(geometry, node, reading, wanted)
    for cluster in _clusters(geometry, reading):
        _read_cluster(geometry, cluster, reading, wanted)
    reading.unmet = len(wishes) - len(wanted.met)
    return reading


def _read_fork(
    geometry: JunctionGeometry, node: int, reading: JunctionReading, wanted: PairingWishes
) -> None:
    """Decide at a node of three lines, if it is a cusp or a person has decided."""
    lines = list(geometry.graph.half_edges[node])
    wish = wanted.pairs_at(_ports(geometry, lines))
    if wish is None and not any(likely for _, likely in cusp_pairs(geometry, lines)):
        return
    cluster = JunctionCluster([node], [])
    _settle(geometry, cluster, reading, wish)
    reading.decided.add(node)


def _read_cluster(
    geometry: JunctionGeometry, cluster: JunctionCluster, reading: JunctionReading, wanted: PairingWishes
) -> None:
    lines = _cluster_lines(geometry.graph, cluster)
    _settle(geometry, cluster, reading, wanted.pairs_at(_ports(geometry, lines)))


def _clusters(geometry: JunctionGeometry, reading: JunctionReading) -> list[JunctionCluster]:
    """Return the junctions that are not decided yet, clustered."""
    graph = geometry.graph
    nodes = {
        node
        for node, ends in graph.half_edges.items()
        if len(ends) > 1 and node not in reading.decided and _is_open(ends, reading)
    }
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


def _settle(
    geometry: JunctionGeometry, cluster: JunctionCluster, reading: JunctionReading, wish: Pairs | None
) -> None:
    """Pair the lines that leave a cluster, and note what else they might be."""
    lines = _cluster_lines(geometry.graph, cluster)
    headings = [geometry.heading(half_edge) for half_edge in lines]
    turns = [[turning(a, b) for b in headings] for a in headings]
    assessed = assess(geometry, lines, turns, cluster)
    pairs = assessed.choices[0] if wish is None else wish
    if len(lines) >= LINES:
        reading.junctions.append(_junction(geometry, cluster, lines, assessed, wish))
    stem = stem_of(pairs)
    if stem is not None:
        link_cusp(geometry, lines, stem, reading)
        return
    used: set[int] = set()
    for i, j in pairs:
        one, two = lines[i], lines[j]
        start, goal = geometry.graph.node_at(one), geometry.graph.node_at(two)
        path = _shortest_path(geometry.graph, cluster, start, goal)
        used |= set(path)
        reading.link(one, two, _path_points(geometry.graph, start, path), smooth=turns[i][j] < SMOOTH)
    short = MERGED * geometry.widths.pen_px
    reading.spent |= {n for n in cluster.edges if n in used or geometry.graph.edges[n].length <= short}


def _junction(
    geometry: JunctionGeometry,
    cluster: JunctionCluster,
    lines: Sequence[HalfEdge],
    assessed: Assessment,
    wish: Pairs | None,
) -> Junction:
    x, y = np.mean([geometry.graph.positions[node] for node in cluster.nodes], axis=0).tolist()
    choices = assessed.choices
    if wish is not None and wish not in choices:
        choices = (*choices, wish)
    return Junction(
        at=(x, y),
        lines=tuple(geometry.stretch(line) for line in lines),
        choices=choices,
        chosen=0 if wish is None else choices.index(wish),
        confidence=assessed.confidence if wish is None else 1.0,
        evidence=assessed.evidence,
    )


def _ports(geometry: JunctionGeometry, lines: Sequence[HalfEdge]) -> Points:
    return np.array([geometry.stretch(line)[-1] for line in lines]).reshape(-1, 2)


def _cluster_lines(graph: Graph, cluster: JunctionCluster) -> list[HalfEdge]:
    """Return the lines that leave a cluster."""
    return [
        half_edge
        for node in cluster.nodes
        for half_edge in graph.half_edges[node]
        if half_edge.edge not in cluster.edges
    ]


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
