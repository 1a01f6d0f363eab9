from __future__ import annotations

import pytest
from tests.recipes.kit import batch_of, lines, stepped

from limner.recipes.steps.size import LabelsStep, ShortStrokesStep, SizeStep

LONG = [(0.0, 0.0), (30.0, 0.0), (30.0, 60.0)]
SHORT = [(5.0, 5.0), (5.0, 8.0)]
DOT = [(1.0, 1.0)]


def test_short_strokes_by_length_share_and_points() -> None:
    page = batch_of([LONG, SHORT, DOT])
    assert lines(stepped(ShortStrokesStep(min_length=3), page).drawings[0]) == [LONG, SHORT]
    assert lines(stepped(ShortStrokesStep(min_length=3.5), page).drawings[0]) == [LONG]
    assert lines(stepped(ShortStrokesStep(min_share=0.03), page).drawings[0]) == [LONG, SHORT]
    assert lines(stepped(ShortStrokesStep(min_share=0.04), page).drawings[0]) == [LONG]
    assert lines(stepped(ShortStrokesStep(min_points=2), page).drawings[0]) == [LONG, SHORT]
    assert lines(stepped(ShortStrokesStep(), page).drawings[0]) == [LONG, SHORT, DOT]


def test_a_drawing_without_strokes_goes_with_a_reason() -> None:
    done = stepped(ShortStrokesStep(min_length=10), batch_of([SHORT], [LONG]))
    assert done.sources == ["f#1"]
    assert done.reasons == {"no stroke is left": 1}
    assert [(one.source, one.step) for one in done.stats.rejected] == [("f#0", 0)]


@pytest.mark.parametrize(
    ("size", "kept", "reason"),
    [
        (SizeStep(min_strokes=2), ["f#0"], "fewer than 2 strokes"),
        (SizeStep(max_strokes=1), ["f#1"], "more than 1 stroke"),
        (SizeStep(min_points=4), ["f#0"], "fewer than 4 points"),
        (SizeStep(max_points=3), ["f#1"], "more than 3 points"),
        (SizeStep(min_side=61), [], "its longer side is below 61"),
        (SizeStep(min_area=1800.5), [], "the area of its box is below 1800.5"),
        (SizeStep(min_ink=91), ["f#0"], "its ink is shorter than 91"),
    ],
)
def test_drawings_of_the_wrong_size_go(size: SizeStep, kept: list[str], reason: str) -> None:
    done = stepped(size, batch_of([LONG, SHORT], [LONG]))
    assert done.sources == kept
    assert done.reasons == {reason: 2 - len(kept)}


def test_limits_are_inclusive() -> None:
    size = SizeStep(min_strokes=2, max_strokes=2, min_points=5, max_points=5, min_side=60, min_area=1800)
    assert stepped(size, batch_of([LONG, SHORT])).sources == ["f#0"]


def test_labels() -> None:
    page = batch_of([LONG], [LONG], [LONG], labels=["cat", "dog", None])
    assert stepped(LabelsStep(keep=("cat", "owl")), page).sources == ["f#0"]
    assert stepped(LabelsStep(exclude=("cat",)), page).sources == ["f#1", "f#2"]
    assert stepped(LabelsStep(exclude=("cat", "cow")), page).reasons == {"its label is cat": 1}
    assert stepped(LabelsStep(), page).sources == ["f#0", "f#1", "f#2"]


def test_wrong_settings_are_refused() -> None:
    for make in (
        lambda: ShortStrokesStep(min_share=2),
        lambda: ShortStrokesStep(min_length=-1),
        lambda: SizeStep(min_points=-1),
        lambda: SizeStep(min_side=float("nan")),
    ):
        with pytest.raises(ValueError, match="must be"):
            make()
