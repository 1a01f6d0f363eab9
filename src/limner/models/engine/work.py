"""What every kernel needs: a batch shared out among cores, weights packed, gradients of weights.

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
"""Drawings of one core, the longest first: their places in the batch, and their lengths; int64."""


def kernels() -> ctypes.CDLL:
    """Give the kernels.

    Raises
    ------
    LimnerError
        If they cannot be had.
    """
    found = library()
    if found is None:
        raise LimnerError("There are no compiled kernels on this machine; use the plain cells.")
    return found


def address(tensor: Tensor | None) -> int | None:
    """Give the address of an array that a kernel may read or write.

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


def filled(kind: type[Task], tensors: dict[str, Tensor | None], **numbers: float) -> Task:
    """Put a kernel's arguments together; the tensors stay alive in the task."""
    task = kind(**numbers, **{name: address(tensor) for name, tensor in tensors.items()})
    task.tensors = tensors
    return task


def shares(lengths: Tensor) -> list[Share]:
    """Deal drawings of ``(B,)`` points out to the cores, long and short ones to each."""
    order = torch.argsort(lengths, descending=True)  # (B,)
    hands = [order[k :: torch.get_num_threads()].contiguous() for k in range(torch.get_num_threads())]
    return [(hand, lengths[hand].contiguous()) for hand in hands if len(hand)]


def run(name: str, tasks: Sequence[ctypes.Structure], parts: Sequence[Share]) -> None:
    """Run a kernel, each share of a batch with its task on a core of its own."""
    kernel = getattr(kernels(), name)

    def share(task: ctypes.Structure, rows: Tensor, lengths: Tensor) -> None:
        kernel(
            ctypes.byref(task), c_void_p(rows.data_ptr()), c_void_p(lengths.data_ptr()), c_int64(len(rows))
        )

    at_once([partial(share, task, *part) for task, part in zip(tasks, parts, strict=True)])


def at_once(tasks: Sequence[Callable[[], object]]) -> None:
    """Run tasks side by side, each on a core."""
    if len(tasks) == 1:
        tasks[0]()
        return
    with ThreadPoolExecutor(len(tasks)) as pool:
        for done in [pool.submit(task) for task in tasks]:
            done.result()


def packed(weight: Tensor) -> Tensor:
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


def places_drawn(lengths: Tensor, points: int) -> Tensor:
    """Give the places ``t B + b`` of all real points in time-major arrays; int64."""
    real = torch.arange(points).unsqueeze(1) < lengths  # (T, B)
    return real.flatten().nonzero().squeeze(1)


def with_first(first: Tensor, points: int) -> Tensor:
    """Make room for a state ``(T + 1, B, H)`` at all points; zeros behind the first one ``(B, H)``."""
    return torch.cat([first.unsqueeze(0), first.new_zeros(points, *first.shape)])


def outer_products(left: Tensor, right: Tensor, places: Tensor) -> Tensor:
    """Sum left[k] right[k]^T over places: the gradient of a weight.

    Parameters
    ----------
    left : Tensor of shape ``(T B, K)``
    right : Tensor of shape ``(T B, N)``
        Both with columns side by side in memory; N a multiple of the panels' width.
    places : int64 Tensor

    Returns
    -------
    Tensor of shape ``(K, N)``
    """
    found = torch.zeros(left.shape[1], right.shape[1])
    panel = _panel_width()
    panels, cores = right.shape[1] // panel, torch.get_num_threads()
    cuts = [panel * (panels * k // cores) for k in range(cores + 1)]

    def share(begin: int, end: int) -> None:
        kernels().add_outer_products(
            c_void_p(left.data_ptr()), c_int64(left.stride(0)), c_int64(left.shape[1]),
            c_void_p(right[:, begin:].data_ptr()), c_int64(right.stride(0)), c_int64(end - begin),
            c_void_p(found[:, begin:].data_ptr()), c_int64(found.stride(0)),
            c_void_p(places.data_ptr()), c_int64(len(places)),
        )  # fmt: skip

    at_once([partial(share, begin, end) for begin, end in pairwise(cuts) if end > begin])
    return found


def refuse_second_time(ctx: Any) -> None:
    """Raise a RuntimeError where a sequence has gone backwards already: its arrays are spent."""
    if ctx.arrays is None:
        raise RuntimeError("A sequence goes backwards through the engine once; run it forwards again.")


def _panel_width() -> int:
    return int(kernels().panel_width())
