"""Whether a network can be trained here, and on a corpus; asked before anything is written."""

from __future__ import annotations

import os

import torch

from limner.errors import LimnerError
from limner.models.build import build_model, network_class
from limner.models.config import ModelConfig

COPIES = 4
"""Of each weight in training: itself, its gradient and Adam's two moments."""


def check_memory(model: ModelConfig) -> None:
    """Refuse a network that this machine cannot train.

    Raises
    ------
    LimnerError
        If all of its memory would not do for the weights and what is kept of each.
    """
    with torch.device("meta"):  # shapes alone
        numbers = sum(parameter.numel() for parameter in build_model(model).parameters())
    wanted, there = 4 * COPIES * numbers, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if wanted > there:
        raise LimnerError(
            f"{numbers:.2g} weights take {wanted / 2**30:,.0f} GB to be trained, and this machine has "
            f"{there / 2**30:,.0f}; choose smaller sizes with --model.*."
        )


def check_positions(model: ModelConfig, n_max: int) -> None:
    """Refuse a network that has learned positions for fewer points than the longest drawing and its end.

    Raises
    ------
    LimnerError
        If it has.
    """
    rows = network_class(model.kind).max_rows(model)
    if rows is not None and rows <= n_max:
        section = model.kind if hasattr(model, model.kind) else "options"
        raise LimnerError(
            f"The longest drawing has {n_max} points, and model.{section}.longest is {rows}; "
            f"set --model.{section}.longest to {n_max + 1} or more."
        )
