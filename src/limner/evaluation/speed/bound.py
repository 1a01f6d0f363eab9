"""A lower bound for the time of a training step: its matrix products alone, measured on this machine.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``H`` units.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from limner.evaluation.speed.step import StepWorkload
from limner.models.cells.hyper import EMBEDDING, UNITS
from limner.models.config import CellName

REPEATS = 12
"""Runs of each product, of which the fastest counts."""
HEAD = 123  # outputs of the last layer: 3 and 6 for each of 20 components


@dataclass(frozen=True)
class MatmulBound:
    """Time, operations and rate of the products of a step."""

    seconds: float
    gflop: float
    gflop_per_s: float


@dataclass(frozen=True)
class MatrixProduct:
    """``count`` products of ``(m, k)`` by ``(k, n)``."""

    m: int
    k: int
    n: int
    count: int

    @property
    def flop(self) -> float:
        """Floating-point operations of all of them."""
        return 2.0 * self.m * self.k * self.n * self.count


def matmul_bound(cell: CellName, work: StepWorkload) -> MatmulBound:
    """Return the operations of a step over the best float32 rate of torch at any of its shapes."""
    products = list(step_products(cell, work))
    rate = max(p.flop / p.count / _fastest(p.m, p.k, p.n) for p in products)
    flop = sum(p.flop for p in products)
    return MatmulBound(flop / rate, flop / 1e9, rate / 1e9)


def step_products(cell: CellName, work: StepWorkload) -> Iterator[MatrixProduct]:
    """Yield the products of a step: z's once, not at every point, and one for each weight's gradient."""
    encoder: CellName = "lstm" if cell == "hyper" else cell
    for one, size, times in ((encoder, work.encoder_size, 2), (cell, work.decoder_size, 1)):
        for k, n in _weights(one, size):
            yield MatrixProduct(work.batch_size, k, n, work.points * times)
            yield MatrixProduct(work.batch_size, n, k, work.points * times)
            yield MatrixProduct(k, work.batch_size * work.points, n, times)
    rows = work.batch_size * work.points
    yield MatrixProduct(rows, work.decoder_size, HEAD, 1)
    yield MatrixProduct(rows, HEAD, work.decoder_size, 1)
    yield MatrixProduct(work.decoder_size, rows, HEAD, 1)


def _weights(cell: CellName, size: int) -> Iterator[tuple[int, int]]:
    """Yield the shapes of the weights of a cell that are applied at every point; stroke-5 rows are 5 wide."""
    yield 5 + size, 4 * size
    if cell == "hyper":
        yield 5 + size + UNITS, 4 * UNITS
        yield UNITS, 12 * EMBEDDING
        for _ in range(12):
            yield EMBEDDING, size


@cache
def _fastest(m: int, k: int, n: int) -> float:
    """Return the seconds of one product by the fastest kernel."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    a, b = torch.randn(m, k, device=device), torch.randn(k, n, device=device)
    return min(_seconds(kernel) for kernel in _kernels(a, b))


def _kernels(a: Tensor, b: Tensor) -> Iterator[Callable[[], Tensor]]:
    yield lambda: a @ b
    if a.device.type == "cpu" and torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        weight = torch.ops.mkldnn._reorder_linear_weight(b.t().contiguous(), len(a))
        yield lambda: torch.ops.mkldnn._linear_pointwise(a, weight, None, "none", [], "")


@torch.no_grad()
def _seconds(kernel: Callable[[], Tensor]) -> float:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        kernel()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    return min(times)
