"""Where a person's ink lies in the model's terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from limner.models.config import ModelConfig
from limner.models.weights import Card
from limner.sampling.page_frame import PARTIAL, Frame, fit_frame, to_model_rows
from limner.strokes.drawing import Drawing

CARD = Card(
    config=ModelConfig(),
    scale_factor=20.0,
    n_max=100,
    extent=200.0,
    start=(10.0, -5.0),
    start_reach=30.0,
    tolerance=1.0,
)

coordinates = st.floats(-100, 100, width=32)
inks = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=8), min_size=1, max_size=3
).map(Drawing.from_polylines)


def _size(ink: Drawing) -> float:
    x_min, y_min, x_max, y_max = ink.bounds
    return max(x_max - x_min, y_max - y_min)


def _changed(ink: Drawing, factor: float, shift: tuple[float, float]) -> Drawing:
    strokes = [np.asarray(stroke, np.float64) * factor + shift for stroke in ink]
    return Drawing.from_polylines(strokes)


def _square(size: float, corner: tuple[float, float] = (10.0, -5.0)) -> Drawing:
    path = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * size + corner
    return Drawing.from_polylines([path])


@pytest.mark.parametrize("size", [40.0, 180.0, 320.0])
def test_ink_like_the_corpus_stays_where_it_is(size: float) -> None:
    assert fit_frame(_square(size), CARD) == Frame((0.0, 0.0), 20.0, 1.0)


def test_ink_like_the_corpus_but_far_away_is_moved() -> None:
    frame = fit_frame(_square(180.0, (1010.0, 495.0)), CARD)
    assert frame == Frame((1000.0, 500.0), 20.0, 1.0)


@pytest.mark.parametrize("size", [1.0, 39.0, 321.0, 5000.0])
def test_ink_of_foreign_size_is_rescaled(size: float) -> None:
    """It becomes a usual drawing, or a share of one, and begins where the corpus's drawings do."""
    ink = _square(size)
    part = fit_frame(ink, CARD, share=PARTIAL)
    assert part.unit / CARD.scale_factor * PARTIAL * CARD.extent == pytest.approx(size)
    frame = fit_frame(ink, CARD)
    assert frame.unit / CARD.scale_factor * CARD.extent == pytest.approx(size)
    rows = to_model_rows(ink, frame)
    np.testing.assert_allclose(rows[0, :2] * CARD.scale_factor, CARD.start, rtol=1e-5)


def test_a_dot_is_in_the_units_of_the_corpus() -> None:
    assert fit_frame(Drawing.from_polylines([[(12, 0)]]), CARD).unit == 20.0


def test_unit_can_be_said() -> None:
    frame = fit_frame(_square(180.0), CARD, unit=3.0)
    assert frame.unit == 60.0
    np.testing.assert_allclose(to_model_rows(_square(180.0), frame)[0, :2] * 20, CARD.start, rtol=1e-5)
    assert fit_frame(_square(5000.0), CARD, unit=1.0).unit == 20.0


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(inks, st.sampled_from([10.0, 1000.0, 25_000.0]), st.sampled_from([(0.0, 0.0), (100.0, -30.0)]))
def test_scale_and_place_of_foreign_ink_do_not_matter(
    ink: Drawing, factor: float, shift: tuple[float, float]
) -> None:
    assume(_size(ink) > 1)
    small = _changed(ink, 1 / _size(ink), (0, 0))
    other = _changed(small, factor, shift)
    a, b = to_model_rows(small, fit_frame(small, CARD)), to_model_rows(other, fit_frame(other, CARD))
    assume(len(a) == len(b))  # simplification may decide otherwise by a hair's breadth
    np.testing.assert_allclose(a, b, atol=2e-3)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(inks)
def test_ink_comes_back(ink: Drawing) -> None:
    """Stroke by stroke, with the same ends; no point is farther from the way back than the tolerance."""
    frame = fit_frame(ink, CARD)
    back = frame.to_page(to_model_rows(ink, frame))
    assert len(back) == len(ink)
    grain = 1e-4 * max(1.0, _size(ink))
    for old, new in zip(ink, back, strict=True):
        np.testing.assert_allclose(new[[0, -1]], old[[0, -1]], atol=grain)
        assert len(new) <= len(old)


def test_ink_is_simplified_as_the_corpus_is() -> None:
    """A bump below its tolerance goes, one above stays."""
    for bump, left in ((0.9, 2), (1.1, 3)):
        height = bump * CARD.tolerance
        ink = Drawing.from_polylines([[(10, -5), (60, -5 + height), (110, -5)]])
        assert len(to_model_rows(ink, fit_frame(ink, CARD))) == left
