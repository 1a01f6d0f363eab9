"""``SamplingConfig``: how points are sampled. No torch here, so that ``--help`` stays quick."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

HOTTEST = 1000.0
"""Largest temperature: samples are uniform noise long before."""
STRONGEST = 100.0
"""Largest guidance: from about 3 on drawings lose their shape."""
STEADY_TOP_P = 0.86
"""``top_p`` of the convention ``steady`` at temperature 0; it rises to 1 at temperature 1.

Of samples of ``sketches`` at T = 0.25 the protocol's encoder recognizes 22 of 100, at 0.5 of the convention
``paper`` 20 (docs/results.md, "The base"); 21 and 11 when it had seen a third of its training.
"""
Convention = Literal["paper", "magenta", "js", "steady"]


@dataclass(frozen=True)
class SamplingConfig:
    """How boldly points are sampled."""

    temperature: float = 0.4
    """From just above 0 (careful) to 1 (as learned); beyond 1 wild."""
    greedy: bool = False
    """Always take the likeliest component's mean and the likeliest pen state."""
    top_p: float = 1.0
    """Sample among the likeliest components and pen states that together have this probability; 1: all."""
    offset_temperature: float | None = None
    """Temperature of offsets alone; that of all unless given."""
    convention: Convention = "paper"
    """Whose sampling: paper sigma * sqrt(T), magenta's code sigma * T, js as sketch-rnn-js draws; steady:
    only the likeliest components and pen states, with the weights that were learned, and sigma * T."""
    guidance: float = 0.0
    """How far to move towards the class, and away from what a drawing of no class would do; 0: not at all."""
    min_points: int = 0
    """Points that a drawing has before it may end, those of a beginning included; 0: it may end at once."""

    def __post_init__(self) -> None:
        for name in ("temperature", "offset_temperature"):
            value = getattr(self, name)
            if value is not None and not 0 < value <= HOTTEST:
                raise ValueError(f"{name} must be above 0 and at most {HOTTEST:g}, not {value}.")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be above 0 and at most 1, not {self.top_p}.")
        if not 0 <= self.guidance <= STRONGEST:
            raise ValueError(f"guidance must be at least 0 and at most {STRONGEST:g}, not {self.guidance}.")
        if self.min_points < 0:
            raise ValueError(f"min_points must be at least 0, not {self.min_points}.")

    @property
    def sigma_scale(self) -> float:
        """Factor of every sigma: sqrt(T), but T if ``magenta`` or ``steady``, of the offsets' temperature."""
        temperature = self.temperature if self.offset_temperature is None else self.offset_temperature
        return temperature if self.convention in ("magenta", "steady") else math.sqrt(temperature)

    @property
    def logit_temperature(self) -> float:
        """Divisor of the logits of components and pen states: T, but 0.5 + 0.5 T if ``js``, 1 if ``steady``.

        A low one makes the shortest steps the likeliest, so that pens dwell in knots; ``steady`` leaves out
        unlikely components instead.
        """
        if self.convention == "steady":
            return 1.0
        return 0.5 + 0.5 * self.temperature if self.convention == "js" else self.temperature

    @property
    def nucleus(self) -> float:
        """Probability of the components and pen states that are sampled among, above 0 and at most 1."""
        if self.convention != "steady":
            return self.top_p
        return min(self.top_p, STEADY_TOP_P + (1 - STEADY_TOP_P) * self.temperature)


def resolve_sampling_config(
    sampling_config: SamplingConfig | None,
    temperature: float | None,
    default: SamplingConfig | None = None,
) -> SamplingConfig:
    """Return a configuration, the default one unless given, at `temperature` where one is given."""
    sampling_config = sampling_config or default or SamplingConfig()
    return sampling_config if temperature is None else replace(sampling_config, temperature=temperature)
