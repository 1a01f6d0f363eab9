"""Memory allocator and threads of a training on a CPU."""

from __future__ import annotations

import ctypes
import os
import sys

import torch

from limner.models.config import ModelConfig

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEEP_BYTES = 1 << 30
SMALL_WORK = 3e6
"""Multiply-adds of one recurrent step below which a second thread costs more than it brings."""


def tune_malloc() -> None:
    """Let glibc keep large blocks instead of returning them to the system after every step.

    A recurrent network allocates the same blocks again and again; mapping and clearing them each time costs
    about half of the time on a CPU. Does nothing with another C library.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, _KEEP_BYTES)
        libc.mallopt(_M_TRIM_THRESHOLD, _KEEP_BYTES)


def choose_threads(model: ModelConfig, batch_size: int, threads: int | None, processes: int = 1) -> None:
    """Set the number of torch's threads.

    Parameters
    ----------
    model : ModelConfig
    batch_size : int
    threads : int, optional
        Unless given, one for work below :data:`SMALL_WORK` and all for larger.
    processes : int
        Processes that share this machine's cores.
    """
    size = max(model.decoder.size, model.encoder.size if model.conditional else 0)
    small = batch_size * 4 * size * size < SMALL_WORK
    if threads is not None or small:
        torch.set_num_threads(threads or 1)
    elif processes > 1:
        torch.set_num_threads(min(torch.get_num_threads(), max(1, (os.cpu_count() or 1) // processes)))
    if processes > 1:
        os.environ["OMP_NUM_THREADS"] = str(torch.get_num_threads())  # or Lightning chooses again
