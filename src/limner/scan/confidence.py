"""How sure the pairing of the lines at a junction is: a logistic regression on its margin and the lines.

The weights were fitted to junctions of drawings whose strokes are known, by
``scripts/junction_confidence.py --fit``, separately for forks (three lines), crossings (four), knots (more)
and cusps.
"""

from __future__ import annotations

from math import exp, log, log1p, radians
from typing import TYPE_CHECKING, NamedTuple

from limner.scan.cusps import LINES, cusp_pairs
from limner.scan.junction_choices import MAX_CHOICES, Evidence, sorted_pairs
from limner.scan.pairing import best_pairs, ranked_pairings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limner.scan.graph import HalfEdge
    from limner.scan.junction_choices import Pairs
    from limner.scan.junctions import JunctionCluster, JunctionGeometry

SHARPEST = radians(120)
"""A pen that would turn more was lifted."""

WIDEST_MARGIN = 4.4
"""Margins larger than this, in radians squared, say no more."""

STRICTNESS = 3
"""The confidence is this power of the share that is right, so that few above 0.9 are wrong: 2 % at most."""

MOST = 0.999
"""Confidence of what was not looked at by a person."""

WEIGHTS = {
    "fork": (
        3.32, 0.451, 0.0594, 0.148, -2.68, 1.21, -0.281, 0.0, -0.861,
        0.278, 0.103, -0.337, 0.428, 0.0, -0.336, 0.0, 0.0,
    ),
    "crossing": (
        -1.09, 0.695, -0.0236, 0.544, -1.33, 0.935, -0.399, -1.34, -1.52,
        0.415, -0.138, 0.653, 0.837, 0.0, -0.566, 0.259, 0.104,
    ),
    "knot": (
        4.82, -0.0878, -0.0218, 0.336, -0.901, -0.271, -0.37, 0.151, -1.02,
        0.527, -0.102, -0.0264, 1.27, -0.606, -0.386, 0.106, -0.315,
    ),
    "cusp": (
        2.52, 0.216, 0.0564, -0.465, -0.202, 0.0923, 0.0412, 0.0, 1.25,
        -0.473, 0.654, 0.0643, 0.504, 0.0, -0.641, 0.0, 0.0,
    ),
}  # fmt: skip
"""For each kind the weights of :class:`Evidence`, in its order."""


class Assessment(NamedTuple):
    """The pairings that the lines of a junction may have."""

    choices: tuple[Pairs, ...]
    """The one that is taken first."""
    confidence: float
    evidence: Evidence


def assess(
    geometry: JunctionGeometry,
    lines: Sequence[HalfEdge],
    turns: Sequence[Sequence[float]],
    cluster: JunctionCluster,
) -> Assessment:
    """Return the pairings of the lines that leave a cluster, and how sure the first is.

    Parameters
    ----------
    geometry : JunctionGeometry
    lines : sequence of HalfEdge
    turns : square sequence of float
        The angle through which the pen turns from each line to each other, in radians.
    cluster : JunctionCluster
    """
    costs = [[turn * turn for turn in row] for row in turns]
    end_cost = SHARPEST**2 / 2
    cusps = cusp_pairs(geometry, lines)
    likely = [pairs for pairs, looks in cusps if looks]
    best = likely[0] if likely else sorted_pairs(best_pairs(costs, end_cost))
    if len(lines) < LINES:
        return Assessment((best,), MOST, Evidence("line", ()))
    ranked = ranked_pairings(costs, end_cost)
    whole = [pairs for _, pairs in ranked if len(pairs) == len(lines) // 2]
    choices = tuple(dict.fromkeys([best, *whole[:1], *(pairs for pairs, _ in cusps), *whole[1:]]))
    price = {pairs: cost for cost, pairs in ranked}
    rivals = [cost - price.get(best, 0.0) for cost, pairs in ranked if pairs != best]
    turn = max((turns[i][j] for i, j in best), default=0.0)
    evidence = evidence_of(geometry, lines, cluster, rivals, turn, cusp=bool(likely))
    return Assessment(choices[:MAX_CHOICES], confidence_of(evidence), evidence)


def evidence_of(
    geometry: JunctionGeometry,
    lines: Sequence[HalfEdge],
    cluster: JunctionCluster,
    rivals: Sequence[float],
    turn: float,
    *,
    cusp: bool,
) -> Evidence:
    """Return what the confidence in the best pairing of three or more lines follows from.

    Parameters
    ----------
    geometry : JunctionGeometry
    lines : sequence of HalfEdge
    cluster : JunctionCluster
    rivals : sequence of float
        By how much the other pairings cost more, in radians squared, the next best first.
    turn : float
        The largest turn of the best pairing.
    cusp : bool
        Whether the lines are those of a cusp.
    """
    graph, pen = geometry.graph, geometry.widths.pen_px
    margin, next_margin = (min(rival, WIDEST_MARGIN) for rival in rivals[:2])
    shared = log1p(sum(graph.edges[number].length for number in cluster.edges) / pen)
    width = 2 * max(geometry.radius[node] for node in cluster.nodes) / pen
    lengths = sorted(graph.edges[line.edge].length / pen for line in lines)
    shortest, second, longest = (
        log(min(50.0, max(0.3, length))) for length in (lengths[0], lengths[1], lengths[-1])
    )
    free = sum(graph.is_free_end(line.twin) for line in lines) / len(lines)
    kind = "cusp" if cusp else {3: "fork", 4: "crossing"}.get(len(lines), "knot")
    figures = (
        1.0, margin, margin**2, next_margin, turn, turn**2, margin * turn, shared,
        log(min(4.0, max(0.8, width))), shortest, second, longest, free, float(len(lines)),
        shortest * turn, shared * margin, shared * turn,
    )  # fmt: skip
    return Evidence(kind, figures)


def confidence_of(evidence: Evidence) -> float:
    """Return the confidence, from 0 to less than 1, that evidence gives."""
    score = sum(w * x for w, x in zip(WEIGHTS[evidence.kind], evidence.figures, strict=True))
    return min(MOST, (1 / (1 + exp(-max(-50.0, score)))) ** STRICTNESS)
