"""Which line continues as which where lines meet.

A skeleton shows where lines meet, not how the pen went. Three rules are applied:

- lines that cross or touch share a stretch of ink, so the junctions at its ends are read as one cluster;
- in each cluster all lines are paired at once so that the pen turns the least in sum;
- where the pen doubles back, the ink of both directions merges before the tip: a fork with a short stem, a
  cusp.

Lengths are multiples of the width of the pen. Letters: ``n`` points of a path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import pi, radians, tan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.scan.graph import HalfEdge
from limner.scan.heading import MIN_WINDOW_PX, WINDOW_PENS, Heading, heading, opening, wrap_angle

if TYPE_CHECKING:
    from limner.scan.graph import Graph, Points
    from limner.scan.junction_choices import Junction
    from limner.scan.widths import Widths

FORK_TURN = radians(60)
"""Largest turn from either line of a fork into its stem."""

FORK_OPENING = radians(100)
"""Largest angle between the two lines of a fork."""

SHORT_STEM = 1.5
"""Up to this length a stem has no reliable direction, ..."""

SHORT_STEM_TURN = radians(110)
"""... and turns as large as this are accepted."""

MAX_CUSP_STEM = 12.0
"""Longest stem of a cusp."""

STEM_SLACK = 1.5
"""Factor by which a stem or shared stretch may exceed the overlap that two pen lines at its angle have."""


SHORTEST_STRETCH = 0.3
"""The first stretch of a line is no more than this share of it, so that those of both ends are two."""


@dataclass
class Link:
    """The continuation of a line by another.

    Parameters
    ----------
    half_edge : HalfEdge
        Where the line continues.
    path : float64 array of shape ``(n, 2)``
        The points between.
    smooth : bool
        Whether there is no corner, so that the points near the junction are to be interpolated.
    """

    half_edge: HalfEdge
    path: Points
    smooth: bool


@dataclass
class JunctionReading:
    """What was decided about the junctions of a graph.

    Parameters
    ----------
    links : dict
        For each half-edge that continues: the link.
    spent : set of int
        Edges that are no strokes of their own, because paths of links lead over them.
    junctions : list of Junction
        What was decided where, and what else might have been.
    decided : set of int
        Nodes that are not to be read again.
    unmet : int
        Number of the wishes whose junctions were not found.
    """

    links: dict[HalfEdge, Link] = field(default_factory=dict)
    spent: set[int] = field(default_factory=set)
    junctions: list[Junction] = field(default_factory=list)
    decided: set[int] = field(default_factory=set)
    unmet: int = 0

    def link(self, one: HalfEdge, two: HalfEdge, path: Points, *, smooth: bool) -> None:
        """Make two half-edges one line; ``path`` leads from the first to the second."""
        self.links[one] = Link(two, path, smooth)
        self.links[two] = Link(one, path[::-1], smooth)

    def free_half_edges(self, graph: Graph) -> set[HalfEdge]:
        """Return the ends of lines at nodes that continue nowhere."""
        ends = (HalfEdge(number, end) for number in graph.edges if number not in self.spent for end in (0, 1))
        return {
            half_edge for half_edge in ends if half_edge not in self.links and graph.node_at(half_edge) >= 0
        }


class JunctionCluster(NamedTuple):
    """Nodes that are read as one junction, and the edges between them."""

    nodes: list[int]
    edges: list[int]


class JunctionGeometry:
    """Widths, headings and forks of a graph.

    Parameters
    ----------
    graph : Graph
    widths : Widths
        Of the ink.
    """

    def __init__(self, graph: Graph, widths: Widths) -> None:
        self.graph, self.widths = graph, widths
        positions = np.array(list(graph.positions.values())).reshape(-1, 2)
        self.radius = dict(zip(graph.positions, widths.radius(positions).tolist(), strict=True))
        """Half the width of the ink at each node."""
        self._window_px = max(MIN_WINDOW_PX, WINDOW_PENS * widths.pen_px)
        self._headings: dict[HalfEdge, Heading] = {}

    def forget_headings(self) -> None:
        """Discard measured headings, after edges have changed."""
        self._headings = {}

    def heading(self, half_edge: HalfEdge) -> Heading:
        """Return where an edge heads from its end."""
        if half_edge not in self._headings:
            edge = self.graph.edges[half_edge.edge]
            skip = 1.2 * self.radius[edge.nodes[half_edge.end]] + 1
            self._headings[half_edge] = heading(edge.outward(half_edge.end), skip, self._window_px)
        return self._headings[half_edge]

    def stretch(self, half_edge: HalfEdge) -> Points:
        """Return the first points of an edge, as far as its heading is measured, half of it at most."""
        edge = self.graph.edges[half_edge.edge]
        points = edge.outward(half_edge.end)
        reach = 1.2 * self.radius[edge.nodes[half_edge.end]] + 1 + self._window_px
        at_points = np.append(0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
        return points[: int(np.searchsorted(at_points, min(reach, SHORTEST_STRETCH * edge.length))) + 1]

    def is_fork(self, stem: HalfEdge, max_turn: float = FORK_TURN) -> bool:
        """Return whether the two other lines at a stem's node, one of degree 3, merge into the stem."""
        one, two = self.branches(stem)
        into, first, second = (self.heading(half_edge) for half_edge in (stem, one, two))
        turns = (abs(wrap_angle(into.angle - h.angle - pi)) for h in (first, second))
        return max(turns) < max_turn and opening(first, second) < FORK_OPENING

    def branches(self, stem: HalfEdge) -> list[HalfEdge]:
        """Return the other half-edges at a half-edge's node."""
        return [other for other in self.graph.half_edges[self.graph.node_at(stem)] if other != stem]

    def overlap(self, stem: HalfEdge) -> float:
        """Return the length in pixels over which the ink of the two branches at a stem is one."""
        one, two = self.branches(stem)
        angle = opening(self.heading(one), self.heading(two))
        return self.widths.pen_px / (2 * tan(max(angle, 0.01) / 2))

    def is_cusp(self, tip: HalfEdge) -> bool:
        """Return whether an edge with a free end is the stem of a cusp."""
        edge, root = self.graph.edges[tip.edge], tip.twin
        if self.graph.degree(self.graph.node_at(root)) != 3:
            return False
        pen = self.widths.pen_px
        if edge.length <= SHORT_STEM * pen:
            return self.is_fork(root, SHORT_STEM_TURN)
        reach = min(STEM_SLACK * self.overlap(root) + pen, MAX_CUSP_STEM * pen)
        return edge.length <= reach and self.is_fork(root)
