"""Fixes of strokes: pure functions that find strokes by their trails."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.scan.fixes import DeleteFix, JoinFix, OrderFix, ReverseFix, SplitFix, StrokeFix
from limner.scan.mend import find_stroke, mend, trail_of
from limner.strokes.geometry import arc_lengths

NEAR_PX = 5.0
Strokes = list[np.ndarray]


@st.composite
def far_apart(draw: st.DrawFn) -> Strokes:
    """Draw open strokes, each in a place of its own, so that a trail names one alone."""
    strokes = []
    for number in range(draw(st.integers(1, 5))):
        length = draw(st.integers(2, 6))
        rise = draw(st.lists(st.integers(-30, 30), min_size=length, max_size=length))
        points = [[100 * number * 10 + 40 * k, y] for k, y in enumerate(rise)]
        strokes.append(np.array(points, np.float32))
    return strokes


def same(one: Strokes, two: Strokes) -> bool:
    return len(one) == len(two) and all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@settings(max_examples=40, deadline=None)
@given(far_apart(), st.integers(0, 2**31), st.booleans())
def test_a_trail_names_its_stroke_even_after_it_has_moved_a_little(
    strokes: Strokes, seed: int, backwards: bool
) -> None:
    rng = np.random.default_rng(seed)
    number = int(rng.integers(len(strokes)))
    trail = trail_of(strokes[number])
    moved = [s + rng.uniform(-1, 1, s.shape).astype(np.float32) for s in strokes]
    if backwards:
        moved[number] = moved[number][::-1]
    found = find_stroke(moved, trail, NEAR_PX)
    assert found is not None
    assert tuple(found) == (number, backwards)
    assert find_stroke([s + np.float32(500) for s in strokes[:1]], trail_of(strokes[0]), NEAR_PX) is None


@settings(max_examples=30, deadline=None)
@given(far_apart(), st.data())
def test_what_is_reversed_stays_so(strokes: Strokes, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(strokes) - 1))
    fix = ReverseFix(trail_of(strokes[number]))
    once = mend(strokes, [fix], NEAR_PX)
    assert not once.unmet
    assert np.array_equal(once.strokes[number], strokes[number][::-1])
    assert same(mend(once.strokes, [fix], NEAR_PX).strokes, once.strokes)
    assert same(mend(once.strokes, [ReverseFix(trail_of(once.strokes[number]))], NEAR_PX).strokes, strokes)


@settings(max_examples=30, deadline=None)
@given(far_apart(), st.data())
def test_what_is_split_can_be_joined_again(strokes: Strokes, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(strokes) - 1))
    share = data.draw(st.floats(0.2, 0.8))
    stroke = strokes[number]
    at = stroke[0] + share * (stroke[1] - stroke[0])
    halves = mend(strokes, [SplitFix(trail_of(stroke), (float(at[0]), float(at[1])))], NEAR_PX)
    assert not halves.unmet
    one, two = halves.strokes[number : number + 2]
    assert len(halves.strokes) == len(strokes) + 1
    assert np.array_equal(one[-1], two[0])
    whole = mend(halves.strokes, [JoinFix(trail_of(one), trail_of(two))], 0.5)
    assert len(whole.strokes) == len(strokes)
    assert arc_lengths(whole.strokes[number])[-1] == pytest.approx(arc_lengths(stroke)[-1], rel=1e-4)
    assert np.array_equal(whole.strokes[number][[0, -1]], stroke[[0, -1]])


@settings(max_examples=30, deadline=None)
@given(far_apart(), st.data())
def test_deleting_and_ordering_change_nothing_else(strokes: Strokes, data: st.DataObject) -> None:
    number, after = (data.draw(st.integers(0, len(strokes) - 1)) for _ in range(2))
    others = strokes[:number] + strokes[number + 1 :]
    assert same(mend(strokes, [DeleteFix(trail_of(strokes[number]))], NEAR_PX).strokes, others)
    first = mend(strokes, [OrderFix(trail_of(strokes[number]))], NEAR_PX).strokes
    assert same(first, [strokes[number], *others])
    if after != number:
        fix = OrderFix(trail_of(strokes[number]), trail_of(strokes[after]))
        ordered = mend(strokes, [fix], NEAR_PX).strokes
        place = next(k for k, stroke in enumerate(ordered) if stroke is strokes[after])
        assert ordered[place + 1] is strokes[number]
        assert same([s for s in ordered if s is not strokes[number]], others)


@settings(max_examples=30, deadline=None)
@given(far_apart(), st.sampled_from(["join", "split", "reverse", "delete", "order"]))
def test_fixes_that_find_nothing_change_nothing(strokes: Strokes, kind: str) -> None:
    away = trail_of(strokes[0] + np.float32(300))
    fixes: dict[str, StrokeFix] = {
        "join": JoinFix(trail_of(strokes[0]), away),
        "split": SplitFix(away, away[1]),
        "reverse": ReverseFix(away),
        "delete": DeleteFix(away),
        "order": OrderFix(trail_of(strokes[0]), away),
    }
    mended = mend(strokes, [fixes[kind]], NEAR_PX)
    assert same(mended.strokes, strokes)
    assert mended.unmet == [fixes[kind]]


def test_joining_turns_strokes_as_it_must() -> None:
    one, two = (np.array(points, np.float32) for points in ([[0, 0], [50, 0]], [[90, 40], [60, 5]]))
    fix = JoinFix(trail_of(one), trail_of(two[::-1]))
    (whole,) = mend([one, two], [fix], NEAR_PX).strokes
    assert whole.tolist() == [[0, 0], [50, 0], [60, 5], [90, 40]]
    (whole,) = mend([two, one], [fix], NEAR_PX).strokes
    assert whole.tolist() == [[0, 0], [50, 0], [60, 5], [90, 40]]


def test_a_stroke_is_closed_by_joining_it_to_itself_and_opened_by_splitting() -> None:
    stroke = np.array([[0, 0], [60, 0], [60, 60], [0, 60]], np.float32)
    (ring,) = mend([stroke], [JoinFix(trail_of(stroke), trail_of(stroke))], NEAR_PX).strokes
    assert (ring[0] == ring[-1]).all()
    assert len(ring) == 5
    assert mend([ring], [JoinFix(trail_of(ring), trail_of(ring))], NEAR_PX).unmet
    (turned,) = mend([ring], [SplitFix(trail_of(ring), (60, 30))], NEAR_PX).strokes
    assert turned[0].tolist() == turned[-1].tolist() == [60, 30]
    assert arc_lengths(turned)[-1] == arc_lengths(ring)[-1]


def test_nothing_is_split_at_its_end() -> None:
    stroke = np.array([[0, 0], [60, 0]], np.float32)
    dot = np.array([[200, 0]], np.float32)
    fixes = [
        SplitFix(trail_of(stroke), (0, 0)),
        SplitFix(trail_of(stroke), (30, 9)),
        SplitFix(trail_of(dot), (200, 0)),
    ]
    assert mend([stroke, dot], fixes, NEAR_PX).unmet == fixes
