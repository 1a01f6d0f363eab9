"""Path data, compared with curves evaluated straight from the specification's equations."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from limner.strokes.curves import TooManyPointsError, flatten_cubics
from limner.strokes.svg.path import closed, lines, parse_path, parse_points

Floats = NDArray[np.float64]
T = np.linspace(0, 1, 400)


MOST = 100_000


def path_polylines(data: str, tolerance: float) -> list[Floats]:
    return [
        np.concatenate([s[:1, 0], flatten_cubics(s, tolerance, MOST)[0]])
        for s in parse_path(data, MOST).subpaths
    ]


def points(data: str, tolerance: float = 100) -> list[list[tuple[float, float]]]:
    return [
        [(round(float(x), 9), round(float(y), 9)) for x, y in line]
        for line in path_polylines(data, tolerance)
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("M1 2L3 4", [[(1, 2), (3, 4)]]),
        ("M1,2,3,4-5-6", [[(1, 2), (3, 4), (-5, -6)]]),
        ("m1 2 3 4 5 6", [[(1, 2), (4, 6), (9, 12)]]),
        ("M1.5.5.25-1e-1", [[(1.5, 0.5), (0.25, -0.1)]]),
        ("M0 0H1 2V3h-1v1", [[(0, 0), (1, 0), (2, 0), (2, 3), (1, 3), (1, 4)]]),
        ("M0 0L1 1M5 5L6 6", [[(0, 0), (1, 1)], [(5, 5), (6, 6)]]),
        ("M0 0L1 0 1 1z", [[(0, 0), (1, 0), (1, 1), (0, 0)]]),
        ("M0 0L1 0 1 1 0 0z", [[(0, 0), (1, 0), (1, 1), (0, 0)]]),
        ("M1 1l2 2zl3 0", [[(1, 1), (3, 3), (1, 1)], [(1, 1), (4, 1)]]),
        ("m1 1l2 2zm5 5l1 0z", [[(1, 1), (3, 3), (1, 1)], [(6, 6), (7, 6), (6, 6)]]),
        ("M0 0Q5 9 10 0T20 0", [[(0, 0), (10, 0), (20, 0)]]),
        ("M0 0C1 9 9 9 10 0S15-9 20 0", [[(0, 0), (10, 0), (20, 0)]]),
        ("M0 0A0 5 0 0 1 3 3", [[(0, 0), (3, 3)]]),
        ("M0 0C1 1 2 2 3 3 4 4 5 5 6 6", [[(0, 0), (3, 3), (6, 6)]]),
        ("M0 0" + "L1 1" * 30 + " 2 2", [[(0, 0), *[(1, 1)] * 30, (2, 2)]]),
        ("M0 0" + "l1 1" * 30 + ",2 2h1", [[*((i, i) for i in range(31)), (32, 32), (33, 32)]]),
        ("M0 0" + "c1 1 1 1 2 0" * 30, [[(0, 0), *((2 * i, 0) for i in range(1, 31))]]),
        ("M0 0 " + "1 1 " * 60 + "z", [[(0, 0), *[(1, 1)] * 60, (0, 0)]]),
        ("M0 0L5 5A9 9 0 0 0 5 5", [[(0, 0), (5, 5)]]),
    ],
)
def test_commands(data: str, expected: list[list[tuple[float, float]]]) -> None:
    assert points(data) == expected


@pytest.mark.parametrize("data", ["", "none", "M1 1", "M1 1M2 2", "m1 1 m2 2"])
def test_moves_alone_draw_nothing(data: str) -> None:
    assert points(data) == []


@pytest.mark.parametrize("data", ["M1 1z", "M1 1L1 1", "M1 1h0", "M1 1C1 1 1 1 1 1"])
def test_dots(data: str) -> None:
    assert points(data) == [[(1, 1), (1, 1)]]


def test_closing_twice_leaves_no_dot() -> None:
    assert points("M0 0L10 10ZZ") == [[(0, 0), (10, 10), (0, 0)]]


@pytest.mark.parametrize(
    ("data", "ends"),
    [
        ("L1 1", []),
        ("1 1 2 2", []),
        ("M", []),
        ("M1", []),
        (",M0 0L1 1", []),
        ("Mnan 0L1 1", []),
        ("M0 0 5", []),
        ("M0 0L", []),
        ("M0 0L1", []),
        ("M0 0L1 1 1", [(1, 1)]),
        ("M0 0L1 1 X3 3", [(1, 1)]),
        ("M0 0L1 1e5e", [(1, 1e5)]),
        ("M0 0L1 1 . 3", [(1, 1)]),
        ("M0 0L1 1L--2 3", [(1, 1)]),
        ("M0 0L1 1;L2 2", [(1, 1)]),
        ("M0 0L1 1,", [(1, 1)]),
        ("M0 0L1 1,,2 2", [(1, 1)]),
        ("M0 0L1 1z5 5", [(1, 1), (0, 0)]),
        ("M0 0L1 1A1 1 0 2 1 3 3L9 9", [(1, 1)]),
        ("M0 0L1 1A1 1 0 0 1 3", [(1, 1)]),
        ("M0 0L1 1LNaN NaNL90 90", [(1, 1)]),
        ("M0 0L1 1L1e999 0L2 2", [(1, 1)]),
        ("M0 0L1 1L1e39 0L2 2", [(1, 1)]),
        ("M0 0L1 1M2 2Lundefined", [(1, 1)]),
    ],
)
def test_a_path_is_drawn_up_to_its_error(data: str, ends: list[tuple[float, float]]) -> None:
    found = parse_path(data, MOST)
    assert not found.is_complete
    assert [tuple(end) for subpath in found.subpaths for end in subpath[:, 3].tolist()] == ends


@pytest.mark.parametrize("data", ["M0 0" + "L1 1" * 101, "M0 0 " + "1 1 " * 101, "M0 0" + "h1v1" * 51])
def test_too_many_curves_are_refused(data: str) -> None:
    with pytest.raises(TooManyPointsError):
        parse_path(data, 100)
    assert parse_path(data, 200).spent > 100


def test_lists_of_points() -> None:
    assert parse_points("1,2 3 4,5-6", MOST).subpaths[0][:, 3].tolist() == [[3, 4], [5, -6]]
    odd = parse_points("1 2 3 4 5", MOST)
    assert (odd.is_complete, odd.subpaths[0][:, 3].tolist()) == (False, [[3, 4]])
    assert parse_points("1 2 3 x", MOST).subpaths == []
    with pytest.raises(TooManyPointsError):
        parse_points("1 " * 202, 100)


def test_closing() -> None:
    corner = lines(np.array([(0, 0), (1, 0), (1, 1)], float))
    assert closed(corner)[:, 3].tolist() == [[1, 0], [1, 1], [0, 0]]
    assert len(closed(closed(corner))) == 3


# Curves -----------------------------------------------------------------------------------------


def bezier(*controls: tuple[float, float]) -> Floats:
    n = len(controls) - 1
    weights = [math.comb(n, i) * (1 - T) ** (n - i) * T**i for i in range(n + 1)]
    return np.asarray(np.stack(weights, axis=1) @ np.array(controls, float))


def assert_follows(data: str, curve: Floats, tolerance: float = 0.01) -> None:
    (line,) = path_polylines(data, tolerance)
    np.testing.assert_allclose(line[[0, -1]], curve[[0, -1]], atol=1e-9)
    assert shapely.distance(shapely.points(curve), shapely.LineString(line)).max() <= tolerance + 1e-9
    assert shapely.distance(shapely.points(line), shapely.LineString(curve)).max() <= 0.01


def test_cubics_and_quadratics() -> None:
    assert_follows("M1 2C3 40 50 6 7 8", bezier((1, 2), (3, 40), (50, 6), (7, 8)))
    assert_follows("M1 2Q3 40 50 6", bezier((1, 2), (3, 40), (50, 6)))
    assert_follows("M1 2c2 38 49 4 6 6", bezier((1, 2), (3, 40), (50, 6), (7, 8)))


def test_smooth_curves_continue_only_their_own_kind() -> None:
    after_line = bezier((5, 5), (5, 5), (9, 0), (20, 5))
    assert_follows("M0 0L5 5S9 0 20 5", np.vstack([[(0, 0)], after_line]))
    quadratic = bezier((0, 0), (5, 9), (10, 0))
    assert_follows(
        "M0 0Q5 9 10 0S15 5 20 0", np.vstack([quadratic, bezier((10, 0), (10, 0), (15, 5), (20, 0))])
    )
    assert_follows("M0 0Q5 9 10 0T20 0", np.vstack([quadratic, bezier((10, 0), (15, -9), (20, 0))]))
    cubic = bezier((0, 0), (0, 9), (9, 9), (10, 0))
    assert_follows(
        "M0 0C0 9 9 9 10 0S20 9 20 0", np.vstack([cubic, bezier((10, 0), (11, -9), (20, 9), (20, 0))])
    )
    straight = bezier((10, 0), (10, 0), (20, 4))
    onward = bezier((20, 4), (30, 8), (40, 0))
    assert_follows("M0 0C0 9 9 9 10 0T20 4 40 0", np.vstack([cubic, straight, onward]))


RADII = st.floats(0.5, 30)


@pytest.mark.slow
@given(
    RADII, RADII, st.floats(-360, 360), st.booleans(), st.booleans(), st.floats(-20, 20), st.floats(-20, 20)
)
@settings(max_examples=100, deadline=None)
def test_arcs(rx: float, ry: float, turn: float, large: bool, right: bool, x: float, y: float) -> None:
    if math.hypot(x, y) < 0.1:
        return
    (line,) = path_polylines(f"M0 0A{rx} {ry} {turn} {int(large)} {int(right)} {x} {y}", 0.05)
    np.testing.assert_array_equal(line[[0, -1]], [(0, 0), (x, y)])
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    to_circle = np.array([[cosine / rx, sine / rx], [-sine / ry, cosine / ry]])  # the ellipse's own units
    on_circle = line @ to_circle.T
    chord = on_circle[-1] / 2
    radius = max(1.0, float(np.hypot(*chord)))  # radii too small grow until the arc reaches its end
    height = math.sqrt(max(radius**2 - float(chord @ chord), 0))
    side = 1 if large == right else -1
    centre = chord + side * height * np.array([chord[1], -chord[0]]) / np.hypot(*chord)
    spokes = on_circle - centre
    np.testing.assert_allclose(np.hypot(*spokes.T), radius, rtol=1e-5)
    angles = np.unwrap(np.arctan2(spokes[:, 1], spokes[:, 0]))
    swept = angles[-1] - angles[0]
    assert (swept > 0) == right
    assert (abs(swept) > math.pi - 1e-4) if large else (abs(swept) < math.pi + 1e-4)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.sampled_from("mMlLhHvVcCsSqQtTaAzZ"), st.lists(st.integers(-99, 99), min_size=7, max_size=7)
        ),
        max_size=6,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_sequence_of_commands_keeps_its_last_vertex(commands: list[tuple[str, list[int]]]) -> None:
    takes = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
    data, at, start = "M1 1", (1, 1), (1, 1)
    for command, given_numbers in commands:
        numbers = given_numbers[: takes[command.upper()]]
        if command in "aA":
            numbers[3:5] = [numbers[3] % 2, numbers[4] % 2]
        data += command + ",".join(map(str, numbers))
        x, y = at if command.islower() else (0, 0)
        if command in "zZ":
            at = start
        elif command in "hH":
            at = (x + numbers[0], at[1])
        elif command in "vV":
            at = (at[0], y + numbers[0])
        else:
            at = (x + numbers[-2], y + numbers[-1])
        start = at if command in "mM" else start
    found = path_polylines(f"{data}L{at[0] + 1} {at[1]}", 0.5)
    np.testing.assert_array_equal(found[-1][-2:], [at, (at[0] + 1, at[1])])
