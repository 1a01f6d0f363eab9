"""``ForeignModel``: what another program's file says of a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from limner.models.protocol import SketchModel


@dataclass(frozen=True)
class ForeignModel:
    """A network, and what its file says of it."""

    form: str
    """The format, in words."""
    files: tuple[Path, ...]
    """All files that were read."""
    network: SketchModel
    """In evaluation mode."""
    name: str = ""
    """Class of its drawings, if the file says."""
    scale_factor: float | None = None
    """Units of drawings in one model unit, if the file says."""
    n_max: int | None = None
    """Points of the longest drawing of its corpus, if the file says."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What else should be kept in the weights' header."""
    assumed: tuple[str, ...] = ()
    """What had to be assumed, as sentences."""
