from __future__ import annotations

import pytest

from limner.strokes.drawing import Drawing
from limner.strokes.marks import ink_groups, without_marks

FIGURE = [(0, 0), (100, 0), (100, 200), (0, 200), (0, 0)]
EYE = [(50, 90), (58, 90)]  # inside, and far from any other ink
DATE = [[(60, 240), (64, 248)], [(68, 240), (72, 248)]]  # below, two letters near each other


def test_a_date_goes_and_an_eye_stays() -> None:
    page = Drawing.from_polylines([FIGURE, EYE, *DATE], label="a")
    kept = without_marks(page, side=30, gap=8)
    assert [len(stroke) for stroke in kept] == [5, 2]
    assert kept.strokes[1].tolist() == [list(point) for point in EYE]
    assert kept.label == "a"


def test_large_groups_are_no_marks() -> None:
    page = Drawing.from_polylines([FIGURE, *DATE])
    assert without_marks(page, side=12, gap=8) == page


def test_where_all_is_small_all_stays() -> None:
    page = Drawing.from_polylines([EYE, *DATE])
    assert without_marks(page, side=500, gap=8) == page
    assert without_marks(Drawing(()), side=5, gap=1) == Drawing(())


def test_groups_are_told_by_the_ink_between_the_points_too() -> None:
    page = Drawing.from_polylines([[(0, 0), (100, 0)], [(50, 3), (50, 40)], [(200, 0)]])
    assert ink_groups(page, 4) == [0, 0, 1]
    assert ink_groups(page, 2) == [0, 1, 2]


@pytest.mark.parametrize("gap", [0, -1, float("nan")])
def test_the_gap_must_be_positive(gap: float) -> None:
    with pytest.raises(ValueError, match="gap must be positive"):
        ink_groups(Drawing.from_polylines([FIGURE]), gap)
