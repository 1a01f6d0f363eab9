from __future__ import annotations

import numpy as np
import pytest
from tests.recipes.kit import batch_of, lines, stepped

from limner.recipes.steps.geometry import OriginStep, RescaleStep
from limner.recipes.steps.shape import JoinStep, MarksStep, OrderStep, SeparateStep, SpliceStep

LEFT = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
RIGHT = [(100.0, 40.0), (120.0, 40.0), (120.0, 50.0)]
INSIDE = [(2.0, 2.0), (4.0, 4.0)]


def test_a_page_becomes_drawings_with_boxes_and_sources_of_their_own() -> None:
    done = stepped(SeparateStep(), batch_of([INSIDE], [LEFT, RIGHT, INSIDE]))
    assert [lines(drawing) for drawing in done.drawings] == [[INSIDE], [LEFT, INSIDE], [RIGHT]]
    assert done.sources == ["f#0/box-1", "f#1/box-1", "f#1/box-2"]
    batch = done.state.to_batch()
    assert batch.pages == ["f#0", "f#1", "f#1"]
    assert batch.boxes.tolist() == [[2, 2, 4, 4], [0, 0, 10, 10], [100, 40, 120, 50]]


def test_a_gap_joins_neighbours() -> None:
    assert len(stepped(SeparateStep(gap=200), batch_of([LEFT, RIGHT])).drawings) == 1


def test_boxes_are_in_the_units_of_the_page_whatever_came_before() -> None:
    page = batch_of([LEFT, RIGHT])
    for before in (RescaleStep(box=7.0), OriginStep(at="centre")):
        state = before.apply(stepped(OriginStep(at="first-point"), page).state)
        boxes = SeparateStep(overlap=0.01).apply(state).to_batch().boxes
        np.testing.assert_allclose(boxes, [[0, 0, 10, 10], [100, 40, 120, 50]], atol=1e-4)


def test_strokes_are_joined_and_spliced() -> None:
    one, two = [(0.0, 0.0), (5.0, 0.0)], [(6.0, 0.0), (9.0, 0.0)]
    assert lines(stepped(JoinStep(distance=2), batch_of([one, two])).drawings[0]) == [[*one, *two]]
    assert len(stepped(JoinStep(distance=1), batch_of([one, two])).drawings[0]) == 2
    sharp = [(5.0, 1.0), (0.0, 1.0)]
    assert len(stepped(JoinStep(distance=2, most_turn_deg=90), batch_of([one, sharp])).drawings[0]) == 2
    spliced = stepped(SpliceStep(distance=40), batch_of([LEFT, INSIDE])).drawings[0]
    assert [len(stroke) for stroke in spliced] == [6]


def test_strokes_are_ordered() -> None:
    far, near = [(90.0, 90.0), (95.0, 95.0)], [(9.0, 9.0), (1.0, 1.0)]
    assert lines(stepped(OrderStep(), batch_of([far, near])).drawings[0]) == [near[::-1], far]


def test_marks_go() -> None:
    figure, date = [(0.0, 0.0), (0.0, 300.0)], [(50.0, 310.0), (60.0, 312.0)]
    assert lines(stepped(MarksStep(), batch_of([figure, date])).drawings[0]) == [figure]


def test_wrong_settings_are_refused() -> None:
    for make in (
        lambda: SeparateStep(overlap=0),
        lambda: SeparateStep(overlap=1.5),
        lambda: JoinStep(distance=-1),
        lambda: SpliceStep(distance=float("inf")),
        lambda: MarksStep(gap=0),
    ):
        with pytest.raises(ValueError, match="must be"):
            make()
