"""Cusps: where the pen doubles back, the ink of both directions merges before the tip.

A cusp is a fork with a short stem. Its pairing names the stem twice, because it is drawn there and back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.scan.graph import concatenate_points
from limner.scan.junction_choices import sorted_pairs
from limner.scan.junctions import MAX_CUSP_STEM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limner.scan.graph import HalfEdge
    from limner.scan.junction_choices import Pairs
    from limner.scan.junctions import JunctionGeometry, JunctionReading

LINES = 3
"""A fork has a stem and two branches."""


def cusp_pairs(geometry: JunctionGeometry, lines: Sequence[HalfEdge]) -> list[tuple[Pairs, bool]]:
    """Return the pairings of the lines at a node that make it a cusp, and whether it looks like that one."""
    graph = geometry.graph
    if len(lines) != LINES or len({graph.node_at(line) for line in lines}) != 1:
        return []
    reach = MAX_CUSP_STEM * geometry.widths.pen_px
    found = []
    for stem, line in enumerate(lines):
        if graph.is_free_end(line.twin) and graph.edges[line.edge].length <= reach:
            pairs = sorted_pairs((stem, other) for other in range(LINES) if other != stem)
            found.append((pairs, geometry.is_cusp(line.twin)))
    return found


def stem_of(pairs: Pairs) -> int | None:
    """Return the line that a pairing names twice, None if there is none."""
    named = [line for pair in pairs for line in pair]
    return next((line for line in named if named.count(line) > 1), None)


def link_cusp(
    geometry: JunctionGeometry, lines: Sequence[HalfEdge], stem: int, reading: JunctionReading
) -> None:
    """Link the two branches of a cusp over its stem."""
    root = lines[stem]
    one, two = (line for number, line in enumerate(lines) if number != stem)
    out = geometry.graph.edges[root.edge].outward(root.end)
    reading.link(one, two, concatenate_points([out, out[::-1]]), smooth=False)
    reading.spent.add(root.edge)
