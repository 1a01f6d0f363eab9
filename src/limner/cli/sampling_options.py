"""``--temperature`` and its kin: options that change how a model draws."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, TypeVar

import tyro

from limner.sampling.config import Convention, SamplingConfig

T = TypeVar("T")

Asked = Annotated[T | None, tyro.conf.arg(help_behavior_hint="")]
"""A setting that stays as the model draws best, unless it is asked for."""


@dataclass(frozen=True)
class SamplingOptions:
    """What is asked of sampling; what is not stays as the model draws best."""

    temperature: Asked[float] = None
    """From just above 0 (careful) to 1 (as learned); beyond 1 wild. 0.4 for most models."""
    greedy: Annotated[bool, tyro.conf.arg(help_behavior_hint="")] = False
    """Always take the likeliest component's mean and the likeliest pen state."""
    top_p: Asked[float] = None
    """Sample among the likeliest components and pen states that together have this probability; 1: all."""
    offset_temperature: Asked[float] = None
    """Temperature of offsets alone; that of all unless given."""
    convention: Annotated[
        Asked[Convention], tyro.conf.arg(metavar="{paper,magenta,js,steady}", help_behavior_hint="")
    ] = None
    """Whose sampling: paper sigma * sqrt(T), magenta's code sigma * T, js as sketch-rnn-js draws; steady:
    only the likeliest components and pen states, with the weights that were learned, and sigma * T.
    steady for sketches, paper for others."""
    guidance: Asked[float] = None
    """How far to move towards the class, and away from what a drawing of no class would do; 0: not at all."""
    min_points: Asked[int] = None
    """Points that a drawing has before it may end, those of a beginning included; 0: it may end at once."""

    def __post_init__(self) -> None:
        self.over(SamplingConfig())

    @property
    def changes(self) -> dict[str, Any]:
        """What is asked for, by the names of :class:`SamplingConfig`."""
        asked = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in asked.items() if value is not None and value is not False}

    def over(self, config: SamplingConfig) -> SamplingConfig:
        """Return a configuration with what is asked for.

        Raises
        ------
        ValueError
            If a value is out of its range.
        """
        return replace(config, **self.changes)
