"""Which lines at a junction are one line: the pairing of all of them with the least total turn."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_EXACT = 12
"""Junctions of more lines are paired greedily: exact pairing takes time exponential in their number."""

MAX_RANKED = 6
"""Of junctions of more lines not all pairings are compared: their number grows as fast."""


def best_pairs(costs: Sequence[Sequence[float]], end_cost: float) -> list[tuple[int, int]]:
    """Pair items so that the costs of all pairs and of all that stay single are least in sum.

    Parameters
    ----------
    costs : square sequence of float
        ``costs[i][j]`` of the pair of ``i`` and ``j``, ``i < j``; infinite for what must not be a pair.
    end_cost : float
        Of each item that stays single.

    Notes
    -----
    Dynamic programming over subsets: junctions have three to six lines, and networkx, whose matching gives
    the same pairs, takes longer to import than a page takes to read.
    """
    n = len(costs)
    if n > MAX_EXACT:
        return _greedy_pairs(costs, end_cost)

    @cache
    def best(left: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        if not left:
            return 0.0, ()
        i = (left & -left).bit_length() - 1
        rest = left & ~(1 << i)
        cost, pairs = best(rest)
        cheapest = (cost + end_cost, pairs)
        for j in range(i + 1, n):
            if rest >> j & 1 and costs[i][j] < 2 * end_cost:
                cost, pairs = best(rest & ~(1 << j))
                if cost + costs[i][j] < cheapest[0]:
                    cheapest = (cost + costs[i][j], ((i, j), *pairs))
        return cheapest

    return list(best((1 << n) - 1)[1])


def ranked_pairings(
    costs: Sequence[Sequence[float]], end_cost: float
) -> list[tuple[float, tuple[tuple[int, int], ...]]]:
    """Return all pairings of up to :data:`MAX_RANKED` items with their costs, the cheapest first.

    Of more items only those that differ from the best in two pairs or fewer; see :func:`best_pairs`.
    """
    n = len(costs)
    pairings = _all_pairings(tuple(range(n))) if n <= MAX_RANKED else _near_pairings(costs, end_cost)
    priced = ((_cost(pairs, costs, end_cost), tuple(sorted(pairs))) for pairs in pairings)
    return sorted(priced)


def _cost(pairs: Iterable[tuple[int, int]], costs: Sequence[Sequence[float]], end_cost: float) -> float:
    found = list(pairs)
    return sum(costs[i][j] for i, j in found) + end_cost * (len(costs) - 2 * len(found))


def _all_pairings(left: tuple[int, ...]) -> Iterator[tuple[tuple[int, int], ...]]:
    if not left:
        yield ()
        return
    first, *rest = left
    yield from _all_pairings(tuple(rest))
    for other in rest:
        for pairs in _all_pairings(tuple(k for k in rest if k != other)):
            yield ((first, other), *pairs)


def _near_pairings(
    costs: Sequence[Sequence[float]], end_cost: float
) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the best pairing, and each that re-pairs the items of two of its pairs."""
    best = tuple(best_pairs(costs, end_cost))
    yield best
    for one, two in combinations(best, 2):
        rest = tuple(pair for pair in best if pair not in (one, two))
        (a, b), (c, d) = one, two
        for pairs in (((a, c), (b, d)), ((a, d), (b, c))):
            yield (*rest, *((min(pair), max(pair)) for pair in pairs))


def _greedy_pairs(costs: Sequence[Sequence[float]], end_cost: float) -> list[tuple[int, int]]:
    n = len(costs)
    order = sorted((costs[i][j], i, j) for i in range(n) for j in range(i + 1, n))
    pairs: list[tuple[int, int]] = []
    used: set[int] = set()
    for cost, i, j in order:
        if cost < 2 * end_cost and not {i, j} & used:
            pairs.append((i, j))
            used |= {i, j}
    return pairs
