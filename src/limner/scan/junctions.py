"""What happens where lines meet: which line goes on as which.

Thinned ink says where lines meet, not how the pen went. Three readings are made here:

- lines that cross or touch share a stretch of ink, and their junctions are merged into one;
- at each junction all lines are paired at once so that the pen turns the least in sum;
- where the pen doubles back, the ink of both ways merges before the tip: a fork with a short stem (a cusp).

Lengths count in widths of the pen. Letters: ``n`` points of a way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, pi, radians, tan
from typing import TYPE_CHECKING

import numpy as np

from limner.scan.direction import LEAST_LOOK_PX, LOOK_SHARE, Heading, heading, opening, turning, wrapped
from limner.scan.graph import Graph, Stub, joined
from limner.scan.pairing import best_pairs

if TYPE_CHECKING:
    from limner.scan.graph import Points
    from limner.scan.widths import Widths

FORK_TURN = radians(60)
"""Both lines of a fork go over into its stem with no larger turn."""

FORK_OPENING = radians(100)
"""They lie no farther apart than this."""

NIB = 1.5
TIP_TURN = radians(110)
"""Up to this length, in widths of the pen, a stem has no direction to speak of: larger turns do."""

CUSP_REACH = 12.0
"""No stem of a cusp is longer, in widths of the pen."""

BRIDGE_REACH = 15.0
"""No stretch that two lines share is longer, in widths of the pen."""

MERGED = 2.5
"""Junctions nearer to each other than this many widths are one."""

SLACK = 1.5
"""How much longer than it should be a shared stretch may be."""

SHARPEST = radians(120)
"""A pen that would turn more has been lifted."""

SMOOTH = radians(60)
"""Below this turn a line goes through a junction without a corner."""


@dataclass
class Link:
    """One line goes on as another.

    Parameters
    ----------
    stub : Stub
        Where it goes on.
    way : float64 array of shape ``(n, 2)``
        The points between.
    smooth : bool
        Whether it does so without a corner, so that the points near the junction need not be believed.
    """

    stub: Stub
    way: Points
    smooth: bool


@dataclass
class Reading:
    """What was read from a graph.

    Parameters
    ----------
    links : dict
        For each end of an edge that goes on: where.
    spent : set of int
        Edges that are no strokes of their own: the ways of links lead over them.
    """

    links: dict[Stub, Link] = field(default_factory=dict)
    spent: set[int] = field(default_factory=set)

    def link(self, one: Stub, two: Stub, way: Points, *, smooth: bool) -> None:
        """Note that two stubs are one line; ``way`` leads from the first to the second."""
        self.links[one] = Link(two, way, smooth)
        self.links[two] = Link(one, way[::-1], smooth)


class Junctions:
    """Reads the junctions of a graph.

    Parameters
    ----------
    graph : Graph
    widths : Widths
    """

    def __init__(self, graph: Graph, widths: Widths) -> None:
        self.graph, self.widths = graph, widths
        places = np.array(list(graph.places.values())).reshape(-1, 2)
        self.radius = dict(zip(graph.places, widths.radius(places).tolist(), strict=True))
        """Half the width of the ink at each node."""
        self._look = max(LEAST_LOOK_PX, LOOK_SHARE * widths.pen_px)
        self._headings: dict[Stub, Heading] = {}

    def read(self) -> Reading:
        """Read all of them."""
        reading = Reading()
        self._headings = {}
        for node in list(self.graph.stubs):
            self._read_cusp(node, reading)
        for nodes, inner in self._clusters(reading):
            self._read_cluster(nodes, inner, reading)
        return reading

    def heading(self, stub: Stub) -> Heading:
        """Give where an edge heads from its end."""
        if stub not in self._headings:
            edge = self.graph.edges[stub.edge]
            skip = 1.2 * self.radius[edge.nodes[stub.end]] + 1
            self._headings[stub] = heading(edge.outward(stub.end), skip, self._look)
        return self._headings[stub]

    # Cusps ---------------------------------------------------------------------------------------

    def is_cusp(self, tip: Stub) -> bool:
        """Tell whether an edge with a free end is the stem of a cusp."""
        edge = self.graph.edges[tip.edge]
        root = Stub(tip.edge, 1 - tip.end)
        node = edge.nodes[root.end]
        if self.graph.degree(node) != 3:
            return False
        one, two = (stub for stub in self.graph.stubs[node] if stub != root)
        pen = self.widths.pen_px
        if edge.length <= NIB * pen:
            return self._forks(root, one, two, TIP_TURN)
        reach = min(SLACK * self._overlap(one, two) + pen, CUSP_REACH * pen)
        return edge.length <= reach and self._forks(root, one, two, FORK_TURN)

    def _read_cusp(self, node: int, reading: Reading) -> None:
        stubs = self.graph.stubs[node]
        if len(stubs) != 3:
            return
        for root in stubs:
            tip = root.other
            edge = self.graph.edges[root.edge]
            if self.graph.is_end(tip) and self.is_cusp(tip):
                one, two = (stub for stub in stubs if stub != root)
                out = edge.outward(root.end)
                reading.link(one, two, joined([out, out[::-1]]), smooth=False)
                reading.spent.add(root.edge)
                return

    def _forks(self, stem: Stub, one: Stub, two: Stub, most: float) -> bool:
        """Tell whether two lines run together into a third."""
        into, first, second = (self.heading(stub) for stub in (stem, one, two))
        turns = (abs(wrapped(into.angle - h.angle - pi)) for h in (first, second))
        return max(turns) < most and opening(first, second) < FORK_OPENING

    def _overlap(self, one: Stub, two: Stub) -> float:
        """Give the length over which the ink of two lines at their angle is one."""
        angle = opening(self.heading(one), self.heading(two))
        return self.widths.pen_px / (2 * tan(max(angle, 0.01) / 2))

    # Clusters ------------------------------------------------------------------------------------

    def _clusters(self, reading: Reading) -> list[tuple[list[int], list[int]]]:
        """Give the nodes and the inner edges of junctions that are read as one."""
        free = {
            n for n, stubs in self.graph.stubs.items() if len(stubs) > 1 and stubs[0] not in reading.links
        }
        free = {
            n
            for n in free
            if not any(s in reading.links or s.edge in reading.spent for s in self.graph.stubs[n])
        }
        group = {node: node for node in free}

        def root(node: int) -> int:
            while group[node] != node:
                node = group[node]
            return node

        inner = [
            number
            for number, edge in self.graph.edges.items()
            if set(edge.nodes) <= free and self._is_shared(number)
        ]
        for number in inner:
            one, two = self.graph.edges[number].nodes
            group[root(one)] = root(two)
        found: dict[int, tuple[list[int], list[int]]] = {}
        for node in free:
            found.setdefault(root(node), ([], []))[0].append(node)
        for number in inner:
            found[root(self.graph.edges[number].nodes[0])][1].append(number)
        return list(found.values())

    def _is_shared(self, number: int) -> bool:
        """Tell whether an edge between junctions is ink of two lines that cross or touch."""
        edge = self.graph.edges[number]
        pen = self.widths.pen_px
        if edge.nodes[0] == edge.nodes[1]:
            return edge.length <= 2 * pen
        if edge.length <= MERGED * pen:
            return True
        reach = 0.0
        for end in (0, 1):
            stem = Stub(number, end)
            stubs = self.graph.stubs[edge.nodes[end]]
            if len(stubs) != 3:
                return False
            one, two = (stub for stub in stubs if stub != stem)
            if not self._forks(stem, one, two, FORK_TURN):
                return False
            reach += self._overlap(one, two)
        return edge.length <= min(SLACK * reach + pen, BRIDGE_REACH * pen)

    def _read_cluster(self, nodes: list[int], inner: list[int], reading: Reading) -> None:
        """Pair the lines that leave a cluster."""
        lines = [(s, node) for node in nodes for s in self.graph.stubs[node] if s.edge not in inner]
        heads = [self.heading(stub) for stub, _ in lines]
        turns = [[turning(a, b) for b in heads] for a in heads]
        pairs = best_pairs([[t * t for t in row] for row in turns], SHARPEST**2 / 2)
        used: set[int] = set()
        for i, j in pairs:
            ways = self._way(lines[i][1], lines[j][1], inner)
            used |= set(ways)
            points = [self.graph.places[lines[i][1]][None]]
            node = lines[i][1]
            for number in ways:
                edge = self.graph.edges[number]
                points.append(edge.outward(0 if edge.nodes[0] == node else 1))
                node = edge.nodes[1] if edge.nodes[0] == node else edge.nodes[0]
            reading.link(lines[i][0], lines[j][0], joined(points), smooth=turns[i][j] < SMOOTH)
        pen = self.widths.pen_px
        reading.spent |= {n for n in inner if n in used or self.graph.edges[n].length <= MERGED * pen}

    def _way(self, start: int, goal: int, inner: list[int]) -> list[int]:
        """Find the shortest way between two nodes of a cluster; give its edges."""
        lengths, ways, waiting = {start: 0.0}, {start: list[int]()}, {start}
        while waiting:
            node = min(waiting, key=lengths.__getitem__)
            waiting.remove(node)
            for number in inner:
                edge = self.graph.edges[number]
                if node in edge.nodes:
                    other = edge.nodes[1] if edge.nodes[0] == node else edge.nodes[0]
                    length = lengths[node] + edge.length
                    if length < lengths.get(other, inf):
                        lengths[other], ways[other] = length, [*ways[node], number]
                        waiting.add(other)
        return ways[goal]
