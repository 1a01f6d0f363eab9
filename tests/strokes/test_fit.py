"""Curves fitted to polylines: within the tolerance both ways, in few numbers."""

from __future__ import annotations

import json
import re
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, hausdorff_distance

from limner.render.style import Style
from limner.render.svg import sheet_to_svg
from limner.strokes.drawing import Drawing
from limner.strokes.fit import fitted_cubics, is_straight
from limner.strokes.svg.writer import CURVE_SHARE, fitted_path_data, polylines_to_svg

coordinates = st.floats(-1000, 1000, width=32)
lines = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=30).map(np.array)
TURN = np.linspace(0, 2 * np.pi, 200)
CIRCLE = 100 * np.stack([np.cos(TURN), np.sin(TURN)], axis=1)


def traced(curves: np.ndarray, n: int = 60) -> np.ndarray:
    """Return points along curves, by the definition of Bézier curves."""
    t = np.linspace(0, 1, n)[:, None]
    a, b, c, d = (curves[:, None, k] for k in range(4))
    return np.concatenate(
        [*((1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d)]
    )


def n_numbers(curves: np.ndarray) -> int:
    return 2 + sum(2 if is_straight(curve) else 6 for curve in curves)


def farthest(line: np.ndarray, curves: np.ndarray) -> float:
    return float(hausdorff_distance(LineString(line), LineString(traced(curves)), densify=0.02))


@settings(deadline=None, max_examples=60)
@given(line=lines, tolerance=st.sampled_from([0.1, 5.0, 200.0]))
def test_any_line_is_kept_within_the_tolerance(line: np.ndarray, tolerance: float) -> None:
    curves = fitted_cubics(line, tolerance)
    if not len(curves):
        assert (line == line[0]).all()
        return
    np.testing.assert_array_equal([curves[0, 0], curves[-1, 3]], line[[0, -1]])
    np.testing.assert_array_equal(curves[1:, 0], curves[:-1, 3])
    assert farthest(line, curves) <= tolerance
    assert n_numbers(curves) <= 2 * len(line)


def test_a_circle_takes_a_few_smooth_curves() -> None:
    curves = fitted_cubics(CIRCLE, 0.5)
    assert len(curves) <= 6
    leaving, arriving = (curves[1:, 1] - curves[1:, 0]), (curves[:-1, 3] - curves[:-1, 2])
    cosines = (leaving * arriving).sum(axis=1) / np.hypot(*leaving.T) / np.hypot(*arriving.T)
    np.testing.assert_allclose(cosines, 1, atol=1e-6)


def test_straight_lines_stay_straight_and_corners_sharp() -> None:
    side = np.linspace(0, 100, 30)
    corner = np.concatenate([np.stack([side, 0 * side], axis=1), np.stack([0 * side + 100, side], axis=1)])
    curves = fitted_cubics(corner, 0.5)
    assert n_numbers(curves) <= 12
    assert np.hypot(*(traced(curves) - (100, 0)).T).min() < 1
    assert fitted_path_data([(0, 0), (5, 0), (9, 0)], 0.1) == "M0 0L9 0"


def test_path_data() -> None:
    assert fitted_path_data([(1, 2)], 1) == "M1 2L1 2"
    assert fitted_path_data([(0, 0), (9, 0), (9, 9)], 0.1) == "M0 0L9 0 9 9"
    data = fitted_path_data(CIRCLE, 0.5, 1)
    assert re.fullmatch(r"M[-\d. ]+C[-\d. ]+", data)
    with pytest.raises(ValueError, match="above 0"):
        fitted_cubics(CIRCLE, 0)


def test_writers_of_svg_have_curves() -> None:
    """And what they write is read again as the same lines."""
    drawing = Drawing.from_polylines([CIRCLE, CIRCLE[:50] * 0.5])
    for curves, text in (
        (True, drawing.to_svg(curves=True)),
        (2.0, drawing.to_svg(curves=2.0)),
        (True, polylines_to_svg(drawing.strokes, curves=True)),
    ):
        assert len(text) < len(drawing.to_svg()) / 4
        tolerance = CURVE_SHARE * 200 if curves is True else curves
        for read, stroke in zip(Drawing.from_svg_text(text, tolerance=0.01), drawing, strict=True):
            assert hausdorff_distance(LineString(read), LineString(stroke)) <= tolerance + 0.02
    plain, curved = (sheet_to_svg([drawing] * 2, style=Style(curves=on)) for on in (False, True))
    assert len(curved) < len(plain) / 3
    assert curved.count("<path") == plain.count("<path")


@pytest.mark.slow
def test_real_drawings_take_a_third_of_the_numbers(data_dir: Path) -> None:
    """200 drawings as hands drew them, every one within the tolerance of ``to_svg(curves=True)``."""
    files = sorted((data_dir / "quickdraw" / "raw").glob("*.ndjson"))
    rows: list[str] = []
    for path in files:
        with path.open(encoding="utf-8") as file:
            rows += islice(file, 8)
    drawings = [Drawing.from_quickdraw(json.loads(row)["drawing"]) for row in rows[:200]]
    assert len(drawings) == 200
    before = after = 0
    for drawing in drawings:
        tolerance = CURVE_SHARE * float(np.ptp(drawing.points, axis=0).max())
        for stroke in drawing:
            curves = fitted_cubics(stroke, tolerance)
            before += 2 * len(stroke)
            after += n_numbers(curves)
            if len(curves):
                near = LineString(traced(curves, 24))
                assert hausdorff_distance(near, LineString(stroke)) <= tolerance
    assert after <= before / 3
