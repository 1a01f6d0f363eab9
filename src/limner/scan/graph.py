"""The graph of a skeleton: line ends and junctions are nodes, the pixels between them are edges.

Letters: ``P`` pixels of the skeleton, ``n`` points of an edge, ``H`` and ``W`` of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Points = NDArray[np.float64]

NO_NODE = -1
"""The node at both ends of a ring."""


class HalfEdge(NamedTuple):
    """One end of an edge."""

    edge: int
    end: int
    """0 or 1."""

    @property
    def twin(self) -> HalfEdge:
        """The other end of the same edge."""
        return HalfEdge(self.edge, 1 - self.end)


@dataclass
class Edge:
    """A line between two nodes, or a ring.

    Parameters
    ----------
    nodes : (int, int)
        Where it starts and ends; :data:`NO_NODE` twice for a ring.
    points : float64 array of shape ``(n, 2)``
        From the first node to the second; the first point of a ring is repeated as its last.
    """

    nodes: tuple[int, int]
    points: Points
    length: float = field(init=False)
    """In pixels."""

    def __post_init__(self) -> None:
        steps = np.diff(self.points, axis=0)
        self.length = float(np.hypot(steps[:, 0], steps[:, 1]).sum())

    def outward(self, end: int) -> Points:
        """Return the points, beginning at one end."""
        return self.points if end == 0 else self.points[::-1]


@dataclass
class Graph:
    """Nodes and edges; edges are merged into longer ones until they are strokes."""

    positions: dict[int, Points] = field(default_factory=dict)
    """Position of each node."""
    edges: dict[int, Edge] = field(default_factory=dict)
    half_edges: dict[int, list[HalfEdge]] = field(default_factory=dict)
    """The ends of edges at each node."""
    _next_edge: int = 0

    def add_node(self, position: Points) -> int:
        """Add a node and return its number."""
        node = len(self.positions) and max(self.positions) + 1
        self.positions[node] = position
        self.half_edges[node] = []
        return node

    def add_edge(self, start: int, end: int, points: Points) -> int:
        """Add an edge and return its number."""
        number = self._next_edge
        self._next_edge += 1
        self.edges[number] = Edge((start, end), points)
        for side, node in enumerate((start, end)):
            if node != NO_NODE:
                self.half_edges[node].append(HalfEdge(number, side))
        return number

    def remove(self, number: int) -> None:
        """Remove an edge; its nodes stay."""
        edge = self.edges.pop(number)
        for side, node in enumerate(edge.nodes):
            if node != NO_NODE:
                self.half_edges[node].remove(HalfEdge(number, side))

    def dissolve(self, node: int) -> None:
        """Merge the two edges at a node, or close the one that starts and ends there to a ring."""
        one, two = self.half_edges[node]
        first, second = self.edges[one.edge], self.edges[two.edge]
        if one.edge == two.edge:
            self.remove(one.edge)
            self.add_edge(NO_NODE, NO_NODE, first.points)
        else:
            start, end = first.nodes[1 - one.end], second.nodes[1 - two.end]
            self.remove(one.edge)
            self.remove(two.edge)
            pieces = [first.outward(one.end)[::-1], second.outward(two.end)]
            self.add_edge(start, end, concatenate_points(pieces))
        del self.half_edges[node], self.positions[node]

    def degree(self, node: int) -> int:
        """Return the number of edge ends at a node."""
        return len(self.half_edges[node])

    def node_at(self, half_edge: HalfEdge) -> int:
        """Return the node at one end of an edge, :data:`NO_NODE` for a ring."""
        return self.edges[half_edge.edge].nodes[half_edge.end]

    def is_free_end(self, half_edge: HalfEdge) -> bool:
        """Return whether a line ends there without touching another."""
        node = self.node_at(half_edge)
        return node != NO_NODE and self.degree(node) == 1


def concatenate_points(pieces: Iterable[Points]) -> Points:
    """Concatenate point sequences; a point that ends one and starts the next is kept once."""
    points = np.concatenate(list(pieces))
    new = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    return np.asarray(points[new])


def pixel_graph(skeleton: NDArray[np.bool_]) -> Graph:
    """Build the graph of lines one pixel wide.

    Pixels are neighbors along rows and columns, and diagonally where no pixel beside both connects them.
    Pixels with three or more neighbors are junctions; those that touch form one node at their centroid.
    A single pixel is an edge of one point between two nodes of its own.

    Parameters
    ----------
    skeleton : bool array of shape ``(H, W)``

    Returns
    -------
    Graph
        In pixels; the first pixel's center is (0.5, 0.5).
    """
    neighbors, xy = _neighbors(skeleton)  # (P, 8), (P, 2)
    degree = (neighbors >= 0).sum(axis=1)
    graph = Graph()
    node_of = _add_nodes(graph, neighbors, degree, xy)
    for pixels in _pixel_chains(neighbors, degree):
        start, end = int(node_of[pixels[0]]), int(node_of[pixels[-1]])
        points = xy[pixels]
        if start == NO_NODE:
            graph.add_edge(NO_NODE, NO_NODE, np.concatenate([points, points[:1]]))
            continue
        points[0], points[-1] = graph.positions[start], graph.positions[end]
        graph.add_edge(start, end, points)
    return graph


STEPS = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))
"""Rows and columns to the neighbors: above, right, below, left, and the corners from the upper right on."""


def _neighbors(skeleton: NDArray[np.bool_]) -> tuple[NDArray[np.int32], Points]:
    """Return the indices of each pixel's neighbors, -1 for none, and its center."""
    rows, columns = np.divmod(np.flatnonzero(skeleton), skeleton.shape[1])
    index = np.full((skeleton.shape[0] + 2, skeleton.shape[1] + 2), -1, np.int32)
    index[rows + 1, columns + 1] = np.arange(len(rows), dtype=np.int32)
    neighbors = np.stack([index[rows + 1 + dy, columns + 1 + dx] for dy, dx in STEPS], axis=1)
    straight = neighbors[:, :4] >= 0
    neighbors[:, 4:][straight | np.roll(straight, -1, axis=1)] = -1
    return neighbors, np.column_stack([columns + 0.5, rows + 0.5])


