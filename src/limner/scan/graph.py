"""The graph of a thinned picture: ends and junctions are nodes, the pixels between them are edges.

Letters: ``P`` pixels of the thinned lines, ``n`` points of an edge, ``H`` and ``W`` of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Points = NDArray[np.float64]

NOWHERE = -1
"""The node at both ends of a ring."""


class Stub(NamedTuple):
    """One end of an edge."""

    edge: int
    end: int
    """0 or 1."""

    @property
    def other(self) -> Stub:
        """The other end of the same edge."""
        return Stub(self.edge, 1 - self.end)


@dataclass
class Edge:
    """A line between two nodes, or a ring.

    Parameters
    ----------
    nodes : (int, int)
        Where it starts and ends; :data:`NOWHERE` twice for a ring.
    points : float64 array of shape ``(n, 2)``
        From the first node to the second; the first point of a ring is its last one too.
    """

    nodes: tuple[int, int]
    points: Points
    length: float = field(init=False)
    """In pixels."""

    def __post_init__(self) -> None:
        steps = np.diff(self.points, axis=0)
        self.length = float(np.hypot(steps[:, 0], steps[:, 1]).sum())

    def outward(self, end: int) -> Points:
        """Give the points from one end on."""
        return self.points if end == 0 else self.points[::-1]


@dataclass
class Graph:
    """Edges and the nodes between them; edges are joined to longer ones until they are strokes."""

    places: dict[int, Points] = field(default_factory=dict)
    """Where the nodes are."""
    edges: dict[int, Edge] = field(default_factory=dict)
    stubs: dict[int, list[Stub]] = field(default_factory=dict)
    """The ends of edges at each node."""
    _next: int = 0
    """Number of the next edge."""

    def add_node(self, place: Points) -> int:
        """Add a node and give its number."""
        node = len(self.places) and max(self.places) + 1
        self.places[node] = place
        self.stubs[node] = []
        return node

    def add_edge(self, start: int, end: int, points: Points) -> int:
        """Add an edge and give its number."""
        number = self._next
        self._next += 1
        self.edges[number] = Edge((start, end), points)
        for side, node in enumerate((start, end)):
            if node != NOWHERE:
                self.stubs[node].append(Stub(number, side))
        return number

    def remove(self, number: int) -> None:
        """Take an edge out; its nodes stay."""
        edge = self.edges.pop(number)
        for side, node in enumerate(edge.nodes):
            if node != NOWHERE:
                self.stubs[node].remove(Stub(number, side))

    def dissolve(self, node: int) -> None:
        """Make one edge of the two at a node, or a ring of the one that starts and ends there."""
        one, two = self.stubs[node]
        first, second = self.edges[one.edge], self.edges[two.edge]
        if one.edge == two.edge:
            self.remove(one.edge)
            self.add_edge(NOWHERE, NOWHERE, first.points)
        else:
            start, end = first.nodes[1 - one.end], second.nodes[1 - two.end]
            self.remove(one.edge)
            self.remove(two.edge)
            self.add_edge(start, end, joined([first.outward(one.end)[::-1], second.outward(two.end)]))
        del self.stubs[node], self.places[node]

    def degree(self, node: int) -> int:
        """Count the ends of edges at a node."""
        return len(self.stubs[node])

    def is_end(self, stub: Stub) -> bool:
        """Tell whether a line ends freely there."""
        node = self.edges[stub.edge].nodes[stub.end]
        return node != NOWHERE and self.degree(node) == 1


def joined(pieces: Iterable[Points]) -> Points:
    """Put pieces one behind the other, a point that ends one and starts the next only once."""
    points = np.concatenate(list(pieces))
    new = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    return np.asarray(points[new])


def pixel_graph(thin: NDArray[np.bool_]) -> Graph:
    """Make the graph of lines one pixel wide.

    Pixels are neighbours along rows and columns, and diagonally where no such way leads round the corner.
    Pixels with three neighbours or more are junctions, those that touch are one; their centre is the node.
    A single pixel is an edge of one point between two nodes of its own.

    Parameters
    ----------
    thin : bool array of shape ``(H, W)``

    Returns
    -------
    Graph
        In pixels; the first pixel's centre is (0.5, 0.5).
    """
    neighbours, xy = _neighbours(thin)  # (P, 8), (P, 2)
    degree = (neighbours >= 0).sum(axis=1)
    graph = Graph()
    node_of = _nodes(graph, neighbours, degree, xy)
    for chain in _chains(neighbours, degree):
        start, end = int(node_of[chain[0]]), int(node_of[chain[-1]])
        points = xy[chain]
        if start == NOWHERE:
            graph.add_edge(NOWHERE, NOWHERE, np.concatenate([points, points[:1]]))
            continue
        points[0], points[-1] = graph.places[start], graph.places[end]
        graph.add_edge(start, end, points)
    return graph


STEPS = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))
"""Rows and columns to the neighbours: above, right, below, left, and the corners from the upper right on."""


def _neighbours(thin: NDArray[np.bool_]) -> tuple[NDArray[np.int32], Points]:
    """Number the pixels; give the numbers of each one's neighbours, -1 for none, and its centre."""
    rows, columns = np.divmod(np.flatnonzero(thin), thin.shape[1])
    index = np.full((thin.shape[0] + 2, thin.shape[1] + 2), -1, np.int32)
    index[rows + 1, columns + 1] = np.arange(len(rows), dtype=np.int32)
    found = np.stack([index[rows + 1 + dy, columns + 1 + dx] for dy, dx in STEPS], axis=1)
    straight = found[:, :4] >= 0
    found[:, 4:][straight | np.roll(straight, -1, axis=1)] = -1
    return found, np.column_stack([columns + 0.5, rows + 0.5])


