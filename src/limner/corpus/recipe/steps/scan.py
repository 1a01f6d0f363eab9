"""The step that reads pictures; it stands first, because readers do what it asks for."""

from __future__ import annotations

from dataclasses import dataclass

from limner.corpus.recipe.steps.base import Step
from limner.scan.settings import ScanSettings


@dataclass(frozen=True)
class Scan(ScanSettings, Step):
    """Read pictures among the sources as strokes, one page a drawing."""

    name = "scan"

    def settings(self) -> ScanSettings:
        """Give what :mod:`limner.scan` takes."""
        return ScanSettings(self.single_line, self.tolerance_px, self.shortest_px, self.drop_marks)
