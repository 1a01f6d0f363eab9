"""Whether this process is the one that writes and speaks, where several train together. No torch here."""

from __future__ import annotations

import os

_RANKS = ("RANK", "LOCAL_RANK", "NODE_RANK", "SLURM_PROCID")
"""Names under which launchers - torchrun, Lightning, SLURM - tell a process its number."""


def is_first() -> bool:
    """Tell whether this is the first process of a training, or the only one."""
    return all(os.environ.get(name, "0") == "0" for name in _RANKS)
