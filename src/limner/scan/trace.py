"""From a reading of the junctions to lines: edges are chained along their links.

Letters: ``n`` points of a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.scan.graph import NOWHERE, Stub

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from limner.scan.graph import Graph, Points
    from limner.scan.junctions import Reading


DOT = 0.7
"""A line shorter than this many widths of the pen is a dot."""


@dataclass
class Line:
    """One traced line.

    Parameters
    ----------
    points : float64 array of shape ``(n, 2)``
        A closed line ends with its first point.
    firm : bool array of shape ``(n,)``
        False near junctions, where thinning bends lines.
    closed : bool
    """

    points: Points
    firm: NDArray[np.bool_]
    closed: bool
    alone: bool
    """Whether it touches no other line."""


def with_dots(lines: Sequence[Line], strokes: Sequence[Points], pen_px: float) -> list[Points]:
    """Make dots of lines that are hardly longer than the pen is wide; leave out such that touch others.

    Parameters
    ----------
    lines : sequence of Line
    strokes : sequence of float64 arrays of shape ``(n, 2)``
        The same lines in the middle of their ink.
    pen_px : float
    """
    found = []
    for line, points in zip(lines, strokes, strict=True):
        if np.hypot(*np.diff(points, axis=0).T).sum() > DOT * pen_px:
            found.append(points)
        elif line.alone:
            found.append(points.mean(axis=0, keepdims=True))
    return found


def chain(graph: Graph, reading: Reading, doubt_px: float) -> list[Line]:
    """Follow every line from end to end, then those that close.

    Parameters
    ----------
    graph : Graph
    reading : Reading
    doubt_px : float
        Points this near to a junction that is passed smoothly, along the line, are not firm.
    """
    left = {number for number in graph.edges if number not in reading.spent}
    ends = [Stub(number, end) for number in sorted(left) for end in (0, 1)]
    open_ends = [stub for stub in ends if stub not in reading.links]
    lines = []
    for start in (*open_ends, *ends):
        if start.edge in left:
            lines += [_follow(graph, reading, start, left, doubt_px)]
    return lines


def _follow(graph: Graph, reading: Reading, start: Stub, left: set[int], doubt_px: float) -> Line:
    pieces: list[Points] = []
    doubts: list[NDArray[np.bool_]] = []
    stub, doubt = start, False
    entry = reading.links.get(start)
    if entry is not None:
        doubt = entry.smooth
    closed = entry is not None
    while True:
        left.discard(stub.edge)
        points = graph.edges[stub.edge].outward(stub.end)
        link = reading.links.get(stub.other)
        pieces.append(points)
        doubts.append(_near_ends(points, doubt_px, (doubt, link is not None and link.smooth)))
        if link is None or link.stub == start:
            if link is not None:
                pieces.append(np.concatenate([link.way, pieces[0][:1]]))
                doubts.append(np.full(len(link.way) + 1, link.smooth))
            break
        pieces.append(link.way)
        doubts.append(np.full(len(link.way), link.smooth))
        stub, doubt = link.stub, link.smooth
    points, firm = np.concatenate(pieces), ~np.concatenate(doubts)
    new = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    edge = graph.edges[start.edge]
    ring = edge.nodes[0] == NOWHERE
    alone = ring or all(stub.edge == start.edge for node in edge.nodes for stub in graph.stubs[node])
    return Line(points[new], firm[new], closed or ring, alone)


def _near_ends(points: Points, reach: float, which: tuple[bool, bool]) -> NDArray[np.bool_]:
    marks = np.append(0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
    near = np.zeros(len(points), dtype=bool)
    if which[0]:
        near |= marks <= reach
    if which[1]:
        near |= marks >= marks[-1] - reach
    return near
