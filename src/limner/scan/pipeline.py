"""``ScanPipeline``: the stages from a page to drawings, each with its last result.

ink -> cleaned -> tracer -> traced -> fine -> joined -> spliced -> drawing -> mended -> parts

The command line reads a page once; the studio reads it again with every changed setting, and only the stages
that depend on it, and those after them, are computed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from limner.scan.ink_map import map_ink
from limner.scan.junction_choices import fix_tolerance
from limner.scan.notes import notes_on, notes_on_fixes
from limner.scan.result import ScanResult
from limner.scan.settings import FINE_PX
from limner.scan.stages import (
    Asked,
    StrokeFixes,
    clean_page,
    finish_drawing,
    join_strokes,
    mend_drawing,
    open_tracer,
    separate_drawings,
    simplify_finely,
    splice_strokes,
    trace_page,
)
from limner.scan.stroke_widths import stroke_widths

if TYPE_CHECKING:
    from collections.abc import Callable

    from limner.scan.ink_map import InkMap
    from limner.scan.page import GreyPage
    from limner.scan.settings import StageSettings
    from limner.scan.stages import CleanPage, PageStrokes
    from limner.strokes.drawing import Drawing

In = TypeVar("In")
Setting = TypeVar("Setting")
Out = TypeVar("Out")

STAGES = ("ink", "cleaned", "tracer", "traced", "fine", "joined", "spliced", "drawing", "mended", "parts")
"""Names of the stages, in order."""


@dataclass(frozen=True)
class PageReading:
    """What the stages found on a page."""

    ink_map: InkMap
    cleaned: CleanPage
    traced: PageStrokes
    drawing: Drawing
    """In pixels of the picture."""
    parts: tuple[tuple[int, ...], ...]
    """For each drawing on the page the numbers of its strokes."""
    fixed: int = 0
    """Number of the fixes that were made by hand."""
    unmet: int = 0
    """How many of them found nothing."""

    def result(self, seconds: float) -> ScanResult:
        """Return the result of a scan that took so long."""
        ink_map, traced = self.ink_map, self.traced
        width, height = ink_map.page.size
        notes = notes_on(ink_map, self.cleaned.cleaned, traced.filled_areas, len(self.drawing))
        notes += notes_on_fixes(self.fixed, self.unmet)
        return ScanResult(
            drawing=self.drawing,
            width=width,
            height=height,
            pen_px=traced.pen_px,
            method=ink_map.ink.method,
            seconds=seconds,
            ruling=ink_map.ruling,
            warnings=notes,
            junctions=traced.junctions,
            widths=stroke_widths(self.drawing, ink_map, traced.pen_px),
            fixed=self.fixed - self.unmet,
        )


class Stage(Generic[In, Setting, Out]):
    """A function of what the stage before returned and of a setting; keeps its last result.

    Parameters
    ----------
    name : str
    function : callable
    """

    def __init__(self, name: str, function: Callable[[In, Setting], Out]) -> None:
        self.name, self._function = name, function
        self._last: tuple[In, Setting, Out] | None = None

    def __call__(self, before: In, setting: Setting, after_stage: Callable[[str], None]) -> Out:
        """Return the result, computed again unless both arguments are those of the last call.

        Parameters
        ----------
        before : object
            Compared by identity: a stage that is not computed again returns the same object.
        setting : object
            Compared by value.
        after_stage : callable
            Called with the name of the stage after it was computed, when its result is kept already.
        """
        if self._last is not None and self._last[0] is before and self._last[1] == setting:
            return self._last[2]
        result = self._function(before, setting)
        self._last = (before, setting, result)
        after_stage(self.name)
        return result


class ScanPipeline:
    """The stages of one page.

    Parameters
    ----------
    page : GreyPage
    """

    def __init__(self, page: GreyPage) -> None:
        self.page = page
        self._ink = Stage("ink", map_ink)
        self._cleaned = Stage("cleaned", clean_page)
        self._tracer = Stage("tracer", open_tracer)
        self._traced = Stage("traced", trace_page)
        self._fine = Stage("fine", simplify_finely)
        self._joined = Stage("joined", join_strokes)
        self._spliced = Stage("spliced", splice_strokes)
        self._drawing = Stage("drawing", finish_drawing)
        self._mended = Stage("mended", mend_drawing)
        self._parts = Stage("parts", separate_drawings)

    def clean(
        self, settings: StageSettings, after_stage: Callable[[str], None] = lambda _: None
    ) -> CleanPage:
        """Return the ink of the drawing; see :meth:`read`."""
        ink_map = self._ink(self.page, settings.ink, after_stage)
        return self._cleaned(ink_map, settings.cleaning, after_stage)

    def read(
        self, settings: StageSettings, after_stage: Callable[[str], None] = lambda _: None
    ) -> PageReading:
        """Read the page.

        Parameters
        ----------
        settings : StageSettings
        after_stage : callable, optional
            Called with the name of each stage that was computed; may raise, which loses no result.

        Raises
        ------
        DataError
            If there is no drawing on the page, or too much.
        LimnerError
            If there are too many strokes to be joined, spliced or separated, or there is no such tracer.
        """
        cleaned = self.clean(settings, after_stage)
        tracer = self._tracer(cleaned, settings.tracing.tracer, after_stage)
        traced = self._traced(tracer, Asked(settings.tracing.single_line, settings.fixes.wishes), after_stage)
        fine = self._fine(traced, min(FINE_PX, settings.finishing.tolerance_px), after_stage)
        joined = self._joined(fine, settings.joining.join_px, after_stage)
        spliced = self._spliced(joined, settings.joining.splice_px, after_stage)
        drawing = self._drawing(spliced, settings.finishing, after_stage)
        asked = StrokeFixes(settings.fixes.of_strokes, fix_tolerance(traced.pen_px))
        mended = self._mended(drawing, asked, after_stage)
        parts = self._parts(mended, settings.separation, after_stage)
        fixed, unmet = len(settings.fixes.fixes), traced.unmet + mended.unmet
        return PageReading(cleaned.ink_map, cleaned, traced, mended.drawing, parts, fixed, unmet)
