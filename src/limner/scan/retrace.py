"""Where the pen went back over its own ink: lines that end on other ink and go on from somewhere near.

A line that runs into another one tangentially, and a second that leaves the same ink a little farther on, are
one line whose middle lies under the other; a line that runs into the last bit of another one turned at its
tip. The way between is drawn twice.

Lengths count in widths of the pen, angles in radians.
"""

from __future__ import annotations

from heapq import heappop, heappush
from math import pi, radians
from typing import TYPE_CHECKING, NamedTuple

from limner.scan.direction import wrapped
from limner.scan.graph import Stub, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limner.scan.graph import Graph, Points
    from limner.scan.junctions import Junctions, Reading

REACH = 30.0
LONG_LINE = 1900.0
"""No way is drawn twice that is longer than so many widths of the pen in a figure with lines of such length,
and in a smaller one it is less by the square: there, lines that end on others are mostly others."""

MOST_TURN = radians(105)
"""A line goes over into the way that is drawn twice with no larger turn."""

TURN_COST = 4.0
"""A turn of one radian, squared, counts as much as this many widths of the pen."""


class Way(NamedTuple):
    """A way over ink from one line's end to another's."""

    cost: float
    one: Stub
    two: Stub
    points: Points


def link_retraced(graph: Graph, junctions: Junctions, reading: Reading) -> None:
    """Link ends of lines by short ways over ink, the cheapest first.

    Parameters
    ----------
    graph : Graph
    junctions : Junctions
    reading : Reading
        Gets more links.
    """
    groups = Groups(graph, reading)
    for way in sorted(_ways(graph, junctions, reading), key=lambda w: (w.cost, w.one, w.two)):
        free = way.one not in reading.links and way.two not in reading.links
        if free and groups.merge(way.one.edge, way.two.edge):
            reading.link(way.one, way.two, way.points, smooth=False)


class Groups:
    """Which edges are one line already."""

    def __init__(self, graph: Graph, reading: Reading) -> None:
        self._group = {number: number for number in graph.edges}
        for stub, link in reading.links.items():
            self.merge(stub.edge, link.stub.edge)

    def merge(self, one: int, two: int) -> bool:
        """Make two edges one line; tell whether they were not yet."""
        a, b = self.root(one), self.root(two)
        self._group[a] = b
        return a != b

    def root(self, number: int) -> int:
        """Give the number that stands for an edge's line."""
        while self._group[number] != number:
            self._group[number] = self._group[self._group[number]]
            number = self._group[number]
        return number


def _ways(graph: Graph, junctions: Junctions, reading: Reading) -> Iterator[Way]:
    pen = junctions.widths.pen_px
    free = {
        Stub(number, end)
        for number, edge in graph.edges.items()
        if number not in reading.spent
        for end in (0, 1)
        if edge.nodes[end] >= 0 and Stub(number, end) not in reading.links
    }
    at: dict[int, list[Stub]] = {}
    for stub in sorted(free):
        at.setdefault(graph.edges[stub.edge].nodes[stub.end], []).append(stub)
    reach = {
        node: REACH * pen * min(1.0, ink / (LONG_LINE * pen)) ** 2
        for node, ink in ink_of_figures(graph).items()
    }
    for one in sorted(free):
        node = graph.edges[one.edge].nodes[one.end]
        if graph.degree(node) < 2:
            continue
        for goal, (length, path) in reachable(graph, node, reach[node]).items():
            if not path or path[0].edge == one.edge:
                continue
            first = _turn(junctions, one, path[0])
            for two in at.get(goal, ()):
                tip = graph.degree(goal) == 1
                if two == one or (not tip and (two.edge == path[-1].edge or two < one)):
                    continue
                last = 0.0 if tip else _turn(junctions, two, path[-1].other)
                if max(first, last) < MOST_TURN:
                    cost = length / pen + TURN_COST * (first * first + last * last)
                    yield Way(cost, one, two, points_of(graph, path))


def _turn(junctions: Junctions, stub: Stub, onto: Stub) -> float:
    return abs(wrapped(junctions.heading(onto).angle - junctions.heading(stub).angle - pi))


def ink_of_figures(graph: Graph) -> dict[int, float]:
    """Give for each node the length of all lines of the figure that it belongs to."""
    found: dict[int, float] = {}
    for start in graph.stubs:
        if start not in found:
            nodes, waiting = {start}, [start]
            while waiting:
                for stub in graph.stubs[waiting.pop()]:
                    other = graph.edges[stub.edge].nodes[1 - stub.end]
                    if other not in nodes:
                        nodes.add(other)
                        waiting.append(other)
            ink = sum(graph.edges[stub.edge].length for node in nodes for stub in graph.stubs[node]) / 2
            found.update(dict.fromkeys(nodes, ink))
    return found


def points_of(graph: Graph, path: list[Stub]) -> Points:
    """Give the points of a path."""
    return joined(graph.edges[stub.edge].outward(stub.end) for stub in path)


def reachable(graph: Graph, start: int, reach: float) -> dict[int, tuple[float, list[Stub]]]:
    """Find all nodes within a way over ink; give its length and its edges, each from the near end."""
    found: dict[int, tuple[float, list[Stub]]] = {}
    waiting: list[tuple[float, int, list[Stub]]] = [(0.0, start, [])]
    while waiting:
        length, node, path = heappop(waiting)
        if node in found:
            continue
        found[node] = (length, path)
        for stub in graph.stubs[node]:
            edge = graph.edges[stub.edge]
            other = edge.nodes[1 - stub.end]
            if other not in found and length + edge.length <= reach:
                heappush(waiting, (length + edge.length, other, [*path, stub]))
    return found
