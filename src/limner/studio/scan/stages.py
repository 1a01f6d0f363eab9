"""One page of the Scan room: the pipeline of :mod:`limner.scan.pipeline`, within a time limit.

With every setting at its default the drawing is that of :func:`limner.scan.scan.scan`.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from limner.errors import LimnerError
from limner.scan.fixes import NO_FIXES, PageFixes
from limner.scan.fixes_file import NOTHING_FIXED, PictureFixes
from limner.scan.page import GreyPage
from limner.scan.pipeline import PageReading, ScanPipeline
from limner.scan.result import ScanResult
from limner.scan.settings import (
    CleaningSettings,
    FinishingSettings,
    InkSettings,
    JoiningSettings,
    SeparationSettings,
    StageSettings,
    TracingSettings,
)

if TYPE_CHECKING:
    from limner.strokes.drawing import Drawing
    from limner.studio.deadline import Deadline
    from limner.studio.scan.schemas import ScanOptions

Grey: TypeAlias = NDArray[np.float32]
"""A page from 0 (black) to 255 (white), ``(H, W)``."""


@dataclass(frozen=True)
class ScanOutcome:
    """What was read from a page."""

    result: ScanResult
    parts: tuple[tuple[int, ...], ...]
    """For each drawing on the page the numbers of its strokes."""

    def drawing(self, part: int) -> Drawing:
        """Return one of the drawings."""
        whole = self.result.drawing
        return whole.replace(strokes=tuple(whole.strokes[i] for i in self.parts[part]))


def stage_settings(options: ScanOptions, fixes: PageFixes = NO_FIXES) -> StageSettings:
    """Return what a page of the browser asks for as settings of the stages."""
    return StageSettings(
        fixes=fixes,
        ink=InkSettings(strictness=options.threshold, ruling=options.ruling),
        cleaning=CleaningSettings(pen_scale=options.pen, drop_marks=options.drop_marks),
        tracing=TracingSettings(single_line=options.single_line),
        joining=JoiningSettings(join_px=options.join_px, splice_px=options.splice_px),
        finishing=FinishingSettings(tolerance_px=options.tolerance_px, shortest_px=options.shortest_px),
        separation=SeparationSettings(separate=options.separate, gap_px=options.gap_px),
    )


class ScanCache:
    """One page, and the last result of each stage; one request at a time.

    Parameters
    ----------
    grey : float32 array of shape ``(H, W)``
    reduction : int
        How many times smaller than the picture the page is.
    name : str
        Of the picture, for sentences.
    max_nodes : int
        Limit of the pixels in which lines end or meet.
    """

    def __init__(self, grey: Grey, reduction: int, name: str, max_nodes: int) -> None:
        self.page = GreyPage(grey, name, reduction, max_nodes)
        self._pipeline = ScanPipeline(self.page)
        self._lock = threading.Lock()

    def read(
        self, options: ScanOptions, deadline: Deadline, fixes: PictureFixes = NOTHING_FIXED
    ) -> ScanOutcome:
        """Read the page, and apply the fixes of its picture.

        Raises
        ------
        LimnerError
            If there is no drawing on it, or too much.
        OvertimeError
            If the deadline has passed after a stage; stages that were computed are kept.
        """
        with self._lock:
            began = time.perf_counter()
            reading = self._pipeline.read(
                stage_settings(options, fixes.of_page(options.page, self.page.size)),
                lambda stage: self.after_stage(stage, deadline),
            )
            if not len(reading.drawing):
                raise LimnerError(self._why_empty(options, reading))
            result = reading.result(time.perf_counter() - began)
            if self.page.reduction > 1:
                smaller = f"looked at {self.page.reduction} times smaller"
                result = replace(result, warnings=(*result.warnings, smaller))
            return ScanOutcome(result, reading.parts)

    def _why_empty(self, options: ScanOptions, reading: PageReading) -> str:
        if reading.fixed > reading.unmet:
            return f"{self.page.name}: all strokes were deleted; undo."
        return f"{self.page.name}: all strokes are shorter than {options.shortest_px:g} pixels."

    def ink(self, options: ScanOptions, deadline: Deadline) -> NDArray[np.bool_]:
        """Return the ink that is traced: a mask of a whole multiple of the page's size."""
        with self._lock:
            page = self._pipeline.clean(
                stage_settings(options), lambda stage: self.after_stage(stage, deadline)
            )
            return page.cleaned.mask

    def after_stage(self, stage: str, deadline: Deadline) -> None:  # noqa: ARG002 - for those who watch
        """Check the time after a stage was computed."""
        deadline.check()
