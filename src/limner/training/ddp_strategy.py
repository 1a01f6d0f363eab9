"""``LocalDDPStrategy``: distributed data parallel on one machine, without a port that others can reach."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from pytorch_lightning.strategies import DDPStrategy
from torch import distributed

_RENDEZVOUS = "LIMNER_RENDEZVOUS"
"""Environment variable with the file through which the processes find each other."""


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
