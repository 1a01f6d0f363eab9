"""Leaving out short strokes."""

from __future__ import annotations

import pytest

from limner.strokes.drawing import Drawing
from limner.strokes.filters import without_minor, without_short

DRAWING = Drawing.from_polylines(([[0, 0], [90, 0]], [[0, 0], [3, 4]], [[5, 5]], [[0, 0], [0, 5]]))


@pytest.mark.parametrize(("length", "left"), [(0, 4), (0.1, 3), (5, 3), (5.1, 1), (91, 0)])
def test_short_strokes(length: float, left: int) -> None:
    assert len(without_short(DRAWING, length)) == left


@pytest.mark.parametrize(("share", "left"), [(0, 4), (0.05, 3), (0.06, 1), (1, 0)])
def test_minor_strokes(share: float, left: int) -> None:
    assert len(without_minor(DRAWING, share)) == left


def test_what_stays_keeps_its_order() -> None:
    assert without_short(DRAWING, 5).strokes[1].tolist() == [[0, 0], [3, 4]]


def test_wrong_values() -> None:
    with pytest.raises(ValueError, match="negative"):
        without_short(DRAWING, -1)
    with pytest.raises(ValueError, match="share"):
        without_minor(DRAWING, 1.5)
