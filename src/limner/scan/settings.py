"""What can be asked of a scan."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal, get_args

RulingChoice = Literal["auto", "keep"]


@dataclass(frozen=True)
class ScanSettings:
    """How pictures are read.

    Raises
    ------
    ValueError
        If a length is negative or not finite, or a word is not one of those there are.
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

    def __post_init__(self) -> None:
        if self.ruling not in get_args(RulingChoice):
            raise ValueError(
                f"ruling must be one of {', '.join(get_args(RulingChoice))}, not {self.ruling!r}"
            )
        for name in ("tolerance_px", "shortest_px"):
            value = getattr(self, name)
            if not (isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be a number from 0, not {value}")


DEFAULT_SETTINGS = ScanSettings()
