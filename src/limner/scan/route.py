"""One line through each connected figure, with as little ink drawn twice as can be: route inspection.

What the junctions say stays as it is. The ends of lines that are left are paired, all but two of a figure, so
that the ways between them over ink are shortest in sum (Edmonds and Johnson 1973, for an open route); rings
that come of it, or were there before, are then taken in where a line passes them.

Letters: ``E`` open ends of a figure.
"""

from __future__ import annotations

from math import inf, pi
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import numpy as np

from limner.scan.direction import wrapped
from limner.scan.graph import NOWHERE, Stub, joined
from limner.scan.retrace import Groups, points_of, reachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from limner.scan.graph import Graph, Points
    from limner.scan.junctions import Junctions, Reading

TURN_COST = 2.0
"""A turn of one radian, squared, counts as much as this many widths of the pen."""

MOST_EXACT = 60
"""In figures with more open ends the nearest are paired one after the other."""


class Route(NamedTuple):
    """A way over ink between two nodes."""

    length: float
    path: list[Stub]


class Router:
    """Makes one line of each figure of a graph.

    Parameters
    ----------
    graph : Graph
    junctions : Junctions
    reading : Reading
        Its links are added to, and changed where rings are taken in.
    """

    def __init__(self, graph: Graph, junctions: Junctions, reading: Reading) -> None:
        self.graph, self.junctions, self.reading = graph, junctions, reading
        self._routes: dict[int, dict[int, tuple[float, list[Stub]]]] = {}

    def run(self) -> None:
        """Link every figure to one line."""
        for figure in self._figures():
            ends = [stub for stub in self._stubs(figure) if stub not in self.reading.links]
            for one, two in self._matched(ends):
                route = self._route(self._node(one), self._node(two))
                self.reading.link(one, two, self._points(self._node(one), route), smooth=False)
            self._take_in_rings(figure)

    # What there is -------------------------------------------------------------------------------

    def _figures(self) -> Iterator[list[int]]:
        """Give the edges of each connected figure, those that are no strokes too."""
        figures = nx.Graph()
        for number, edge in self.graph.edges.items():
            if edge.nodes[0] != NOWHERE:
                figures.add_edge(*edge.nodes)
                figures.edges[edge.nodes].setdefault("numbers", []).append(number)
        for nodes in nx.connected_components(figures):
            inside = figures.subgraph(nodes).edges(data="numbers")
            yield sorted(number for _, _, numbers in inside for number in numbers)

    def _stubs(self, figure: Sequence[int]) -> list[Stub]:
        return [Stub(n, end) for n in figure if n not in self.reading.spent for end in (0, 1)]

    def _node(self, stub: Stub) -> int:
        return self.graph.edges[stub.edge].nodes[stub.end]

    def _route(self, one: int, two: int) -> Route:
        if one not in self._routes:
            self._routes[one] = reachable(self.graph, one, inf)
        return Route(*self._routes[one][two])

    def _points(self, node: int, route: Route) -> Points:
        return points_of(self.graph, route.path) if route.path else self.graph.places[node][None]

    # Open ends -----------------------------------------------------------------------------------

    def _matched(self, ends: Sequence[Stub]) -> list[tuple[Stub, Stub]]:
        """Pair all ends but two."""
        if len(ends) <= 2:
            return []
        costs = np.array([[self._cost(one, two) for two in ends] for one in ends])  # (E, E)
        np.fill_diagonal(costs, inf)
        pairs = _exact(costs) if len(ends) <= MOST_EXACT else _nearest(costs)
        return [(ends[i], ends[j]) for i, j in pairs]

    def _cost(self, one: Stub, two: Stub) -> float:
        if one == two:
            return inf
        route = self._route(self._node(one), self._node(two))
        turns = 0.0
        if route.path:
            turns = self._turn(one, route.path[0]) ** 2 + self._turn(two, route.path[-1].other) ** 2
        return route.length + TURN_COST * self.junctions.widths.pen_px * turns

    def _turn(self, stub: Stub, onto: Stub) -> float:
        """Give the turn into another edge; at a tip there is only the way back."""
        if self.graph.is_end(stub):
            return 0.0
        return abs(wrapped(self.junctions.heading(onto).angle - self.junctions.heading(stub).angle - pi))

    # Rings ---------------------------------------------------------------------------------------

    def _take_in_rings(self, figure: Sequence[int]) -> None:
        """Make one line of several that pass the same nodes; all but one of them are rings."""
        stubs = self._stubs(figure)
        while True:
            groups = Groups(self.graph, self.reading)
            if len({groups.root(stub.edge) for stub in stubs}) < 2:
                return
            best = min(self._splices(stubs, groups), default=None)
            if best is None:
                return
            self._splice(*best[1:])

    def _splices(self, stubs: Sequence[Stub], groups: Groups) -> Iterator[tuple[float, Stub, Stub]]:
        """Give links of different lines near the same node that may be opened, with what it costs."""
        links = self.reading.links
        rings = {groups.root(s.edge) for s in stubs} - {groups.root(s.edge) for s in stubs if s not in links}
        at: dict[int, list[Stub]] = {}
        for stub in stubs:
            at.setdefault(self._node(stub), []).append(stub)
        for ring in (s for s in stubs if groups.root(s.edge) in rings):
            for line in at[self._node(ring)]:
                if groups.root(line.edge) == groups.root(ring.edge):
                    continue
                if line not in links:  # the very end of a line: go round the ring first
                    yield self._bend(line, ring), line, ring
                else:
                    extra = float(np.hypot(*np.diff(links[ring].way, axis=0).T).sum())
                    yield self._bend(line, ring) + extra, line, ring

    def _bend(self, one: Stub, two: Stub) -> float:
        turn = abs(wrapped(self.junctions.heading(two).angle - self.junctions.heading(one).angle - pi))
        return TURN_COST * self.junctions.widths.pen_px * turn * turn

    def _splice(self, line: Stub, ring: Stub) -> None:
        """Lead a line round a ring: in at ``ring``, out at the other side of its link, and on as before."""
        links = self.reading.links
        here = self.graph.places[self._node(ring)][None]
        back = links[ring]  # from the ring's stub over its way to its last stub
        onward = links.get(line)
        del links[ring], links[back.stub]
        self.reading.link(line, ring, here, smooth=False)
        if onward is not None:
            way = joined([back.way[::-1], here, onward.way])
            self.reading.link(back.stub, onward.stub, way, smooth=False)


def _exact(costs: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pair all but two so that the sum of costs is least: two more nodes take one each for nothing."""
    n = len(costs)
    graph = nx.Graph()
    graph.add_weighted_edges_from((i, j, float(costs[i, j])) for i in range(n) for j in range(i))
    graph.add_weighted_edges_from((i, n + extra, 0.0) for i in range(n) for extra in (0, 1))
    return sorted((min(p), max(p)) for p in nx.min_weight_matching(graph) if max(p) < n)


def _nearest(costs: NDArray[np.float64]) -> list[tuple[int, int]]:
    n = len(costs)
    pairs: list[tuple[int, int]] = []
    left = set(range(n))
    for flat in np.argsort(costs, axis=None, kind="stable").tolist():
        i, j = divmod(flat, n)
        if i in left and j in left and i != j and len(left) > 2:
            pairs.append((i, j))
            left -= {i, j}
    return pairs
