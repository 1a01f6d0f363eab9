from __future__ import annotations

import pytest
from tests.recipes.kit import batch_of, lines, stepped

from limner.recipes.steps.size import Labels, ShortStrokes, Size

LONG = [(0.0, 0.0), (30.0, 0.0), (30.0, 60.0)]
SHORT = [(5.0, 5.0), (5.0, 8.0)]
DOT = [(1.0, 1.0)]


def test_short_strokes_by_length_share_and_points() -> None:
    page = batch_of([LONG, SHORT, DOT])
    assert lines(stepped(ShortStrokes(min_length=3), page).drawings[0]) == [LONG, SHORT]
    assert lines(stepped(ShortStrokes(min_length=3.5), page).drawings[0]) == [LONG]
    assert lines(stepped(ShortStrokes(min_share=0.03), page).drawings[0]) == [LONG, SHORT]
    assert lines(stepped(ShortStrokes(min_share=0.04), page).drawings[0]) == [LONG]
    assert lines(stepped(ShortStrokes(min_points=2), page).drawings[0]) == [LONG, SHORT]
    assert lines(stepped(ShortStrokes(), page).drawings[0]) == [LONG, SHORT, DOT]


def test_a_drawing_without_strokes_goes_with_a_reason() -> None:
    done = stepped(ShortStrokes(min_length=10), batch_of([SHORT], [LONG]))
    assert done.sources == ["f#1"]
    assert done.reasons == {"no stroke is left": 1}
    assert [(one.source, one.step) for one in done.tally.rejected] == [("f#0", 0)]


@pytest.mark.parametrize(
    ("size", "kept", "reason"),
    [
        (Size(min_strokes=2), ["f#0"], "fewer than 2 strokes"),
        (Size(max_strokes=1), ["f#1"], "more than 1 stroke"),
        (Size(min_points=4), ["f#0"], "fewer than 4 points"),
        (Size(max_points=3), ["f#1"], "more than 3 points"),
        (Size(min_side=61), [], "its longer side is below 61"),
        (Size(min_area=1800.5), [], "the area of its box is below 1800.5"),
        (Size(min_ink=91), ["f#0"], "its ink is shorter than 91"),
    ],
)
def test_drawings_of_the_wrong_size_go(size: Size, kept: list[str], reason: str) -> None:
    done = stepped(size, batch_of([LONG, SHORT], [LONG]))
    assert done.sources == kept
    assert done.reasons == {reason: 2 - len(kept)}


def test_limits_are_inclusive() -> None:
    size = Size(min_strokes=2, max_strokes=2, min_points=5, max_points=5, min_side=60, min_area=1800)
    assert stepped(size, batch_of([LONG, SHORT])).sources == ["f#0"]


def test_labels() -> None:
    page = batch_of([LONG], [LONG], [LONG], labels=["cat", "dog", None])
    assert stepped(Labels(keep=("cat", "owl")), page).sources == ["f#0"]
    assert stepped(Labels(exclude=("cat",)), page).sources == ["f#1", "f#2"]
    assert stepped(Labels(exclude=("cat", "cow")), page).reasons == {"its label is cat": 1}
    assert stepped(Labels(), page).sources == ["f#0", "f#1", "f#2"]


def test_wrong_settings_are_refused() -> None:
    for make in (
        lambda: ShortStrokes(min_share=2),
        lambda: ShortStrokes(min_length=-1),
        lambda: Size(min_points=-1),
        lambda: Size(min_side=float("nan")),
    ):
        with pytest.raises(ValueError, match="must be"):
            make()
