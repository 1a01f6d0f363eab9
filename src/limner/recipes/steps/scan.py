"""The step that reads pictures; it comes first, because readers carry it out."""

from __future__ import annotations

from dataclasses import dataclass, fields

from limner.recipes.steps.base import Step
from limner.scan.settings import ScanSettings


@dataclass(frozen=True)
class ScanStep(ScanSettings, Step):
    """Read pictures among the sources as strokes, one page a drawing."""

    name = "scan"

    def settings(self) -> ScanSettings:
        """Return the settings for :mod:`limner.scan`."""
        return ScanSettings(**{field.name: getattr(self, field.name) for field in fields(ScanSettings)})
