"""How drawings are made, in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from limner.corpus.doodles.make import make_doodles
from limner.curation.shape.pieces import unit_sized
from limner.curation.shape.statistics import FARTHEST, SPREAD, USUAL, histograms, statistics
from limner.strokes.drawing import Drawing
from limner.strokes.packed import PackedStrokes

NAMES = (
    *("strokes", "ink", "aspect", "longest", "median", "straight", "lifted", "bend", "bend_per_ink"),
    *("closed_share", "closed", "corners", "points"),
)
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], float)
LINE = np.array([[0, 0], [1, 0]], float)


def _raw(drawing: Drawing) -> dict[str, float]:
    found = statistics(PackedStrokes.from_drawings([drawing]))[0] * SPREAD + USUAL
    return dict(zip(NAMES, found.tolist(), strict=True))


def test_a_square() -> None:
    found = _raw(Drawing.from_polylines((SQUARE,)))
    assert found["strokes"] == pytest.approx(0)  # the logarithm of one
    assert found["ink"] == pytest.approx(np.log(4.1))
    assert found["aspect"] == pytest.approx(0)
    assert found["lifted"] == pytest.approx(0)
    assert found["bend"] == pytest.approx(np.log1p(1.5 * np.pi))
    assert found["closed_share"] == pytest.approx(1)
    assert found["corners"] == pytest.approx(np.sqrt(3))


def test_two_lines() -> None:
    found = _raw(Drawing.from_polylines((LINE, LINE + np.array([0, 1]))))
    assert found["strokes"] == pytest.approx(np.log(2))
    assert found["straight"] == pytest.approx(1)
    assert found["lifted"] == pytest.approx(np.sqrt(2) / (np.sqrt(2) + 2))
    assert found["closed_share"] == pytest.approx(0)


def test_each_drawing_counts_for_itself() -> None:
    nothing, dot = Drawing(()), Drawing.from_polylines([[[1, 1]]])
    strange = [nothing, dot, Drawing.from_polylines((LINE, SQUARE))]
    drawings = [*make_doodles(9, seed=1), *strange]
    together = unit_sized(PackedStrokes.from_drawings(drawings))
    for measure in (statistics, histograms):
        found = measure(together)
        assert np.isfinite(found).all()
        alone = [measure(unit_sized(PackedStrokes.from_drawings([drawing])))[0] for drawing in drawings]
        np.testing.assert_allclose(found, alone, atol=1e-9)


def test_nothing_lies_farther_out_than_allowed() -> None:
    wild = Drawing.from_polylines(tuple(np.random.default_rng(k).normal(size=(60, 2)) for k in range(80)))
    assert np.abs(statistics(PackedStrokes.from_drawings([wild]))).max() <= FARTHEST


def test_histograms_are_roots_of_shares() -> None:
    found = histograms(unit_sized(PackedStrokes.from_drawings(make_doodles(5, seed=8)))) ** 2
    parts = np.split(found, [10, 18], axis=1)
    for part in parts:
        np.testing.assert_allclose(part.sum(axis=1), 1, atol=1e-6)


def test_long_and_short_strokes_fall_into_other_bins() -> None:
    drawings = [Drawing.from_polylines((LINE * length,)) for length in (1.0, 0.05)]
    long, short = histograms(PackedStrokes.from_drawings(drawings))[:, :10]
    assert long.argmax() > short.argmax()
