"""Whether this machine can train a network; asked before anything is written."""

from __future__ import annotations

import os

import torch

from limner.errors import LimnerError
from limner.models.build import build_model
from limner.models.config import ModelConfig

COPIES = 4
"""Of each weight in training: itself, its gradient and Adam's two moments."""
BYTES = 4
"""Of a float32."""


def check_memory(model: ModelConfig) -> None:
    """Refuse a network that does not fit into this machine's memory.

    Counts the weights and what the optimiser keeps of each; activations come on top and depend on the batch.

    Raises
    ------
    LimnerError
        If all of the memory would not do.
    """
    with torch.device("meta"):  # shapes alone
        count = sum(parameter.numel() for parameter in build_model(model).parameters())
    needed = BYTES * COPIES * count
    available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if needed > available:
        raise LimnerError(
            f"{count:.2g} weights take {needed / 2**30:,.0f} GB to be trained, and this machine has "
            f"{available / 2**30:,.0f}; choose smaller sizes with --model.*."
        )
