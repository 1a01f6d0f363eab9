"""Which of the processes that train together this is.

No torch here: the command line asks before it imports torch.
"""

from __future__ import annotations

import os

_RANKS = ("RANK", "LOCAL_RANK", "NODE_RANK", "SLURM_PROCID")
"""Environment variables in which launchers (torchrun, Lightning, SLURM) number their processes."""


def is_rank_zero() -> bool:
    """Return whether this is the first process of a training, which writes and prints, or the only one."""
    return all(os.environ.get(name, "0") == "0" for name in _RANKS)
