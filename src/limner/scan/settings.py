"""What can be asked of a scan."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True)
class ScanSettings:
    """How pictures are read.

    Raises
    ------
    ValueError
        If a length is negative or not finite.
    """

    single_line: bool = False
    """One stroke for each connected figure, with as little ink drawn twice as can be."""
    tolerance_px: float = 0.4
    """How far strokes may leave the middle of the ink for the sake of fewer points."""
    shortest_px: float = 0.0
    """Strokes shorter than this are left out; dots have no length."""
    drop_marks: bool = False
    """Leave out small marks far from the drawing, such as page numbers and dates."""

    def __post_init__(self) -> None:
        for name in ("tolerance_px", "shortest_px"):
            value = getattr(self, name)
            if not (isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be a number from 0, not {value}")


DEFAULT_SETTINGS = ScanSettings()
