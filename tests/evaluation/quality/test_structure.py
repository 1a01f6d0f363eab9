"""How drawings are built."""

from __future__ import annotations

import numpy as np
import pytest

from limner.evaluation.quality.structure import Structure, structure_distances
from limner.strokes.drawing import Drawing

TWO_LINES = Drawing.from_polylines([[(0, 0), (10, 0)], [(10, 5), (0, 5)]])


def test_counts_by_hand() -> None:
    found = Structure.of([TWO_LINES, Drawing(())])
    assert {name: values.tolist() for name, values in found.columns().items()} == {
        "strokes": [2], "points": [4], "ink": [2], "pen_up": [5 / 25]
    }  # fmt: skip


def _with_strokes(counts: list[float]) -> Structure:
    values = np.array(counts)
    return Structure(values, np.ones(len(values)), np.ones(len(values)), np.zeros(len(values)))


def test_distances_are_in_standard_deviations_of_the_real_ones() -> None:
    real = _with_strokes([1, 3, 5, 7])
    moved = structure_distances(real, _with_strokes([3, 5, 7, 9]))
    assert moved["strokes"] == pytest.approx(2 / np.std([1, 3, 5, 7]))
    assert moved["points"] == moved["ink"] == moved["pen_up"] == 0
    assert structure_distances(real, real)["strokes"] == 0
