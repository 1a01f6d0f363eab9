"""What another program's file says of a model, before limner has looked at what it draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from limner.models.protocol import SketchModel


@dataclass(frozen=True)
class Found:
    """A network, and what stands beside it in its file."""

    form: str
    """The format, as one says it."""
    files: tuple[Path, ...]
    """All that was read."""
    network: SketchModel
    """In evaluation mode."""
    name: str = ""
    """What it draws, if the file says."""
    scale_factor: float | None = None
    """Units of drawings in one model unit, if the file says."""
    n_max: int | None = None
    """Points of the longest drawing of its corpus, if the file says."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What else is worth keeping."""
    assumed: tuple[str, ...] = ()
    """What had to be assumed, as sentences."""
