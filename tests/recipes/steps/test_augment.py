from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.recipes.kit import doodles, lines, stepped

from limner.recipes.steps.augment import AugmentStep, reversed_where
from limner.strokes.packed import PackedStrokes

STILL = AugmentStep(copies=1, rotate_deg=0, stretch=0, mirror=0, drop_points=0)


def changed(**settings: float) -> AugmentStep:
    return replace(STILL, **settings)  # type: ignore[arg-type]


def test_train_alone_gets_copies_and_originals_stay() -> None:
    batch = doodles(3)
    done = stepped(AugmentStep(copies=2), batch, splits=[0, 1, 2])
    assert done.sources == ["f#0", "f#0/copy-1", "f#0/copy-2", "f#1", "f#2"]
    before = stepped(AugmentStep(copies=0), batch, splits=[0, 1, 2]).drawings
    assert [done.drawings[i] == before[k] for i, k in ((0, 0), (3, 1), (4, 2))] == [True] * 3
    assert done.drawings[1] != done.drawings[0] != done.drawings[2] != done.drawings[1]
    made = done.state.to_batch()
    assert made.pages == ["f#0", "f#0", "f#0", "f#1", "f#2"]
    assert made.splits.tolist() == [0, 0, 0, 1, 2]


def test_a_copy_without_changes_is_equal() -> None:
    done = stepped(STILL, doodles(4), splits=[0] * 4)
    for i in range(0, 8, 2):
        np.testing.assert_allclose(done.drawings[i].points, done.drawings[i + 1].points, atol=1e-4)


def test_copies_do_not_depend_on_their_neighbours() -> None:
    batch = doodles(6)
    step = AugmentStep(copies=2, reverse=0.5, reorder=0.5)
    whole = stepped(step, batch, splits=[0] * 6)
    alone = stepped(step, batch.take([4]), splits=[0])
    assert whole.drawings[12:15] == alone.drawings
    assert stepped(step, batch, splits=[0] * 6, seed=9).drawings[1] != whole.drawings[1]


def test_rotation_keeps_lengths_and_stretching_keeps_to_its_limits() -> None:
    done = stepped(changed(rotate_deg=30), doodles(8), splits=[0] * 8)
    for one, copy in zip(done.drawings[::2], done.drawings[1::2], strict=True):
        assert copy.ink_length == pytest.approx(one.ink_length, rel=1e-4)
    done = stepped(changed(stretch=0.2), doodles(8), splits=[0] * 8)
    extents = done.state.packed.extents
    ratio = extents[1::2] / extents[::2]
    assert ((ratio > 0.79) & (ratio < 1.21)).all()
    assert len(np.unique(ratio.round(4))) == 16


def test_mirrored_copies() -> None:
    done = stepped(changed(mirror=1.0), doodles(3), splits=[0] * 3)
    for one, copy in zip(done.drawings[::2], done.drawings[1::2], strict=True):
        left, _, right, _ = one.bounds
        np.testing.assert_allclose(copy.points[:, 0], left + right - one.points[:, 0], atol=1e-3)
        np.testing.assert_allclose(copy.points[:, 1], one.points[:, 1], atol=1e-3)


def test_reversal_keeps_strokes_whole() -> None:
    done = stepped(changed(reverse=1.0), doodles(5), splits=[0] * 5)
    for one, copy in zip(done.drawings[::2], done.drawings[1::2], strict=True):
        assert len(one) == len(copy)
        for a, b in zip(one, copy.strokes[::-1], strict=True):
            np.testing.assert_allclose(a, b[::-1], atol=1e-4)


def test_only_some_are_reversed() -> None:
    packed = PackedStrokes(np.arange(10.0).reshape(5, 2), np.array([2, 1, 2]), np.array([2, 1]))
    assert reversed_where(packed, np.array([True, False])).points[:, 0].tolist() == [4, 2, 0, 6, 8]
    assert reversed_where(packed, np.array([True, False])).lengths.tolist() == [1, 2, 2]


def test_reordered_strokes_are_the_same_strokes() -> None:
    done = stepped(changed(reorder=1.0), doodles(60), splits=[0] * 60)
    moved = 0
    for one, copy in zip(done.drawings[::2], done.drawings[1::2], strict=True):
        before, after = (
            [[(round(x, 2), round(y, 2)) for x, y in line] for line in lines(d)] for d in (one, copy)
        )
        assert sorted(before) == sorted(after)
        moved += before != after
    assert moved > 10


def test_dropped_points_leave_the_first_three_and_the_last_of_a_stroke() -> None:
    done = stepped(changed(drop_points=1.0), doodles(5), splits=[0] * 5)
    for one, copy in zip(done.drawings[::2], done.drawings[1::2], strict=True):
        assert [len(stroke) for stroke in copy] == [min(len(stroke), 4) for stroke in one]
        for a, b in zip(one, copy, strict=True):
            np.testing.assert_allclose(b[-1], a[-1], atol=1e-4)
            np.testing.assert_allclose(b[:3], a[:3], atol=1e-4)


def test_wrong_settings_are_refused() -> None:
    for wrong in ({"copies": -1}, {"mirror": 2.0}, {"stretch": 1.0}):
        with pytest.raises(ValueError, match="must be"):
            changed(**wrong)
