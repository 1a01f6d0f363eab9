"""What every kernel needs: a batch split among cores, weights packed, gradients of weights.

Letters: ``B`` batch, ``T`` points, ``K`` depth and ``N`` width of a weight.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ctypes import c_int64, c_void_p
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

import torch
from torch import Tensor

from limner.errors import LimnerError
from limner.models.engine.library import library

_TYPES = (torch.float32, torch.bool)

Task = TypeVar("Task", bound=ctypes.Structure)

Share = tuple[Tensor, Tensor]
"""Drawings of one core, the longest first: their indices in the batch, and their lengths; int64."""


def kernels() -> ctypes.CDLL:
    """Return the compiled kernels.

    Raises
    ------
    LimnerError
        If there are none.
    """
    compiled = library()
    if compiled is None:
        raise LimnerError("There are no compiled kernels on this machine; use the plain cells.")
    return compiled


def address(tensor: Tensor | None) -> int | None:
    """Return the address of an array that a kernel may read or write.

    Raises
    ------
    ValueError
        If it is not what kernels take: contiguous, on the processor, of float32 or bool.
    """
    if tensor is None:
        return None
    if not tensor.is_contiguous() or tensor.device.type != "cpu" or tensor.dtype not in _TYPES:
        raise ValueError(f"kernels take no {tensor.dtype} of strides {tensor.stride()} on {tensor.device}")
    return tensor.data_ptr()


def fill_task(kind: type[Task], tensors: dict[str, Tensor | None], **numbers: float) -> Task:
    """Return the arguments of a kernel as a structure, which keeps the tensors alive."""
    task = kind(**numbers, **{name: address(tensor) for name, tensor in tensors.items()})
    task.tensors = tensors
    return task


def split_batch(lengths: Tensor) -> list[Share]:
    """Split drawings of ``(B,)`` points among the cores, long and short ones to each."""
    order = torch.argsort(lengths, descending=True)  # (B,)
    parts = [order[k :: torch.get_num_threads()].contiguous() for k in range(torch.get_num_threads())]
    return [(part, lengths[part].contiguous()) for part in parts if len(part)]


def run(name: str, tasks: Sequence[ctypes.Structure], parts: Sequence[Share]) -> None:
    """Run a kernel, each share of a batch with its task on a core of its own."""
    kernel = getattr(kernels(), name)

    def share(task: ctypes.Structure, rows: Tensor, lengths: Tensor) -> None:
        kernel(
            ctypes.byref(task), c_void_p(rows.data_ptr()), c_void_p(lengths.data_ptr()), c_int64(len(rows))
        )

    run_parallel([partial(share, task, *part) for task, part in zip(tasks, parts, strict=True)])


def run_parallel(tasks: Sequence[Callable[[], object]]) -> None:
    """Run tasks in parallel, each on a core."""
    if len(tasks) == 1:
        tasks[0]()
        return
    with ThreadPoolExecutor(len(tasks)) as pool:
        for done in [pool.submit(task) for task in tasks]:
            done.result()


def pack_weight(weight: Tensor) -> Tensor:
    """Pack a weight ``(K, N)``, of any strides, as the right operand of many products."""
    depth, n = weight.shape
    width = -(-n // _panel_width()) * _panel_width()
    panels = torch.empty(depth * width)
    row, column = weight.stride()
    kernels().pack_weights(
        c_void_p(panels.data_ptr()), c_int64(depth), c_int64(n), c_void_p(weight.data_ptr()),
        c_int64(row), c_int64(column),
    )  # fmt: skip
    return panels


def real_indices(lengths: Tensor, points: int) -> Tensor:
    """Return the indices ``t B + b`` of all real points in time-major arrays; int64."""
    real = torch.arange(points).unsqueeze(1) < lengths  # (T, B)
    return real.flatten().nonzero().squeeze(1)


def allocate_states(first: Tensor, points: int) -> Tensor:
    """Return an array ``(T + 1, B, H)`` for the state at all points: ``first`` ``(B, H)``, then zeros."""
    return torch.cat([first.unsqueeze(0), first.new_zeros(points, *first.shape)])


def outer_products(left: Tensor, right: Tensor, indices: Tensor) -> Tensor:
    """Return the sum of left[k] right[k]^T over indices: the gradient of a weight.

    Parameters
    ----------
    left : Tensor of shape ``(T B, K)``
    right : Tensor of shape ``(T B, N)``
        Both with columns adjacent in memory; N a multiple of the panels' width.
    indices : int64 Tensor

    Returns
    -------
    Tensor of shape ``(K, N)``
    """
    total = torch.zeros(left.shape[1], right.shape[1])
    panel = _panel_width()
    panels, cores = right.shape[1] // panel, torch.get_num_threads()
    cuts = [panel * (panels * k // cores) for k in range(cores + 1)]

    def share(begin: int, end: int) -> None:
        kernels().add_outer_products(
            c_void_p(left.data_ptr()), c_int64(left.stride(0)), c_int64(left.shape[1]),
            c_void_p(right[:, begin:].data_ptr()), c_int64(right.stride(0)), c_int64(end - begin),
            c_void_p(total[:, begin:].data_ptr()), c_int64(total.stride(0)),
            c_void_p(indices.data_ptr()), c_int64(len(indices)),
        )  # fmt: skip

    run_parallel([partial(share, begin, end) for begin, end in pairwise(cuts) if end > begin])
    return total


def check_first_backward(ctx: Any) -> None:
    """Raise a RuntimeError where a sequence has run backwards already: its arrays hold gradients then."""
    if ctx.arrays is None:
        raise RuntimeError("A sequence goes backwards through the engine once; run it forwards again.")


def _panel_width() -> int:
    return int(kernels().panel_width())
