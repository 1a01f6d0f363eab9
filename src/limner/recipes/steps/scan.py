"""The step that reads pictures; it stands first, because readers do what it asks for."""

from __future__ import annotations

from dataclasses import dataclass, fields

from limner.recipes.steps.base import Step
from limner.scan.settings import ScanSettings


@dataclass(frozen=True)
class Scan(ScanSettings, Step):
    """Read pictures among the sources as strokes, one page a drawing."""

    name = "scan"

    def settings(self) -> ScanSettings:
        """Give what :mod:`limner.scan` takes."""
        return ScanSettings(**{field.name: getattr(self, field.name) for field in fields(ScanSettings)})