def _nodes(
    graph: Graph, neighbours: NDArray[np.int32], degree: NDArray[np.intp], xy: Points
) -> NDArray[np.int64]:
    """Add the nodes; give each pixel's node, :data:`NOWHERE` for pixels inside edges."""
    node_of = np.full(len(xy), NOWHERE, np.int64)
    crossing = np.flatnonzero(degree > 2)
    for pixel in crossing.tolist():
        if node_of[pixel] == NOWHERE:
            cluster, waiting = [pixel], [pixel]
            node_of[pixel] = node = graph.add_node(xy[pixel])
            while waiting:
                for near in neighbours[waiting.pop()].tolist():
                    if near >= 0 and degree[near] > 2 and node_of[near] == NOWHERE:
                        node_of[near] = node
                        cluster.append(near)
                        waiting.append(near)
            graph.places[node] = xy[cluster].mean(axis=0)
    for pixel in np.flatnonzero(degree < 2).tolist():
        node_of[pixel] = graph.add_node(xy[pixel])
    return node_of


def _chains(neighbours: NDArray[np.int32], degree: NDArray[np.intp]) -> Iterator[list[int]]:
    """Walk from every node along its edges, then round the rings that hold no node; give the pixels."""
    kind = degree.tolist()
    both = np.sort(neighbours, axis=1)[:, -2:]
    around = both.sum(axis=1).tolist()  # of the two neighbours inside an edge
    seen = bytearray(len(kind))
    for pixel in np.flatnonzero(degree != 2).tolist():
        if kind[pixel] == 0:
            yield [pixel]
        for near in neighbours[pixel].tolist():
            if near < 0 or seen[near]:
                continue
            if kind[near] == 2:
                yield _walk(pixel, near, around, kind, seen)
            elif kind[pixel] == 1 and (kind[near] > 2 or pixel < near):
                yield [pixel, near]
    for pixel in np.flatnonzero(degree == 2).tolist():
        if not seen[pixel]:
            yield _walk(pixel, int(both[pixel, 0]), around, kind, seen)[:-1]


def _walk(start: int, first: int, around: list[int], kind: list[int], seen: bytearray) -> list[int]:
    """Follow an edge from a pixel over the next one, until a node or the start."""
    chain = [start]
    before, here = start, first
    while kind[here] == 2 and here != start:
        seen[here] = 1
        chain.append(here)
        before, here = here, around[here] - before
    seen[start] |= kind[start] == 2
    chain.append(here)
    return chain
