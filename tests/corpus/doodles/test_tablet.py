from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.corpus.doodles.tablet import MISS, put_points


def arc(radius: float, degrees: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    angles = np.deg2rad(np.linspace(0, degrees, 200))
    return radius * np.column_stack([np.cos(angles), np.sin(angles)])[None]


def test_a_straight_path_needs_its_end_only() -> None:
    path = np.linspace([0, 0], [90, 30], 11)[None]
    points, owners = put_points(path)
    np.testing.assert_allclose(points, [[90, 30]])
    np.testing.assert_array_equal(owners, [0])


@settings(max_examples=40, deadline=None)
@given(st.floats(10, 200), st.floats(60, 400))
def test_chords_miss_an_arc_evenly_and_little(radius: float, degrees: float) -> None:
    points, _ = put_points(arc(radius, degrees))
    corners = np.vstack([[radius, 0.0], points])
    middles = (corners[1:] + corners[:-1]) / 2
    miss = radius - np.hypot(*middles.T)
    assert miss.max() < 2.4 * MISS  # the number of points is a whole one, so an arc of few has more
    assert miss.max() - miss.min() < 0.35
    np.testing.assert_allclose(points[-1], arc(radius, degrees)[0, -1], atol=1e-6)


def test_small_loops_stay_round() -> None:
    points, _ = put_points(arc(3, 360))
    assert 6 <= len(points) <= 8


def test_points_gather_in_the_bend() -> None:
    hairpin = np.concatenate([np.linspace([0, 0], [100, 0], 40), arc(12, 90)[0, :, ::-1] + [100, -12]])
    points, _ = put_points(hairpin[None])
    assert np.mean(points[:, 0] >= 99) > 0.6


def test_paths_are_kept_apart() -> None:
    paths = np.concatenate([arc(r, 300) for r in (5.0, 60.0, 120.0)])
    together, owners = put_points(paths)
    for i in range(3):
        alone, _ = put_points(paths[i : i + 1])
        np.testing.assert_allclose(together[owners == i], alone, atol=1e-9)
