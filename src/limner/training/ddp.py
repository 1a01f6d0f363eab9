"""Several processes that train one network together, each on its part of every batch (Lightning's DDP)."""

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

_MEETING = "LIMNER_MEETING"
"""Names, to the processes that the first one starts, the file in which they find each other."""


def trainer_settings(processes: int, machines: int) -> dict[str, Any]:
    """Give what Lightning's trainer must know of the processes.

    Parameters
    ----------
    processes : int
        On each machine: on GPUs if there are any, one each.
    machines : int

    Raises
    ------
    LimnerError
        If there are fewer GPUs than processes, or a launcher has started another number of processes.
    """
    whole = processes * machines
    started = os.environ.get("WORLD_SIZE", str(whole))
    if started != str(whole):
        raise LimnerError(
            f"{started} processes were started, but the training has {whole}; "
            "say how many there are with --train.processes and --train.machines."
        )
    if whole == 1:
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
        "strategy": "ddp" if machines > 1 else OneMachine(),
    }


class OneMachine(DDPStrategy):
    """Processes of one machine find each other in a file and talk over the loopback interface.

    Else the first of them would listen on a port of every interface.
    """

    def __init__(self) -> None:
        super().__init__()
        if _MEETING not in os.environ and "LOCAL_RANK" not in os.environ:
            self._folder = tempfile.TemporaryDirectory(prefix="limner-")
            os.environ[_MEETING] = str(Path(self._folder.name, "store"))
            os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")

    def setup_distributed(self) -> None:
        """Join the others; Lightning leaves a group that is there already as it is."""
        if _MEETING in os.environ:
            self.set_world_ranks()
            store = distributed.FileStore(os.environ[_MEETING], self.world_size)  # type: ignore[attr-defined]
            rank, backend = self.global_rank, self._get_process_group_backend()
            distributed.init_process_group(backend, store=store, rank=rank, world_size=self.world_size)
        super().setup_distributed()
