"""Pairing lines at a junction."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.scan.pairing import best_pairs, ranked_pairings


def cost_of(pairs: list[tuple[int, int]], costs: np.ndarray, end_cost: float) -> float:
    return float(sum(costs[i, j] for i, j in pairs)) + end_cost * (len(costs) - 2 * len(pairs))


def all_pairings(left: list[int]) -> list[list[tuple[int, int]]]:
    if not left:
        return [[]]
    first, *rest = left
    found = all_pairings(rest)
    for other in rest:
        found += [[(first, other), *p] for p in all_pairings([k for k in rest if k != other])]
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7), st.integers(0, 2**31), st.floats(0.1, 2))
def test_no_pairing_is_cheaper(n: int, seed: int, end_cost: float) -> None:
    costs = np.random.default_rng(seed).uniform(0, 3, (n, n))
    costs = np.triu(costs) + np.triu(costs).T
    pairs = best_pairs(costs.tolist(), end_cost)
    least = min(cost_of(p, costs, end_cost) for p in all_pairings(list(range(n))))
    assert np.isclose(cost_of(pairs, costs, end_cost), least)
    assert len({k for p in pairs for k in p}) == 2 * len(pairs)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(0, 2**31), st.floats(0.1, 2))
def test_pairings_are_ranked(n: int, seed: int, end_cost: float) -> None:
    costs = np.random.default_rng(seed).uniform(0, 3, (n, n))
    costs = np.triu(costs) + np.triu(costs).T
    ranked = ranked_pairings(costs.tolist(), end_cost)
    prices = [cost for cost, _ in ranked]
    assert prices == sorted(prices)
    assert len({pairs for _, pairs in ranked}) == len(ranked)
    assert np.isclose(prices[0], cost_of(best_pairs(costs.tolist(), end_cost), costs, end_cost))
    for cost, pairs in ranked:
        assert np.isclose(cost, cost_of(list(pairs), costs, end_cost))
    if n <= 6:
        assert len(ranked) == len(all_pairings(list(range(n))))


def test_all_at_once_beats_the_best_first() -> None:
    costs = np.full((4, 4), 9.0)
    for i, j, cost in ((0, 1, 0.0), (2, 3, 5.0), (0, 2, 1.0), (1, 3, 1.0)):
        costs[i, j] = costs[j, i] = cost
    assert sorted(best_pairs(costs.tolist(), 4)) == [(0, 2), (1, 3)]


def test_what_costs_too_much_stays_single() -> None:
    assert best_pairs([[0, 3], [3, 0]], 1.0) == []
    assert best_pairs([[0, 1.9], [1.9, 0]], 1.0) == [(0, 1)]


def test_large_junctions_are_paired_greedily() -> None:
    n = 20
    costs = [[0.1 if abs(i - j) == 1 and min(i, j) % 2 == 0 else 5.0 for j in range(n)] for i in range(n)]
    assert sorted(best_pairs(costs, 1.0)) == [(i, i + 1) for i in range(0, n, 2)]
    assert not set(itertools.chain(*best_pairs([[9.0] * n] * n, 1.0)))