def _add_nodes(
    graph: Graph, neighbors: NDArray[np.int32], degree: NDArray[np.intp], xy: Points
) -> NDArray[np.int64]:
    """Add the nodes; return the node of each pixel, :data:`NO_NODE` for pixels inside edges."""
    node_of = np.full(len(xy), NO_NODE, np.int64)
    crossing = np.flatnonzero(degree > 2)
    if len(crossing):
        labels = _touching(crossing, neighbors)
        order = np.argsort(labels, kind="stable")
        for pixels in np.split(crossing[order], np.flatnonzero(np.diff(labels[order])) + 1):
            node_of[pixels] = graph.add_node(xy[pixels].mean(axis=0))
    for pixel in np.flatnonzero(degree < 2).tolist():
        node_of[pixel] = graph.add_node(xy[pixel])
    return node_of


def _touching(pixels: NDArray[np.intp], neighbors: NDArray[np.int32]) -> NDArray[np.intp]:
    """Label connected groups of some of the pixels, in the order of their first ones."""
    position = np.full(len(neighbors) + 1, -1)  # the last one is for what is no neighbor
    position[pixels] = np.arange(len(pixels))
    near = position[neighbors[pixels]]  # (pixels, 8)
    one, side = np.nonzero(near >= 0)
    links = coo_array((np.ones(len(one), bool), (one, near[one, side])), shape=2 * (len(pixels),))
    labels = connected_components(links, directed=False)[1]
    first = np.unique(labels, return_index=True)[1]
    return np.unique(first[labels], return_inverse=True)[1]


def _pixel_chains(neighbors: NDArray[np.int32], degree: NDArray[np.intp]) -> Iterator[list[int]]:
    """Walk from every node along its edges, then along the rings that hold no node; yield the pixels."""
    kind = degree.tolist()
    both = np.sort(neighbors, axis=1)[:, -2:]
    sums = both.sum(axis=1).tolist()  # of the two neighbors inside an edge
    seen = bytearray(len(kind))
    for pixel in np.flatnonzero(degree != 2).tolist():
        if kind[pixel] == 0:
            yield [pixel]
        for near in neighbors[pixel].tolist():
            if near < 0 or seen[near]:
                continue
            if kind[near] == 2:
                yield _walk(pixel, near, sums, kind, seen)
            elif kind[pixel] == 1 and (kind[near] > 2 or pixel < near):
                yield [pixel, near]
    for pixel in np.flatnonzero(degree == 2).tolist():
        if not seen[pixel]:
            yield _walk(pixel, int(both[pixel, 0]), sums, kind, seen)[:-1]


def _walk(start: int, first: int, sums: list[int], kind: list[int], seen: bytearray) -> list[int]:
    """Follow an edge from a pixel through the next one to a node, or back to the start."""
    pixels = [start]
    previous, current = start, first
    while kind[current] == 2 and current != start:
        seen[current] = 1
        pixels.append(current)
        previous, current = current, sums[current] - previous
    seen[start] |= kind[start] == 2
    pixels.append(current)
    return pixels
