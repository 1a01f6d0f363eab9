"""Settings for several processes that train one network together (distributed data parallel)."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from pytorch_lightning.strategies import DDPStrategy
from torch import distributed

from limner.errors import LimnerError

_RENDEZVOUS = "LIMNER_RENDEZVOUS"
"""Environment variable with the file through which the processes find each other."""


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
    return {
        "accelerator": "gpu" if gpus else "cpu",
        "devices": processes,
        "num_nodes": machines,
        "strategy": "ddp" if machines > 1 else LocalDDPStrategy(),
    }


class LocalDDPStrategy(DDPStrategy):
    """DDP on one machine: processes find each other through a file and use the loopback interface.

    Lightning's own strategy would let the first of them listen on a port of every interface.
    """

    def __init__(self) -> None:
        super().__init__()
        if _RENDEZVOUS not in os.environ and "LOCAL_RANK" not in os.environ:
            self._folder = tempfile.TemporaryDirectory(prefix="limner-")
            os.environ[_RENDEZVOUS] = str(Path(self._folder.name, "store"))
            os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")

    def setup_distributed(self) -> None:
        """Join the process group; Lightning leaves one that exists as it is."""
        if _RENDEZVOUS in os.environ:
            self.set_world_ranks()
            store = distributed.FileStore(os.environ[_RENDEZVOUS], self.world_size)  # type: ignore[attr-defined]
            rank, backend = self.global_rank, self._get_process_group_backend()
            distributed.init_process_group(backend, store=store, rank=rank, world_size=self.world_size)
        super().setup_distributed()
