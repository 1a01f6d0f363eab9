"""Limits of what a weights file may hold, whoever wrote it; beyond them nothing can be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from limner.errors import DataError

SCALES = (1e-15, 1e15)
"""Least and largest scale factor: float32 holds squares of products with any between them."""
MOST_POINTS = 1_000_000
"""Largest N_max."""
DEEPEST = 12
"""Levels of nested lists and dictionaries in a header, at most."""
LARGEST_WEIGHT = 1e9
"""Largest weight: products with larger ones overflow float32."""


def check_scale(scale_factor: float | None, n_max: int | None, path: object) -> None:
    """Refuse a scale factor or an N_max that nothing can be drawn with.

    Raises
    ------
    DataError
        Naming ``path``.
    """
    low, high = SCALES
    if scale_factor is not None and not low <= scale_factor <= high:
        raise DataError(
            f"{path} says scale_factor {scale_factor}; it must be above 0, from {low:g} to {high:g}."
        )
    if n_max is not None and not 1 <= n_max <= MOST_POINTS:
        raise DataError(f"{path} says n_max {n_max} points; it must be from 1 to {MOST_POINTS:,}.")


def is_shallow(value: Any) -> bool:
    """Return whether lists and dictionaries are nested at most :data:`DEEPEST` levels deep."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(DEEPEST):
        inside = [part.values() if isinstance(part, dict) else part for part in level]
        level = [one for parts in inside for one in parts if isinstance(one, (dict, list))]
    return not level


def check_weights(tensors: Mapping[str, Tensor], path: object) -> None:
    """Refuse weights that are not finite, or too large to draw with.

    Raises
    ------
    DataError
        Naming ``path`` and the first of them.
    """
    for name, value in tensors.items():
        if not value.isfinite().all():
            raise DataError(f"{path} holds weights that are not finite numbers, in {name}.")
        if value.numel() and float(value.abs().max()) > LARGEST_WEIGHT:
            raise DataError(f"{path} holds weights beyond {LARGEST_WEIGHT:g}, in {name}; it is damaged.")
