"""``SamplingConfig``: how points are sampled. No torch here, so that ``--help`` stays quick."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

HOTTEST = 1000.0
"""Largest temperature: samples are uniform noise long before."""


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
    """Temperature of offsets alone; that of all unless given. A low one beside a --temperature of 1 and
    a --top-p of 0.9 draws steady lines; a low --temperature alone dwells in knots of short steps."""
    convention: Literal["paper", "magenta", "js"] = "paper"
    """Whose sampling: paper sigma * sqrt(T), magenta's code sigma * T, js as sketch-rnn-js draws."""
    min_points: int = 0
    """Points that a drawing has before it may end, those of a beginning included; 0: it may end at once."""

    def __post_init__(self) -> None:
        for name in ("temperature", "offset_temperature"):
            value = getattr(self, name)
            if value is not None and not 0 < value <= HOTTEST:
                raise ValueError(f"{name} must be above 0 and at most {HOTTEST:g}, not {value}.")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be above 0 and at most 1, not {self.top_p}.")
        if self.min_points < 0:
            raise ValueError(f"min_points must be at least 0, not {self.min_points}.")

    @property
    def sigma_scale(self) -> float:
        """Factor of every sigma: sqrt(T), but T in magenta's code, of the temperature of offsets."""
        temperature = self.temperature if self.offset_temperature is None else self.offset_temperature
        return temperature if self.convention == "magenta" else math.sqrt(temperature)

    @property
    def logit_temperature(self) -> float:
        """Divisor of the logits of components and pen states: T, but 0.5 + 0.5 T in sketch-rnn-js."""
        return 0.5 + 0.5 * self.temperature if self.convention == "js" else self.temperature


def resolve_sampling_config(
    sampling_config: SamplingConfig | None, temperature: float | None
) -> SamplingConfig:
    """Return a configuration, the default one unless given, at `temperature` where one is given."""
    sampling_config = sampling_config or SamplingConfig()
    return sampling_config if temperature is None else replace(sampling_config, temperature=temperature)
