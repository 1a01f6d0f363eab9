"""Edges chained along their links to whole lines.

Letters: ``n`` points of a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.scan.graph import NO_NODE, HalfEdge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from limner.scan.graph import Graph, Points
    from limner.scan.junctions import JunctionReading

DOT = 0.7
"""A line shorter than this many widths of the pen is a dot."""


@dataclass
class TracedLine:
    """One line, from end to end.

    Parameters
    ----------
    points : float64 array of shape ``(n, 2)``
        A closed line ends with its first point.
    firm : bool array of shape ``(n,)``
        False near junctions, where thinning displaces lines.
    closed : bool
    isolated : bool
        Whether it touches no other line.
    """

    points: Points
    firm: NDArray[np.bool_]
    closed: bool
    isolated: bool


def with_dots(lines: Sequence[TracedLine], strokes: Sequence[Points], pen_px: float) -> list[Points]:
    """Replace isolated lines shorter than :data:`DOT` by dots, and drop such that touch others.

    Parameters
    ----------
    lines : sequence of TracedLine
    strokes : sequence of float64 arrays of shape ``(n, 2)``
        The same lines, centered in their ink.
    pen_px : float
    """
    kept = []
    for line, points in zip(lines, strokes, strict=True):
        if np.hypot(*np.diff(points, axis=0).T).sum() > DOT * pen_px:
            kept.append(points)
        elif line.isolated:
            kept.append(points.mean(axis=0, keepdims=True))
    return kept


def chain_edges(graph: Graph, reading: JunctionReading, doubt_px: float) -> list[TracedLine]:
    """Follow every open line from end to end, then the closed ones.

    Parameters
    ----------
    graph : Graph
    reading : JunctionReading
    doubt_px : float
        Points this near to a junction that is passed smoothly, along the line, are not firm.
    """
    left = {number for number in graph.edges if number not in reading.spent}
    ends = [HalfEdge(number, end) for number in sorted(left) for end in (0, 1)]
    open_ends = [half_edge for half_edge in ends if half_edge not in reading.links]
    lines = []
    for start in (*open_ends, *ends):
        if start.edge in left:
            visited = list(_linked_half_edges(reading, start))
            left -= {half_edge.edge for half_edge in visited}
            lines.append(_line(graph, reading, visited, doubt_px))
    return lines


def _linked_half_edges(reading: JunctionReading, start: HalfEdge) -> Iterator[HalfEdge]:
    """Yield the half-edges by which a line enters its edges, until it ends or closes."""
    half_edge = start
    while True:
        yield half_edge
        link = reading.links.get(half_edge.twin)
        if link is None or link.half_edge == start:
            return
        half_edge = link.half_edge


def _line(graph: Graph, reading: JunctionReading, visited: list[HalfEdge], doubt_px: float) -> TracedLine:
    """Concatenate edges and the paths of the links between them."""
    pieces: list[Points] = []
    doubts: list[NDArray[np.bool_]] = []
    for half_edge in visited:
        points = graph.edges[half_edge.edge].outward(half_edge.end)
        before, after = reading.links.get(half_edge), reading.links.get(half_edge.twin)
        smooth = (before is not None and before.smooth, after is not None and after.smooth)
        pieces.append(points)
        doubts.append(_near_ends(points, doubt_px, smooth))
        if after is not None:
            closing = pieces[0][:1] if half_edge == visited[-1] else pieces[0][:0]
            pieces.append(np.concatenate([after.path, closing]))
            doubts.append(np.full(len(pieces[-1]), after.smooth))
    points, firm = np.concatenate(pieces), ~np.concatenate(doubts)
    new = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    start = visited[0]
    edge = graph.edges[start.edge]
    ring = edge.nodes[0] == NO_NODE
    isolated = ring or all(end.edge == start.edge for node in edge.nodes for end in graph.half_edges[node])
    return TracedLine(points[new], firm[new], ring or start in reading.links, isolated)


def _near_ends(points: Points, reach: float, which: tuple[bool, bool]) -> NDArray[np.bool_]:
    """Return which points lie within an arc length of the first end, of the last end, or of both."""
    arc_length = np.append(0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
    near = np.zeros(len(points), dtype=bool)
    if which[0]:
        near |= arc_length <= reach
    if which[1]:
        near |= arc_length >= arc_length[-1] - reach
    return near
