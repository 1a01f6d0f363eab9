"""How far strong augmentation goes. No numpy here, so that ``--help`` stays quick."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Variation:
    """How far drawings are changed; as it stands, not at all."""

    turn: float = 0.0
    """Drawings are turned by up to so many degrees, either way."""
    slant: float = 0.0
    """Drawings are slanted by up to this share of their height, either way."""
    mirror: float = 0.0
    """Probability that a drawing is mirrored left to right; not for what can be read."""
    shake: float = 0.0
    """Points are moved by normal noise of this share of the drawing's longer side."""
    nudge: float = 0.0
    """Strokes are moved and stretched, each for itself, by normal noise of this share of that side."""
    leave_out: float = 0.0
    """Probability that a stroke is left out; one always stays."""
    reorder: float = 0.0
    """Probability that the strokes of a drawing are drawn in any order."""
    reverse: float = 0.0
    """Probability that a stroke is drawn from its end to its beginning."""

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in (self.mirror, self.leave_out, self.reorder, self.reverse)):
            raise ValueError("mirror, leave_out, reorder and reverse are probabilities, from 0 to 1.")
        if not all(0 <= size < math.inf for size in (self.turn, self.slant, self.shake, self.nudge)):
            raise ValueError("turn, slant, shake and nudge must be numbers from 0 up.")

    @property
    def active(self) -> bool:
        """Whether anything is changed at all."""
        return self != Variation()
