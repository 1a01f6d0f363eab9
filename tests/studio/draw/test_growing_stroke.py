"""What was drawn keeps its points while a stroke grows, and they are about as many as of the whole stroke."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.sampling.page_frame import Frame, to_model_rows
from limner.strokes.chamfer import point_set_chamfer
from limner.strokes.drawing import Drawing
from limner.studio.draw.growing_stroke import growing_rows

FRAME = Frame((3.0, -2.0), 5.0, 1.0)


def _scribble(n: int = 400) -> NDArray[np.float32]:
    t = np.linspace(0, 9, n)
    return np.column_stack([40 * t + 30 * np.sin(3 * t), 60 * np.cos(2 * t)]).astype(np.float32)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_points_stay_while_the_stroke_grows(share: float) -> None:
    stroke = _scribble()
    whole = growing_rows(Drawing((stroke,)), FRAME)
    part = growing_rows(Drawing((stroke[: int(share * len(stroke))],)), FRAME)
    kept = len(part) - 3  # the last ones may move
    np.testing.assert_array_equal(part[:kept, :2], whole[:kept, :2])


def test_about_as_many_points_as_of_the_whole_stroke() -> None:
    drawing = Drawing((_scribble(), _scribble(200) + np.float32(9)))
    rows, whole = growing_rows(drawing, FRAME), to_model_rows(drawing, FRAME)
    assert rows[:, 2].sum() == 2
    assert 0.7 < len(rows) / len(whole) < 1.3
    there, simple = (np.cumsum(one[:, :2].astype(float), axis=0) for one in (rows, whole))
    assert point_set_chamfer(there, simple) < 3.0
    np.testing.assert_allclose(there[-1], simple[-1], atol=1e-3)


def test_small_strokes() -> None:
    dot, line = np.zeros((1, 2), np.float32), np.array([[0, 0], [4, 4]], np.float32)
    drawing = Drawing((dot, line, np.repeat(dot, 5, axis=0)))
    np.testing.assert_allclose(growing_rows(drawing, FRAME)[:3], to_model_rows(drawing, FRAME)[:3])
    straight = np.column_stack([np.linspace(0, 500, 100), np.zeros(100)]).astype(np.float32)
    assert len(growing_rows(Drawing((straight,)), FRAME)) == 2
