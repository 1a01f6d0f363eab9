"""The stroke pipeline of the Single-Line project."""

from __future__ import annotations

import numpy as np
import pytest

from limner.strokes.drawing import Drawing
from limner.strokes.slml import SLML_PRESETS


def page() -> Drawing:
    """Two figures, the first in pieces, and a crumb."""
    t = np.linspace(0, 2 * np.pi, 60)
    circle = np.column_stack([100 + 80 * np.cos(t), 100 + 80 * np.sin(t)])
    zigzag = [[300, 300], [330, 390], [360, 300], [390, 390]]
    return Drawing.from_polylines((circle[:20], circle[:19:-1], np.array([[0, 399], [0.2, 399]]), zigzag))


@pytest.mark.parametrize("name", SLML_PRESETS)
def test_pieces_are_joined_and_figures_separated(name: str) -> None:
    found = SLML_PRESETS[name].drawings(page())
    assert [len(drawing) for drawing in found] == [1, 1]
    for drawing in found:
        assert drawing.bounds[:2] == (0, 0)
        assert max(drawing.bounds[2:]) == pytest.approx(200)


def test_the_second_keeps_more_points() -> None:
    one, two = (SLML_PRESETS[name].drawings(page())[0].n_points for name in ("slml-v1", "slml-v2"))
    assert one < two


def test_small_groups_are_left_out() -> None:
    drawing = Drawing.from_polylines(([[0, 0], [200, 200], [0, 190]], [[150, 0], [160, 0], [160, 20]]))
    assert len(SLML_PRESETS["slml-v1"].drawings(drawing)) == 1
