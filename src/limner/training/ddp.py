"""Settings for several processes that train one network together (distributed data parallel)."""

from __future__ import annotations

import os
from typing import Any

import torch

from limner.errors import LimnerError


def distributed_options(processes: int, machines: int) -> dict[str, Any]:
    """Return the options of Lightning's trainer for some processes.

    Parameters
    ----------
    processes : int
        On each machine; on GPUs if there are any, one each.
    machines : int

    Raises
    ------
    LimnerError
        If there are fewer GPUs than processes, or a launcher has started another number of processes.
    """
    ranks = processes * machines
    started = os.environ.get("WORLD_SIZE", str(ranks))
    if started != str(ranks):
        raise LimnerError(
            f"{started} processes were started, but the training has {ranks}; "
            "say how many there are with --train.processes and --train.machines."
        )
    if ranks == 1:
        return {"devices": 1}
    gpus = torch.cuda.device_count()
    if gpus and processes > gpus:
        raise LimnerError(
            f"{processes} processes need as many GPUs, and this machine has {gpus}; ask for fewer with "
            "--train.processes, or hide the GPUs with CUDA_VISIBLE_DEVICES=''."
        )
    from limner.training.ddp_strategy import LocalDDPStrategy  # Lightning takes seconds to import

    return {
        "accelerator": "gpu" if gpus else "cpu",
        "devices": processes,
        "num_nodes": machines,
        "strategy": "ddp" if machines > 1 else LocalDDPStrategy(),
    }
