"""Settings of a scan: as a person gives them, and as each stage of the pipeline takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, get_args

from limner.scan.fixes import NO_FIXES, PageFixes

RulingChoice = Literal["auto", "keep"]
FixesChoice = Literal["apply", "ignore"]

FINE_PX = 0.1
"""Strokes are simplified by this much before they are joined and spliced, or by a smaller tolerance."""

DEFAULT_TRACER = "skeleton"
"""The tracer that comes with limner; see :mod:`limner.scan.tracers`."""


@dataclass(frozen=True)
class ScanSettings:
    """How pictures are read.

    Raises
    ------
    ValueError
        If a length is negative or not finite, or ``ruling`` or ``fixes`` is none of its choices.
    """

    single_line: bool = False
    """One stroke for each connected figure, with as little ink drawn twice as can be."""
    tolerance_px: float = 0.4
    """How far strokes may leave the middle of the ink for the sake of fewer points."""
    shortest_px: float = 0.0
    """Strokes shorter than this are left out; dots have no length."""
    drop_marks: bool = False
    """Leave out small marks far from the drawing, such as page numbers and dates."""

    ruling: RulingChoice = "auto"
    """Printed lines, squares and dots are left out where they are found (auto), or kept."""
    tracer: str = DEFAULT_TRACER
    """How ink becomes strokes: skeleton, or a tracer that another package adds."""
    fixes: FixesChoice = "apply"
    """Whether what was changed by hand, page.fixes.toml beside page.png, is applied or ignored."""

    def __post_init__(self) -> None:
        for name, choices in (("ruling", RulingChoice), ("fixes", FixesChoice)):
            value = getattr(self, name)
            if value not in get_args(choices):
                raise ValueError(f"{name} must be one of {', '.join(get_args(choices))}, not {value!r}")
        for name in ("tolerance_px", "shortest_px"):
            value = getattr(self, name)
            if not (isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be a number from 0, not {value}")

    def stages(self, fixes: PageFixes = NO_FIXES) -> StageSettings:
        """Return the settings of each stage, for a page with these fixes."""
        return StageSettings(
            fixes=NO_FIXES if self.fixes == "ignore" else fixes,
            ink=InkSettings(ruling=self.ruling),
            cleaning=CleaningSettings(drop_marks=self.drop_marks),
            tracing=TracingSettings(tracer=self.tracer, single_line=self.single_line),
            finishing=FinishingSettings(tolerance_px=self.tolerance_px, shortest_px=self.shortest_px),
        )


DEFAULT_SETTINGS = ScanSettings()


@dataclass(frozen=True)
class InkSettings:
    """How ink is separated from paper."""

    strictness: float = 1.0
    """Factor of the darkness that ink must have."""
    ruling: RulingChoice = "auto"
    """See :class:`ScanSettings`."""


@dataclass(frozen=True)
class CleaningSettings:
    """Which ink is left out."""

    pen_scale: float = 1.0
    """Factor of the estimated width of the pen."""
    drop_marks: bool = False
    """See :class:`ScanSettings`."""


@dataclass(frozen=True)
class TracingSettings:
    """How ink becomes strokes."""

    tracer: str = DEFAULT_TRACER
    """Name in :data:`limner.scan.tracers.TRACERS`."""
    single_line: bool = False
    """See :class:`ScanSettings`."""


@dataclass(frozen=True)
class JoiningSettings:
    """Which strokes are joined; lengths are in pixels of the picture, and 0 joins none."""

    join_px: float = 0.0
    """Ends of strokes less than this apart are joined."""
    splice_px: float = 0.0
    """Strokes are spliced into others where the path there and back is shorter than this."""


@dataclass(frozen=True)
class FinishingSettings:
    """Which points and strokes are kept; lengths are in pixels of the picture."""

    tolerance_px: float = 0.4
    """See :class:`ScanSettings`."""
    shortest_px: float = 0.0
    """See :class:`ScanSettings`."""


@dataclass(frozen=True)
class SeparationSettings:
    """Whether a page holds several drawings."""

    separate: bool = False
    """Separate the page into drawings."""
    gap_px: float = 0.0
    """Strokes whose boxes are less than this apart belong to one drawing."""


@dataclass(frozen=True)
class StageSettings:
    """The settings of each stage of :class:`limner.scan.pipeline.ScanPipeline`."""

    ink: InkSettings = field(default_factory=InkSettings)
    cleaning: CleaningSettings = field(default_factory=CleaningSettings)
    tracing: TracingSettings = field(default_factory=TracingSettings)
    joining: JoiningSettings = field(default_factory=JoiningSettings)
    finishing: FinishingSettings = field(default_factory=FinishingSettings)
    separation: SeparationSettings = field(default_factory=SeparationSettings)
    fixes: PageFixes = NO_FIXES
    """What a person changed about the strokes of the page."""
