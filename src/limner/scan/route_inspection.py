"""One line through each connected figure, with the least ink drawn twice: open route inspection.

Links that were made at junctions stay. The remaining ends of lines, all but two of a figure, are paired so
that the paths between them over ink are shortest in sum (Edmonds and Johnson 1973, for an open route); rings
that result, or were there before, are then spliced into a line that passes them.

Letters: ``E`` open ends of a figure.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import numpy as np

from limner.scan.graph import NO_NODE, HalfEdge, concatenate_points
from limner.scan.heading import turn_onto
from limner.scan.retrace import linked_edges, path_points, reachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from scipy.cluster.hierarchy import DisjointSet

    from limner.scan.graph import Points
    from limner.scan.junctions import JunctionGeometry, JunctionReading

TURN_COST = 2.0
"""A turn of one radian, squared, costs as much as a path of this many widths of the pen."""

MAX_EXACT = 60
"""In figures with more open ends the nearest are paired one after the other: matching takes cubic time."""


class Route(NamedTuple):
    """A path over ink between two nodes."""

    length: float
    path: list[HalfEdge]


class SingleLineRouter:
    """Links each figure of a graph to one line.

    Parameters
    ----------
    geometry : JunctionGeometry
    reading : JunctionReading
        Links are added to it, and changed where rings are spliced in.
    """

    def __init__(self, geometry: JunctionGeometry, reading: JunctionReading) -> None:
        self.graph, self.geometry, self.reading = geometry.graph, geometry, reading
        self._routes: dict[int, dict[int, tuple[float, list[HalfEdge]]]] = {}

    def run(self) -> None:
        """Link every figure."""
        for figure in self._figures():
            ends = [end for end in self._half_edges(figure) if end not in self.reading.links]
            for one, two in self._matched(ends):
                node = self.graph.node_at(one)
                route = self._route(node, self.graph.node_at(two))
                self.reading.link(one, two, self._points(node, route), smooth=False)
            self._splice_rings(figure)

    def _figures(self) -> Iterator[list[int]]:
        """Yield the edges of each connected figure, spent ones too."""
        figures = nx.Graph()
        for number, edge in self.graph.edges.items():
            if edge.nodes[0] != NO_NODE:
                figures.add_edge(*edge.nodes)
                figures.edges[edge.nodes].setdefault("numbers", []).append(number)
        for nodes in nx.connected_components(figures):
            inside = figures.subgraph(nodes).edges(data="numbers")
            yield sorted(number for _, _, numbers in inside for number in numbers)

    def _half_edges(self, figure: Sequence[int]) -> list[HalfEdge]:
        return [HalfEdge(n, end) for n in figure if n not in self.reading.spent for end in (0, 1)]

    def _route(self, one: int, two: int) -> Route:
        if one not in self._routes:
            self._routes[one] = reachable(self.graph, one, inf)
        return Route(*self._routes[one][two])

    def _points(self, node: int, route: Route) -> Points:
        return path_points(self.graph, route.path) if route.path else self.graph.positions[node][None]

    # Open ends -----------------------------------------------------------------------------------

    def _matched(self, ends: Sequence[HalfEdge]) -> list[tuple[HalfEdge, HalfEdge]]:
        """Pair all ends but two."""
        if len(ends) <= 2:
            return []
        costs = np.array([[self._cost(one, two) for two in ends] for one in ends])  # (E, E)
        np.fill_diagonal(costs, inf)
        pairs = _cheapest_pairs(costs) if len(ends) <= MAX_EXACT else _nearest_pairs(costs)
        return [(ends[i], ends[j]) for i, j in pairs]

    def _cost(self, one: HalfEdge, two: HalfEdge) -> float:
        if one == two:
            return inf
        route = self._route(self.graph.node_at(one), self.graph.node_at(two))
        turns = 0.0
        if route.path:
            turns = self._turn(one, route.path[0]) ** 2 + self._turn(two, route.path[-1].twin) ** 2
        return route.length + TURN_COST * self.geometry.widths.pen_px * turns

    def _turn(self, half_edge: HalfEdge, onto: HalfEdge) -> float:
        """Return the turn onto another edge; at a free end the pen can only go back."""
        return 0.0 if self.graph.is_free_end(half_edge) else self._angle(half_edge, onto)

    def _angle(self, one: HalfEdge, two: HalfEdge) -> float:
        return turn_onto(self.geometry.heading(one), self.geometry.heading(two))

    # Rings ---------------------------------------------------------------------------------------

    def _splice_rings(self, figure: Sequence[int]) -> None:
        """Make one line of several that pass the same nodes; all but one of them are rings."""
        half_edges = self._half_edges(figure)
        while True:
            lines = linked_edges(self.graph, self.reading)
            if len({lines[end.edge] for end in half_edges}) < 2:
                return
            best = min(self._ring_splices(half_edges, lines), default=None)
            if best is None:
                return
            self._splice(*best[1:])

    def _ring_splices(
        self, half_edges: Sequence[HalfEdge], lines: DisjointSet
    ) -> Iterator[tuple[float, HalfEdge, HalfEdge]]:
        """Yield for each ring the links of other lines at its nodes that may be opened, with the cost."""
        links = self.reading.links
        rings = {lines[end.edge] for end in half_edges} - {
            lines[end.edge] for end in half_edges if end not in links
        }
        at_node: dict[int, list[HalfEdge]] = {}
        for end in half_edges:
            at_node.setdefault(self.graph.node_at(end), []).append(end)
        for ring in (end for end in half_edges if lines[end.edge] in rings):
            for line in at_node[self.graph.node_at(ring)]:
                if lines[line.edge] == lines[ring.edge]:
                    continue
                cost = TURN_COST * self.geometry.widths.pen_px * self._angle(line, ring) ** 2
                if line in links:  # an open end goes round the ring first, which draws nothing twice
                    cost += float(np.hypot(*np.diff(links[ring].path, axis=0).T).sum())
                yield cost, line, ring

    def _splice(self, line: HalfEdge, ring: HalfEdge) -> None:
        """Lead a line round a ring: in at ``ring``, out at the other side of its link, and on as before."""
        links = self.reading.links
        here = self.graph.positions[self.graph.node_at(ring)][None]
        back = links[ring]  # from the ring's first half-edge to its last
        onward = links.get(line)
        del links[ring], links[back.half_edge]
        self.reading.link(line, ring, here, smooth=False)
        if onward is not None:
            path = concatenate_points([back.path[::-1], here, onward.path])
            self.reading.link(back.half_edge, onward.half_edge, path, smooth=False)


def _cheapest_pairs(costs: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pair all but two at the least total cost: two more nodes take one each at no cost."""
    n = len(costs)
    graph = nx.Graph()
    graph.add_weighted_edges_from((i, j, float(costs[i, j])) for i in range(n) for j in range(i))
    graph.add_weighted_edges_from((i, n + extra, 0.0) for i in range(n) for extra in (0, 1))
    return sorted((min(p), max(p)) for p in nx.min_weight_matching(graph) if max(p) < n)


def _nearest_pairs(costs: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pair all but two, the cheapest pair of those left each time."""
    n = len(costs)
    pairs: list[tuple[int, int]] = []
    left = set(range(n))
    for flat in np.argsort(costs, axis=None, kind="stable").tolist():
        i, j = divmod(flat, n)
        if i in left and j in left and i != j and len(left) > 2:
            pairs.append((i, j))
            left -= {i, j}
    return pairs
