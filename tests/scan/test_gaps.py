"""Bridging gaps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from limner.scan.gaps import bridge_gaps

PAPER = np.zeros((100, 200), np.float32)


def line(*points: tuple[float, float]) -> np.ndarray:
    found = [np.linspace(a, b, 20) for a, b in pairwise(points)]
    return np.concatenate(found)


def traced(x0: int, x1: int, tone: float = 0.05) -> np.ndarray:
    dark = PAPER.copy()
    dark[49:52, x0:x1] = tone
    return dark


@pytest.mark.parametrize(("gap", "left"), [(3, 1), (5.5, 1), (8, 2), (25, 2)])
def test_gaps_without_ink(gap: float, left: int) -> None:
    lines = [line((20, 50.5), (80, 50.5)), line((80 + gap, 50.5), (150, 50.5))]
    assert len(bridge_gaps(lines, PAPER, 3)) == left


@pytest.mark.parametrize(("gap", "left"), [(8, 1), (25, 1), (35, 2)])
def test_gaps_with_a_trace_of_ink(gap: int, left: int) -> None:
    lines = [line((20, 50.5), (80, 50.5)), line((80 + gap, 50.5), (150, 50.5))]
    assert len(bridge_gaps(lines, traced(75, 90 + gap), 3)) == left


def test_a_trace_does_not_join_what_turns_sharply() -> None:
    lines = [line((20, 50.5), (80, 50.5)), line((100, 50.5), (80, 20))]
    assert len(bridge_gaps(lines, traced(75, 105), 3)) == 2


def test_even_shade_is_no_trace() -> None:
    lines = [line((20, 50.5), (80, 50.5)), line((95, 50.5), (150, 50.5))]
    assert len(bridge_gaps(lines, PAPER + 0.2, 3)) == 2


def test_ends_that_touch_are_joined_whatever_the_turn() -> None:
    lines = [line((20, 50.5), (80, 50.5)), line((80, 53), (20, 53))]
    assert len(bridge_gaps(lines, PAPER, 3)) == 1


def test_a_line_cut_by_the_border_goes_on() -> None:
    def with_gap(y: float) -> list[np.ndarray]:
        return [line((20, y), (80, y)), line((95, y), (150, y))]

    assert len(bridge_gaps(with_gap(1.0), PAPER, 3)) == 1
    assert len(bridge_gaps(with_gap(20.0), PAPER, 3)) == 2
