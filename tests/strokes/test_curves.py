"""Flattened curves stay within the tolerance, and their ends are exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from limner.strokes.curves import AT_ONCE, TooManyPointsError, flatten_chain, flatten_chains, flatten_cubics

MOST = 1_000_000

Floats = NDArray[np.float64]
TOLERANCES = st.sampled_from([0.01, 0.1, 1.0, 7.0])
T = np.linspace(0, 1, 500)[:, None]
CONTROLS = arrays(np.float64, (4, 2), elements=st.integers(-50, 50).map(float))


def dense_cubic(controls: Floats) -> Floats:
    a, b, c, d = controls
    return np.asarray((1 - T) ** 3 * a + 3 * (1 - T) ** 2 * T * b + 3 * (1 - T) * T**2 * c + T**3 * d)


def farthest(points: Floats, line: Floats) -> float:
    """How far the farthest of the points lies from a polyline."""
    chords, squared = np.diff(line, axis=0), (np.diff(line, axis=0) ** 2).sum(axis=1)
    from_start = points[:, None] - line[:-1]
    shares = (from_start * chords).sum(axis=2) / np.where(squared > 0, squared, 1)
    away = from_start - np.clip(shares, 0, 1)[..., None] * chords
    return float(np.hypot(away[..., 0], away[..., 1]).min(axis=1).max())


@pytest.mark.slow
@given(CONTROLS, TOLERANCES)
@settings(max_examples=150, deadline=None)
def test_cubics(controls: Floats, tolerance: float) -> None:
    behind, _ = flatten_cubics(controls[None], tolerance, MOST)
    polyline = np.vstack([controls[:1], behind])
    np.testing.assert_array_equal(polyline[-1], controls[3])
    assert farthest(dense_cubic(controls), polyline) <= tolerance + 1e-9
    assert farthest(polyline, dense_cubic(controls)) < 0.1  # the dense curve is a polyline itself


def test_many_cubics_at_once_are_as_one_by_one() -> None:
    controls = np.random.default_rng(0).normal(size=(30, 4, 2)) * np.logspace(-1, 3, 30)[:, None, None]
    points, counts = flatten_cubics(controls, 0.1, MOST)
    for got, one in zip(np.split(points, np.cumsum(counts)[:-1]), controls, strict=True):
        np.testing.assert_array_equal(got, flatten_cubics(one[None], 0.1, MOST)[0])


def test_points_gather_where_the_curve_bends() -> None:
    hairpin = np.array([[(0.0, 0.0), (100.0, 0.0), (100.0, 1.0), (0.0, 1.0)]])
    points, _ = flatten_cubics(hairpin, 0.01, MOST)
    assert (points[:, 0] > 60).sum() > (points[:, 0] < 40).sum()


@pytest.mark.parametrize("controls", [[(0, 0), (1, 0), (2, 0), (9, 0)], [(3, 3)] * 4])
def test_what_is_straight_is_one_line(controls: list[tuple[float, float]]) -> None:
    points, _ = flatten_cubics(np.array([controls], float), 0.001, MOST)
    assert points.tolist() == [list(controls[-1])]


def test_finer_than_anybody_sees_is_not_asked_for() -> None:
    huge = np.array([[(0, 0), (0, 1e9), (1e9, 1e9), (1e9, 0)]])
    assert len(flatten_cubics(huge, 0.1, MOST)[0]) <= 256
    far = huge / 1e9 + 1e30
    assert len(flatten_cubics(far, 1e-9, MOST)[0]) == 1  # float32 cannot tell its points


def test_no_cubics() -> None:
    points, counts = flatten_cubics(np.zeros((0, 4, 2)), 0.1, MOST)
    assert (points.shape, counts.shape) == ((0, 2), (0,))


def test_too_many_points_are_refused_before_they_are_made() -> None:
    curves = np.array([[(0, 0), (0, 100), (100, 100), (100, 0)]] * 50, float)
    total = len(flatten_cubics(curves, 0.1, MOST)[0])
    assert len(flatten_cubics(curves, 0.1, total)[0]) == total
    with pytest.raises(TooManyPointsError):
        flatten_cubics(curves, 0.1, total - 1)


def test_chains_are_flattened_together_as_alone() -> None:
    rng = np.random.default_rng(3)
    chains = [rng.uniform(0, 100, (n, 4, 2)) for n in (1, 3, 2)]
    together = list(flatten_chains(chains, 0.1, MOST))
    for chain, line in zip(chains, together, strict=True):
        np.testing.assert_array_equal(line, flatten_chain(chain, 0.1, MOST))
        assert line[0].tolist() == chain[0, 0].tolist()
        assert line[-1].tolist() == chain[-1, 3].tolist()
    assert list(flatten_chains([], 0.1, MOST)) == []


def test_all_chains_share_the_points_they_may_have() -> None:
    line = np.array([[[0, 0], [0, 0], [1, 0], [1, 0]]], float)
    chains = [np.repeat(line, AT_ONCE, axis=0), line]
    assert [len(points) for points in flatten_chains(chains, 1, AT_ONCE + 1)] == [AT_ONCE + 1, 2]
    with pytest.raises(TooManyPointsError):
        list(flatten_chains(chains, 1, AT_ONCE))
