"""``State``: what a network remembers between two points."""

from __future__ import annotations

from torch import Tensor

State = dict[str, Tensor]
"""Tensors of shape ``(B, ...)`` by name."""
