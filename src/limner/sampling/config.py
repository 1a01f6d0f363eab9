"""How boldly a model draws. No torch here, so that ``--help`` stays quick."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

HOTTEST = 1000.0
"""All is noise long before."""


@dataclass(frozen=True)
class Taste:
    """How boldly points are chosen."""

    temperature: float = 0.4
    """From just above 0 (careful) to 1 (as learnt); beyond 1 wild."""
    greedy: bool = False
    """Always the likeliest component's mean and the likeliest pen state."""
    top_p: float = 1.0
    """Choose among the likeliest components and pen states that together have this probability; 1: all."""
    rules: Literal["paper", "magenta", "js"] = "paper"
    """Whose sampling: paper sigma * sqrt(T), magenta's code sigma * T, js as sketch-rnn-js draws."""

    def __post_init__(self) -> None:
        if not 0 < self.temperature <= HOTTEST:
            raise ValueError(f"temperature must be above 0 and at most {HOTTEST:g}, not {self.temperature}.")

        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be above 0 and at most 1, not {self.top_p}.")

    @property
    def spread(self) -> float:
        """Factor of every sigma."""
        return self.temperature if self.rules == "magenta" else math.sqrt(self.temperature)

    @property
    def softness(self) -> float:
        """What divides the logits of components and pen: T, but 0.5 + 0.5 T in sketch-rnn-js."""
        return 0.5 + 0.5 * self.temperature if self.rules == "js" else self.temperature


def taste_of(taste: Taste | None, temperature: float | None) -> Taste:
    """Give a taste, the usual one unless given, at a temperature where one is given."""
    taste = taste or Taste()
    return taste if temperature is None else replace(taste, temperature=temperature)
