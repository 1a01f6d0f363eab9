"""Settings of the strong augmentation. No numpy here, so that ``--help`` stays fast."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class StrongAugmentation:
    """How far drawings are changed at random; by default, not at all."""

    turn: float = 0.0
    """Drawings are turned by at most so many degrees, to either side."""
    slant: float = 0.0
    """Drawings are slanted by at most this share of their height, to either side."""
    mirror: float = 0.0
    """Probability that a drawing is mirrored left to right; not for writing."""
    shake: float = 0.0
    """Points are moved by normal noise of this share of the drawing's longer side."""
    nudge: float = 0.0
    """Each stroke is moved and stretched by normal noise of this share of that side."""
    leave_out: float = 0.0
    """Probability that a stroke is left out; one always stays."""
    reorder: float = 0.0
    """Probability that the strokes of a drawing are drawn in random order."""
    reverse: float = 0.0
    """Probability that a stroke is drawn from its end to its beginning."""

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in (self.mirror, self.leave_out, self.reorder, self.reverse)):
            raise ValueError("mirror, leave_out, reorder and reverse are probabilities, from 0 to 1.")
        if not all(0 <= size < math.inf for size in (self.turn, self.slant, self.shake, self.nudge)):
            raise ValueError("turn, slant, shake and nudge must be numbers from 0 up.")

    @property
    def active(self) -> bool:
        """Whether anything is changed."""
        return self != StrongAugmentation()
