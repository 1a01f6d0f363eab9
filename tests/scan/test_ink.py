"""The tool that makes truth, and its measures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.scan.ink import Paper, any_paper, known_drawings, merged_count, nearness, on_paper

from limner.strokes.drawing import Drawing
from limner.strokes.geometry import translated

LINE = Drawing.from_polylines(([[10, 10], [90, 10]], [[50, 30], [50, 60]]))


def test_the_truth_is_the_same() -> None:
    near = nearness(LINE, LINE, touch_px=3)
    assert (near.recall, near.precision, near.distance) == (1, 1, 0)
    assert (near.length_ratio, near.stroke_ratio) == (1, 1)


def test_a_shift_is_a_distance() -> None:
    flat = Drawing.from_polylines(LINE.strokes[:1])
    near = nearness(flat, translated(flat, 0, 1.5), touch_px=3)
    assert near.distance == pytest.approx(1.5, abs=0.05)
    assert near.recall == near.precision == 1
    assert nearness(LINE, translated(LINE, 0, 40), touch_px=3).recall < 0.4


def test_what_is_missing_and_what_is_too_much() -> None:
    half = LINE.replace(strokes=LINE.strokes[:1])
    assert nearness(LINE, half, touch_px=3).recall == pytest.approx(80 / 110, abs=0.02)
    assert nearness(half, LINE, touch_px=3).precision == pytest.approx(80 / 110, abs=0.04)
    assert nearness(half, LINE, touch_px=3).stroke_ratio == 2
    assert nearness(LINE, Drawing.from_polylines(()), touch_px=3).recall == 0


def test_strokes_that_touch_end_to_end_are_one() -> None:
    chain = Drawing.from_polylines(
        ([[0, 0], [9, 0]], [[10, 0], [20, 0]], [[20, 0], [20, 9]], [[10, 0], [10, 9]])
    )
    assert merged_count(chain, 2) == 2
    assert merged_count(chain, 0.5) == 2
    apart = translated(chain.replace(strokes=chain.strokes[:2]), 5, 5)
    assert (merged_count(apart, 2), merged_count(apart, 0.5)) == (1, 2)


def test_ink_lies_where_the_truth_says() -> None:
    image, truth = on_paper(LINE, Paper(side_px=200, pen_px=4), np.random.default_rng(0))
    dark = 255 - np.asarray(image.convert("L"), float)
    y, x = np.nonzero(dark > 100)
    assert np.hypot(*(np.array([x.mean(), y.mean()]) + 0.5 - [truth.bounds[2] / 2, 30])) < 60
    start = truth.strokes[0][0]
    assert dark[int(start[1]), int(start[0]) + 2] > 200
    assert max(image.size) == 200


@pytest.mark.parametrize("seed", range(3))
def test_papers_are_pictures(seed: int) -> None:
    rng = np.random.default_rng(seed)
    paper = any_paper(rng)
    image, truth = on_paper(LINE, paper, rng)
    assert image.mode == "RGB"
    assert len(truth) == 2
    assert 2 <= paper.pen_px <= 5


@pytest.mark.slow
def test_known_drawings_are_of_three_kinds(data_dir: Path) -> None:
    found = list(known_drawings(data_dir, 6, np.random.default_rng(0)))
    assert [kind for kind, _ in found] == ["sheep", "kanji", "quickdraw"] * 2
    assert all(len(drawing) for _, drawing in found)
