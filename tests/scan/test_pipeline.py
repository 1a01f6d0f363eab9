"""Stages of one page: what does not depend on a changed setting is not computed again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from limner.errors import LimnerError
from limner.scan import stages
from limner.scan.page import GreyPage
from limner.scan.pipeline import STAGES, ScanPipeline, Stage
from limner.scan.scan import scan_grey
from limner.scan.settings import (
    FinishingSettings,
    InkSettings,
    JoiningSettings,
    ScanSettings,
    SeparationSettings,
    StageSettings,
    TracingSettings,
)

if TYPE_CHECKING:
    from tests.scan.conftest import Inked

DASHES = ([[20, 60], [60, 60]], [[75, 60], [140, 60]], [[20, 100], [140, 100]])


def test_a_stage_keeps_its_last_result() -> None:
    calls: list[str] = []
    stage: Stage[list[int], int, list[int]] = Stage("sum", lambda before, extra: [*before, extra])
    before = [1]
    first = stage(before, 2, calls.append)
    assert stage(before, 2, calls.append) is first
    assert stage([1], 2, calls.append) is not first
    assert stage(before, 3, calls.append) == [1, 3]
    assert calls == ["sum", "sum", "sum"]


def test_later_stages_are_computed_again(inked: Inked) -> None:
    pipeline, computed = ScanPipeline(GreyPage(inked(*DASHES))), list[str]()
    settings = StageSettings()
    pipeline.read(settings, computed.append)
    assert computed == list(STAGES)
    for changed, first in (
        (replace(settings, finishing=FinishingSettings(tolerance_px=2)), "drawing"),
        (replace(settings, tracing=TracingSettings(single_line=True)), "traced"),
        (replace(settings, ink=InkSettings(strictness=1.1)), "ink"),
    ):
        pipeline.read(settings)
        computed.clear()
        pipeline.read(changed, computed.append)
        assert computed == list(STAGES[STAGES.index(first) :])


def test_an_interruption_loses_no_stage(inked: Inked) -> None:
    pipeline, computed = ScanPipeline(GreyPage(inked(*DASHES))), list[str]()

    def interrupt(stage: str) -> None:
        computed.append(stage)
        raise TimeoutError

    for _ in STAGES:
        with pytest.raises(TimeoutError):
            pipeline.read(StageSettings(), interrupt)
    pipeline.read(StageSettings(), interrupt)
    assert computed == list(STAGES)


def test_it_reads_as_scan_does(inked: Inked) -> None:
    settings = ScanSettings(tolerance_px=0.02, shortest_px=50)
    grey = inked(*DASHES)
    reading = ScanPipeline(GreyPage(grey)).read(settings.stages())
    assert reading.drawing == scan_grey(grey, settings, name="x").drawing
    assert reading.parts == (tuple(range(len(reading.drawing))),)


def test_a_reduced_page_is_read_in_pixels_of_the_picture(inked: Inked) -> None:
    grey = inked(*DASHES)
    small, large = (
        ScanPipeline(GreyPage(grey, reduction=n)).read(StageSettings()).result(0.0) for n in (1, 3)
    )
    assert (large.width, large.height) == (480, 360)
    assert large.pen_px == pytest.approx(3 * small.pen_px)
    np.testing.assert_allclose(large.drawing.bounds, 3 * np.array(small.drawing.bounds), atol=1)


def test_joining_and_separating(inked: Inked) -> None:
    pipeline = ScanPipeline(GreyPage(inked(*DASHES)))
    assert len(pipeline.read(StageSettings()).drawing) == 3
    joined = pipeline.read(StageSettings(joining=JoiningSettings(join_px=20)))
    assert len(joined.drawing) == 2
    parts = pipeline.read(StageSettings(separation=SeparationSettings(separate=True, gap_px=20))).parts
    assert sorted(map(len, parts)) == [1, 2]


def test_too_many_strokes_are_not_joined(inked: Inked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "MAX_JOINED", 2)
    pipeline = ScanPipeline(GreyPage(inked(*DASHES)))
    with pytest.raises(LimnerError, match="There are 3 strokes, and up to 2 are joined"):
        pipeline.read(StageSettings(joining=JoiningSettings(join_px=20)))
