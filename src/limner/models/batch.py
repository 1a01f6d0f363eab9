"""``Batch``: drawings of several lengths, padded to one.

Letters: ``B`` batch, ``T`` rows after the start token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.strokes.formats import END_TOKEN, START_TOKEN

ROUND_ROWS = 8
"""Batches are padded to a multiple of this: oneDNN compiles a kernel for every length that it meets."""


@dataclass(frozen=True)
class Batch:
    """Padded stroke-5 rows in model units (the corpus's units / scale factor).

    Parameters
    ----------
    strokes : float Tensor of shape ``(B, T + 1, 5)``
        The start token, then each drawing's rows, then rows ``(0, 0, 0, 0, 1)``.
    lengths : int64 Tensor of shape ``(B,)``
        Points of each drawing, without start token and end rows.
    whole : bool
        Whether a network shall predict all rows; else predictions behind a drawing's first end row are
        undefined, and need not be computed.
    labels : int64 Tensor of shape ``(B,)``, optional
        The class of each drawing, for networks that are conditioned on it.
    """

    strokes: Tensor  # (B, T + 1, 5)
    lengths: Tensor  # (B,)
    whole: bool = True
    labels: Tensor | None = None  # (B,)

    @property
    def inputs(self) -> Tensor:
        """Input of the decoder: the start token and all rows but the last, ``(B, T, 5)``."""
        return self.strokes[:, :-1]

    @property
    def targets(self) -> Tensor:
        """Rows that the decoder shall predict: all after the start token, ``(B, T, 5)``."""
        return self.strokes[:, 1:]

    @property
    def rows_to_predict(self) -> Tensor:
        """Rows of each drawing that count, ``(B,)``: its points and one end row, or all."""
        rows = self.targets.shape[1]
        return torch.full_like(self.lengths, rows) if self.whole else (self.lengths + 1).clamp(max=rows)

    def __len__(self) -> int:
        """Return the number of drawings."""
        return len(self.lengths)

    def to(self, device: torch.device | str) -> Batch:
        """Return the batch on a device."""
        labels = None if self.labels is None else self.labels.to(device)
        return Batch(self.strokes.to(device), self.lengths.to(device), self.whole, labels)


def pad_batch(
    drawings: Sequence[NDArray[np.float32]],
    scale_factor: float = 1.0,
    length: int | None = None,
    labels: Sequence[int] | NDArray[np.int64] | None = None,
) -> Batch:
    """Return stroke-3 drawings, scaled and padded, as a batch.

    Parameters
    ----------
    drawings : sequence of float arrays of shape ``(n, 3)``
        In the corpus's units.
    scale_factor : float
        Divides the offsets.
    length : int, optional
        T, and the batch is whole; unless given the longest drawing and one end row, rounded up to a
        multiple of :data:`ROUND_ROWS`.
    labels : sequence of int, optional
        The class of each drawing.

    Raises
    ------
    ValueError
        If a drawing has more than ``length`` points.
    """
    lengths = np.array([len(rows) for rows in drawings], np.int64)  # (B,)
    longest = int(lengths.max(initial=0))
    width = -(-(longest + 1) // ROUND_ROWS) * ROUND_ROWS if length is None else length
    if longest > width:
        raise ValueError(f"a drawing of {longest} points does not fit into {width} rows")
    strokes = np.zeros((len(drawings), width + 1, 5), np.float32)  # (B, T + 1, 5)
    strokes[:, 0] = START_TOKEN
    real = np.arange(width) < lengths[:, None]  # (B, T)
    body = strokes[:, 1:]
    body[~real] = END_TOKEN
    rows = np.concatenate([np.zeros((0, 3), np.float32), *drawings])  # (points, 3)
    body[real] = np.column_stack([rows[:, :2] / scale_factor, 1 - rows[:, 2], rows[:, 2], 0 * rows[:, 2]])
    classes = None if labels is None else torch.as_tensor(np.asarray(labels, np.int64))
    return Batch(torch.from_numpy(strokes), torch.from_numpy(lengths), length is not None, classes)
