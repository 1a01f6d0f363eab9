"""Recipes on drawings in memory; among them the stroke pipeline of the Single-Line project."""

from __future__ import annotations

import numpy as np
import pytest

from limner.errors import LimnerError
from limner.recipes.apply import apply_recipe
from limner.recipes.recipe import Recipe
from limner.recipes.steps.geometry import RescaleStep
from limner.strokes.drawing import Drawing


def page() -> Drawing:
    """Two figures, the first in pieces, and a crumb."""
    t = np.linspace(0, 2 * np.pi, 60)
    circle = np.column_stack([100 + 80 * np.cos(t), 100 + 80 * np.sin(t)])
    zigzag = [[300, 300], [330, 390], [360, 300], [390, 390]]
    return Drawing.from_polylines((circle[:20], circle[:19:-1], np.array([[0, 399], [0.2, 399]]), zigzag))


@pytest.mark.parametrize("name", ["slml-v1", "slml-v2"])
def test_pieces_are_joined_and_figures_separated(name: str) -> None:
    drawings = apply_recipe(name, [page()])
    assert [len(drawing) for drawing in drawings] == [1, 1]
    for drawing in drawings:
        assert drawing.bounds[:2] == pytest.approx((0, 0), abs=1e-4)
        assert max(drawing.bounds[2:]) == pytest.approx(200)


def test_the_second_keeps_more_points() -> None:
    one, two = (apply_recipe(name, [page()])[0].n_points for name in ("slml-v1", "slml-v2"))
    assert one < two


def test_small_groups_are_left_out() -> None:
    drawing = Drawing.from_polylines(([[0, 0], [200, 200], [0, 190]], [[150, 0], [160, 0], [160, 20]]))
    assert len(apply_recipe("slml-v1", [drawing])) == 1


def test_labels_and_sources_stay() -> None:
    line = [[(0.0, 0.0), (4.0, 2.0)]]
    drawings = [
        Drawing.from_polylines(line, label="cat", source="a#1"),
        Drawing(()),
        Drawing.from_polylines(line),
    ]
    one, two = apply_recipe(Recipe("r", "", 0, (RescaleStep(box=8),)), drawings)
    assert (one.label, one.source, two.label, two.source) == ("cat", "a#1", None, "drawing#1")
    assert one.to_polylines() == two.to_polylines() == [[(0, 0), (8, 4)]]


def test_nothing() -> None:
    assert apply_recipe("quickdraw", []) == []
    with pytest.raises(LimnerError):
        apply_recipe("no such recipe", [])
