"""How boldly a model draws. No torch here, so that ``--help`` stays quick."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Taste:
    """How boldly points are chosen."""

    temperature: float = 0.4
    """From just above 0 (careful) to 1 (as learnt); beyond 1 wild."""
    greedy: bool = False
    """Always the likeliest component's mean and the likeliest pen state."""
    rule: Literal["paper", "magenta"] = "paper"
    """What temperature T does to a deviation: paper sigma * sqrt(T), magenta sigma * T."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature > 0):
            raise ValueError(f"temperature must be above 0, not {self.temperature}.")

    @property
    def spread(self) -> float:
        """Factor of every sigma."""
        return math.sqrt(self.temperature) if self.rule == "paper" else self.temperature
