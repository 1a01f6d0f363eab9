"""Lines are cut where a view port ends."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from limner.strokes.svg.clip import UNCLIPPED, clipped, narrowed
from limner.strokes.svg.transform import rotation, scaling, translation

Floats = NDArray[np.float64]
SQUARE = narrowed(UNCLIPPED, np.eye(3), 10, 10)


def parts(*points: tuple[float, float], clip: Floats = SQUARE) -> list[list[tuple[float, ...]]]:
    return [[tuple(p) for p in part.tolist()] for part in clipped(np.array(points, float), clip)]


def test_what_lies_inside_stays_and_what_lies_outside_goes() -> None:
    assert parts((1, 1), (9, 1), (10, 10)) == [[(1, 1), (9, 1), (10, 10)]]
    assert parts((11, 1), (19, 1)) == []
    assert parts((5, 5)) == [[(5, 5)]]
    assert parts((5, 15)) == []
    assert parts((11, 9), (9, 12)) == []  # past a corner


def test_a_line_that_comes_back_is_two() -> None:
    assert parts((5, 5), (15, 5), (15, 8), (5, 8)) == [[(5, 5), (10, 5)], [(10, 8), (5, 8)]]


def test_a_closed_line_goes_on_through_its_start() -> None:
    assert parts((5, 5), (5, 15), (2, 15), (2, 5), (5, 5)) == [[(2, 10), (2, 5), (5, 5), (5, 10)]]


def test_ports_within_ports_and_mirrored_ones() -> None:
    inner = narrowed(SQUARE, translation(5, 2) @ scaling(-1, 1), 20, 5)
    assert len(inner) == 4
    assert parts((-9, 4), (9, 4), clip=inner) == [[(0, 4), (5, 4)]]


@pytest.mark.slow
@given(arrays(np.float64, (6, 2), elements=st.integers(-12, 22).map(float)), st.integers(0, 80))
@settings(max_examples=150, deadline=None)
def test_lengths_are_those_of_another_clipper(line: Floats, degrees: int) -> None:
    matrix = rotation(degrees) @ scaling(1, 1.5)
    clip = narrowed(UNCLIPPED, matrix, 10, 10)
    corners = np.array([(0, 0), (10, 0), (10, 10), (0, 10)]) @ matrix[:2, :2].T
    port = shapely.Polygon(corners)
    got = sum(shapely.LineString(part).length for part in clipped(line, clip) if len(part) > 1)
    segments = [shapely.LineString(line[i : i + 2]) for i in range(5)]
    assert got == pytest.approx(sum(segment.intersection(port).length for segment in segments), abs=1e-5)
