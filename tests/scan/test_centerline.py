"""The middle of the ink."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from limner.scan.centerline import center_lines, smooth_line
from limner.scan.traced_lines import TracedLine

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.scan.conftest import Inked


def darkness_of(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    return (1 - grey / 255).astype(np.float32)


def line_of(points: np.ndarray, firm: np.ndarray | None = None) -> TracedLine:
    return TracedLine(
        points, np.ones(len(points), bool) if firm is None else firm, closed=False, isolated=True
    )


@pytest.mark.parametrize("y", [60.0, 60.3, 60.5, 60.8])
def test_lines_move_to_where_the_ink_is(inked: Inked, y: float) -> None:
    dark = darkness_of(inked([[10, y], [150, y]], pen_px=3))
    points = np.column_stack([np.arange(20.5, 140), np.full(120, 60.5)])
    (found,) = center_lines([line_of(points)], dark, 3)
    assert np.abs(found[5:-5, 1] - y).max() < 0.1


def test_a_neighbour_does_not_pull(inked: Inked) -> None:
    dark = darkness_of(inked([[10, 60], [150, 60]], [[10, 65], [150, 65]], pen_px=3))
    points = np.column_stack([np.arange(20.5, 140), np.full(120, 60.5)])
    (found,) = center_lines([line_of(points)], dark, 3)
    assert np.abs(found[5:-5, 1] - 60).max() < 0.15


def test_what_is_not_firm_is_bridged_smoothly(inked: Inked) -> None:
    dark = darkness_of(inked([[10, 60], [150, 60]], pen_px=3))
    points = np.column_stack([np.arange(20.5, 140), np.full(120, 60.5)])
    points[55:65, 1] += 3
    firm = np.ones(120, bool)
    firm[50:70] = False
    (found,) = center_lines([line_of(points, firm)], dark, 3)
    assert np.abs(found[5:-5, 1] - 60).max() < 0.2


def test_smoothing_keeps_ends_and_rings() -> None:
    rng = np.random.default_rng(0)
    points = np.cumsum(rng.normal(0, 1, (50, 2)), axis=0)
    found = smooth_line(points, 1.5, closed=False)
    assert np.abs(found[[0, -1]] - points[[0, -1]]).max() < 1e-9
    t = np.linspace(0, 2 * np.pi, 100)
    ring = np.column_stack([np.cos(t), np.sin(t)])
    ring[-1] = ring[0]
    round_again = smooth_line(ring, 1.5, closed=True)
    assert (round_again[0] == round_again[-1]).all()
    assert np.abs(np.hypot(*round_again.T) - 1).max() < 0.01


@pytest.mark.parametrize("n", [1, 2, 3])
def test_short_lines(n: int) -> None:
    points = np.column_stack([np.arange(n) + 5.5, np.full(n, 5.5)])
    (found,) = center_lines([line_of(points)], np.ones((12, 12), np.float32), 3)
    assert found.shape == (n, 2)
    assert np.isfinite(found).all()


def test_nothing() -> None:
    assert center_lines([], np.ones((3, 3), np.float32), 3) == []
