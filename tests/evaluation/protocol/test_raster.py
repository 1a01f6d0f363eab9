"""Pictures of the protocol: where ink lies, how much of it there is, and that drawings keep to themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from limner.corpus.doodles.make import make_doodles
from limner.evaluation.protocol.raster import BATCH, Raster
from limner.strokes.drawing import Drawing

RASTER = Raster()
PLACES = st.tuples(st.floats(-1e4, 1e4, width=32), st.floats(-1e4, 1e4, width=32))


def _drawing(strokes: Iterable[list[tuple[float, float]]]) -> Drawing:
    return Drawing(tuple(np.array(stroke, np.float32) for stroke in strokes))


def _one(*strokes: list[tuple[float, float]]) -> NDArray[np.float64]:
    return np.asarray(RASTER.pictures([_drawing(strokes)])[0] / 255.0)


def test_a_line_has_the_ink_of_its_length_and_width() -> None:
    ink = _one([(0, 0), (1000, 0)]).sum()
    assert ink == pytest.approx(56 * 1.6 + math.pi * 0.8**2, rel=0.02)


def test_the_box_is_in_the_middle_and_its_longer_side_is_filled() -> None:
    picture = _one([(5, 7), (205, 7), (205, 107), (5, 107), (5, 7)])
    rows, columns = (np.flatnonzero(picture.max(axis) > 0.5) for axis in (1, 0))
    assert (columns[0], columns[-1]) in {(3, 60), (4, 59)}
    assert (rows[0] + rows[-1]) / 2 == pytest.approx(31.5)
    assert rows[-1] - rows[0] == pytest.approx(28, abs=2)


@pytest.mark.parametrize("stroke", [[(3, 3)], [(3, 3), (3, 3)]])
def test_a_dot(stroke: list[tuple[float, float]]) -> None:
    picture = _one(stroke)
    assert picture.sum() == pytest.approx(math.pi * 0.8**2, rel=0.25)
    assert picture[31:33, 31:33].sum() == pytest.approx(picture.sum())


def test_no_ink_no_drawing() -> None:
    assert RASTER.pictures([]).shape == (0, 64, 64)
    assert not RASTER.pictures([Drawing(())]).any()


@pytest.mark.slow
def test_neighbours_change_nothing() -> None:
    drawings = [*make_doodles(BATCH + 20, seed=4), Drawing(())]
    together = RASTER.pictures(drawings)
    for k in (0, 1, BATCH - 1, BATCH, BATCH + 20):
        np.testing.assert_array_equal(together[k], RASTER.pictures([drawings[k]])[0])


@pytest.mark.slow
@given(st.lists(st.lists(PLACES, min_size=1, max_size=6), min_size=1, max_size=4))
def test_ink_stays_inside(strokes: list[list[tuple[float, float]]]) -> None:
    picture = RASTER.pictures([_drawing(strokes)])[0]
    edge = np.ones((64, 64), bool)
    edge[2:-2, 2:-2] = False
    assert not picture[edge].any()
    assert picture.any()


@pytest.mark.slow
@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(0.01, 100))
def test_place_and_size_do_not_matter(x: float, y: float, unit: float) -> None:
    drawing = make_doodles(1, seed=8)[0]
    moved = drawing.replace(strokes=tuple(stroke * unit + np.array([x, y]) for stroke in drawing))
    apart = RASTER.pictures([drawing])[0].astype(int) - RASTER.pictures([moved])[0]
    assert np.abs(apart).max() <= 2


@pytest.mark.parametrize("values", [{"pen_px": 0}, {"margin_px": 1}, {"px": 8}])
def test_a_pen_that_would_leave_the_square_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="margin"):
        Raster(**values)  # type: ignore[arg-type]


def test_name() -> None:
    assert RASTER.name == "64px-margin4-pen1.6"
