"""Scaled dot-product attention over the points of a drawing (Vaswani et al. 2017).

Letters: ``B`` batch, ``T`` points, ``P`` previous points, ``A`` heads, ``D`` width of a head, ``C`` width of
all heads, ``X`` width of the input, ``K`` slots of a memory.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from limner.models.positions import rotate, sinusoids

Positions = Literal["none", "added", "rotary"]
"""How queries and keys encode positions: not at all, by added sinusoids, or by rotation."""


class Attention(nn.Module):
    """Causal self-attention; over whole sequences where their lengths are given.

    Attention weights are not dropped out: the fused kernel for CPUs cannot do it, and without that kernel
    attention takes as long as all else together.

    Parameters
    ----------
    input_size : int
        X
    size : int
        C, a multiple of ``heads``.
    heads : int
        A
    positions : str
        See :data:`Positions`.

    Raises
    ------
    ValueError
        If the heads do not share the width evenly.
    """

    def __init__(self, input_size: int, size: int, heads: int, *, positions: Positions = "none") -> None:
        super().__init__()
        if size % heads:
            raise ValueError(f"{heads} heads cannot share a width of {size} evenly")
        self.heads, self.positions = heads, positions
        self.query = nn.Linear(input_size, size)
        self.key = nn.Linear(input_size, size)
        self.value = nn.Linear(input_size, size)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Attend over a whole sequence.

        Parameters
        ----------
        x : Tensor of shape ``(B, T, X)``
        lengths : int64 Tensor of shape ``(B,)``, optional
            With it attention is not causal: every point attends to all real points, of which each drawing
            has at least one.

        Returns
        -------
        Tensor of shape ``(B, T, C)``
        """
        q, k, v = self._project(x, 0)
        mask = None
        if lengths is not None:
            real = torch.arange(x.shape[1], device=x.device) < lengths.unsqueeze(1)  # (B, T)
            mask = real[:, None, None]  # (B, 1, 1, T)
        return _merge_heads(_attend(q, k, v, mask, is_causal=mask is None))

    def begin(self, batch_size: int) -> tuple[Tensor, Tensor]:
        """Return keys and values before the first point, ``(B, A, 0, D)``."""
        width = self.key.out_features // self.heads
        empty = self.key.weight.new_zeros(batch_size, self.heads, 0, width)
        return empty, empty

    def step(self, x: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Take one point.

        Parameters
        ----------
        x : Tensor of shape ``(B, X)``
        keys, values : Tensor of shape ``(B, A, P, D)``
            Of the previous points.

        Returns
        -------
        output : Tensor of shape ``(B, C)``
        keys, values : Tensor of shape ``(B, A, P + 1, D)``
        """
        q, k, v = self._project(x.unsqueeze(1), keys.shape[2])
        keys, values = torch.cat([keys, k], dim=2), torch.cat([values, v], dim=2)
        attended = scaled_dot_product_attention(q, keys, values)  # (B, A, 1, D)
        return _merge_heads(attended).squeeze(1), keys, values

    def _project(self, x: Tensor, first: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values ``(B, A, T, D)`` of ``(B, T, X)``, from position ``first`` on."""
        q, k, v = self.query(x), self.key(x), self.value(x)  # (B, T, C)
        if self.positions == "added":
            encoding = sinusoids(first, x.shape[1], q.shape[2], q)
            q, k = q + encoding, k + encoding
        q, k, v = (_split_heads(part, self.heads) for part in (q, k, v))
        return (rotate(q, first), rotate(k, first), v) if self.positions == "rotary" else (q, k, v)


class Memory(NamedTuple):
    """A memory that points attend to."""

    slots: Tensor  # (B, K, C)
    mask: Tensor  # (B, K), added to the attention logits: 0, or far below 0 for a slot that is masked


class CrossAttention(nn.Module):
    """Attention of every point to all slots of a memory (Vaswani et al. 2017, section 3.2.3).

    Parameters
    ----------
    width : int
        C, a multiple of ``heads``.
    heads : int
        A
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)

    def begin(self, slots: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values of a memory ``(B, K, C)``, each ``(B, A, K, D)``."""
        return _split_heads(self.key(slots), self.heads), _split_heads(self.value(slots), self.heads)

    def forward(self, x: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        """Attend from points ``(B, T, C)`` to a memory with the additive mask ``(B, K)``; ``(B, T, C)``."""
        q = _split_heads(self.query(x), self.heads)
        return _merge_heads(_attend(q, keys, values, mask[:, None, None].to(keys.dtype)))


class AttentivePooling(nn.Module):
    """One vector for a sequence: a mean whose weights are a softmax over scores of the points.

    Parameters
    ----------
    size : int
        X
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.score = nn.Linear(size, 1)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Pool the real points of ``(B, T, X)`` to ``(B, X)``; zeros where there is none."""
        real = torch.arange(x.shape[1], device=x.device) < lengths.unsqueeze(1)  # (B, T)
        scores = self.score(x).squeeze(-1).masked_fill(~real, -math.inf)
        weights = scores.softmax(dim=1).where(real, 0)  # all -inf gives NaN, and no point gives 0
        return torch.einsum("bt,btx->bx", weights, x.where(real.unsqueeze(2), 0))


def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, *, is_causal: bool = False) -> Tensor:
    """Attend; in float32 on a CPU, where the backward pass in bfloat16 takes ten times as long."""
    if q.dtype != torch.bfloat16 or q.device.type != "cpu":
        return scaled_dot_product_attention(q, k, v, mask, is_causal=is_causal)
    with torch.autocast("cpu", enabled=False):
        mask = mask if mask is None or mask.dtype == torch.bool else mask.float()
        return scaled_dot_product_attention(q.float(), k.float(), v.float(), mask, is_causal=is_causal)


def _split_heads(x: Tensor, heads: int) -> Tensor:
    """Return ``(B, T, C)`` as heads, ``(B, A, T, D)``."""
    return torch.unflatten(x, -1, (heads, -1)).transpose(1, 2)


def _merge_heads(x: Tensor) -> Tensor:
    """Concatenate the heads ``(B, A, T, D)`` again, ``(B, T, C)``."""
    return x.transpose(1, 2).flatten(2)
