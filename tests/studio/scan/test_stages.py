"""Stages of reading a page: what does not depend on a moved slider is not done again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.studio.scan.pictures import CURVE, DASHES, TWO, pixels

from limner.errors import LimnerError
from limner.scan.pipeline import STAGES
from limner.scan.scan import scan_grey
from limner.scan.settings import ScanSettings
from limner.scan.stages import parts_of
from limner.strokes.boxes import separated
from limner.studio.deadline import Deadline, DeadlineError
from limner.studio.scan.schemas import ScanOptions
from limner.studio.scan.stages import ScanCache

LONG = Deadline(1e9)  # however long the tests before took


class Counting(ScanCache):
    """A cache that notes which stages are computed."""

    def __init__(self, *strokes: Any, most_knots: int = 10_000, **options: Any) -> None:
        super().__init__(pixels(*strokes, **options).astype(np.float32), 1, "x.png", most_knots)
        self.done: list[str] = []

    def after_stage(self, stage: str, deadline: Deadline) -> None:
        self.done.append(stage)
        super().after_stage(stage, deadline)

    def again(self, **options: Any) -> list[str]:
        """Read with these settings and return which stages were computed."""
        self.done.clear()
        self.read(ScanOptions(**options), LONG)
        return list(self.done)


def test_all_stages_are_done_once() -> None:
    cache = Counting(CURVE)
    assert cache.again() == list(STAGES)
    assert cache.again() == []
    cache.ink(ScanOptions(), LONG)
    assert cache.done == []


@pytest.mark.parametrize(
    ("setting", "first"),
    [
        ({"threshold": 1.2}, "ink"),
        ({"ruling": "keep"}, "ink"),
        ({"pen": 1.5}, "cleaned"),
        ({"drop_marks": True}, "cleaned"),
        ({"single_line": True}, "traced"),
        ({"join_px": 15}, "joined"),
        ({"splice_px": 15}, "spliced"),
        ({"tolerance_px": 2}, "drawing"),
        ({"shortest_px": 5}, "drawing"),
        ({"separate": True}, "parts"),
        ({"gap_px": 20, "separate": True}, "parts"),
    ],
)
def test_a_slider_does_again_what_depends_on_it(setting: dict[str, Any], first: str) -> None:
    cache = Counting(*DASHES)
    cache.again()
    stages = list(STAGES)
    assert cache.again(**setting) == stages[stages.index(first) :]


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(
    tolerance=st.floats(0.1, 5),
    shortest=st.floats(0, 60),
    single_line=st.booleans(),
    drop_marks=st.booleans(),
    factor=st.sampled_from([1.0, 0.5]),
)
def test_the_same_as_limner_scan(
    tolerance: float, shortest: float, single_line: bool, drop_marks: bool, factor: float
) -> None:
    """Also if many other settings were tried before on the same page."""
    grey = pixels(CURVE, [[10, 110], [60, 112]], pen_px=3 * factor).astype(np.float32)
    wanted = scan_grey(grey, ScanSettings(single_line, tolerance, shortest, drop_marks), name="x")
    cache = ScanCache(grey, 1, "x", 10_000)
    cache.read(ScanOptions(join_px=30, threshold=1.3), LONG)
    options = ScanOptions(
        tolerance_px=tolerance, shortest_px=shortest, single_line=single_line, drop_marks=drop_marks
    )
    found = cache.read(options, LONG).result
    assert found.drawing == wanted.drawing
    assert (found.to_svg(), found.warnings) == (wanted.to_svg(), wanted.warnings)


def test_joining_and_splicing() -> None:
    assert len(Counting(*DASHES).read(ScanOptions(join_px=14), LONG).result.drawing) == 1
    near = [[[20, 60], [140, 60]], [[70, 52], [84, 30], [92, 52]]]
    assert len(Counting(*near).read(ScanOptions(), LONG).result.drawing) == 2
    whole = Counting(*near).read(ScanOptions(splice_px=50), LONG).result.drawing
    assert len(whole) == 1


def test_threshold_decides_about_faint_lines() -> None:
    grey = pixels(CURVE).astype(np.float32)
    faint = pixels([[10, 110], [150, 112]]).astype(np.float32)
    page = np.minimum(grey, 255 - 0.4 * (255 - faint))
    cache = ScanCache(page, 1, "x", 10_000)
    strict, lenient = (len(cache.read(ScanOptions(threshold=t), LONG).result.drawing) for t in (2.0, 0.5))
    assert (strict, lenient) == (1, 2)


def test_the_pen_decides_about_specks() -> None:
    cache = Counting(CURVE, [[20, 105], [23, 105]])
    narrow, wide = (len(cache.read(ScanOptions(pen=p), LONG).result.drawing) for p in (0.5, 3.0))
    assert (narrow, wide) == (2, 1)


def test_large_pages_are_looked_at_smaller() -> None:
    small = pixels(CURVE).astype(np.float32)
    found = ScanCache(small, 3, "x", 10_000).read(ScanOptions(), LONG)
    assert (found.result.width, found.result.height) == (480, 360)
    assert found.result.warnings == ("looked at 3 times smaller",)
    wanted = scan_grey(small, name="x").drawing
    np.testing.assert_allclose(found.result.drawing.bounds, 3 * np.array(wanted.bounds), atol=2)


def test_too_much_is_refused() -> None:
    cache = Counting(CURVE, [[20, 20], [140, 100]], most_knots=3)
    with pytest.raises(LimnerError, match="up to 3 are followed"):
        cache.read(ScanOptions(), LONG)


def test_time_is_bounded_and_nothing_done_is_lost() -> None:
    cache = Counting(CURVE)
    for stage in STAGES:  # each attempt gets one stage further
        with pytest.raises(DeadlineError):
            cache.read(ScanOptions(), Deadline(-1))
        assert cache.done[-1] == stage
    cache.done.clear()
    cache.read(ScanOptions(), LONG)
    assert cache.done == []


def test_parts_are_the_groups_of_strokes() -> None:
    drawing = Counting(*TWO, *TWO[:1]).read(ScanOptions(), LONG).result.drawing
    parts = parts_of(drawing, 0.0)
    assert sorted(i for part in parts for i in part) == list(range(len(drawing)))
    for part, piece in zip(parts, separated(drawing), strict=True):
        for number, stroke in zip(part, piece, strict=True):
            np.testing.assert_array_equal(drawing.strokes[number], stroke)
