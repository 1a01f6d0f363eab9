"""Scaled dot-product attention over the points of a drawing (Vaswani et al. 2017).

Letters: ``B`` batch, ``T`` points, ``P`` points before, ``A`` heads, ``D`` width of a head, ``C`` width of
all heads, ``X`` width of the input, ``K`` places of a memory.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from limner.models.positions import rotated, sinusoids

Places = Literal["none", "added", "rotary"]


class Attention(nn.Module):
    """Every point looks at itself and at the points before it; at those behind it only where that is asked.

    Its weights are not dropped out: on a processor that takes as long as all else, as the fused kernel
    cannot do it.

    Parameters
    ----------
    input_size : int
        X
    size : int
        C, a multiple of ``heads``.
    heads : int
        A
    places : str
        How queries and keys know where they stand: not at all (``none``), by sinusoids that are added to
        them, or by being rotated (``rotary``).

    Raises
    ------
    ValueError
        If the heads do not share the width evenly.
    """

    def __init__(self, input_size: int, size: int, heads: int, *, places: Places = "none") -> None:
        super().__init__()
        if size % heads:
            raise ValueError(f"{heads} heads cannot share a width of {size} evenly")
        self.heads, self.places = heads, places
        self.query = nn.Linear(input_size, size)
        self.key = nn.Linear(input_size, size)
        self.value = nn.Linear(input_size, size)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Read a whole sequence.

        Parameters
        ----------
        x : Tensor of shape ``(B, T, X)``
        lengths : int64 Tensor of shape ``(B,)``, optional
            With it every point looks at all real points, ahead too; at least one of each drawing is real.

        Returns
        -------
        Tensor of shape ``(B, T, C)``
        """
        q, k, v = self._cut(x, 0)
        mask = None
        if lengths is not None:
            mask = (torch.arange(x.shape[1], device=x.device) < lengths.unsqueeze(1))[
                :, None, None
            ]  # (B, 1, 1, T)
        return _joined(_seen(q, k, v, mask, is_causal=mask is None))

    def begin(self, batch_size: int) -> tuple[Tensor, Tensor]:
        """Give keys and values before the first point, ``(B, A, 0, D)``."""
        width = self.key.out_features // self.heads
        none = self.key.weight.new_zeros(batch_size, self.heads, 0, width)
        return none, none

    def step(self, x: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Take one point.

        Parameters
        ----------
        x : Tensor of shape ``(B, X)``
        keys, values : Tensor of shape ``(B, A, P, D)``
            Of the points before.

        Returns
        -------
        Tensor of shape ``(B, C)``
            What the point sees.
        keys, values : Tensor of shape ``(B, A, P + 1, D)``
        """
        q, k, v = self._cut(x.unsqueeze(1), keys.shape[2])
        keys, values = torch.cat([keys, k], dim=2), torch.cat([values, v], dim=2)
        seen = scaled_dot_product_attention(q, keys, values)  # (B, A, 1, D)
        return _joined(seen).squeeze(1), keys, values

    def _cut(self, x: Tensor, first: int) -> tuple[Tensor, Tensor, Tensor]:
        """Give queries, keys and values ``(B, A, T, D)`` of points ``(B, T, X)``, the first at a place."""
        q, k, v = self.query(x), self.key(x), self.value(x)  # (B, T, C)
        if self.places == "added":
            places = sinusoids(first, x.shape[1], q.shape[2], q)
            q, k = q + places, k + places
        q, k, v = (torch.unflatten(part, -1, (self.heads, -1)).transpose(1, 2) for part in (q, k, v))
        return (rotated(q, first), rotated(k, first), v) if self.places == "rotary" else (q, k, v)


class Memory(NamedTuple):
    """A memory that points look at."""

    places: Tensor  # (B, K, C)
    hidden: Tensor  # (B, K), 0 where a place is seen, far below 0 where it is not


class CrossAttention(nn.Module):
    """Every point looks at all places of a memory (Vaswani et al. 2017, section 3.2.3).

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

    def begin(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Give keys and values of a memory ``(B, K, C)``, each ``(B, A, K, D)``."""
        return self._cut(self.key(places)), self._cut(self.value(places))

    def forward(self, x: Tensor, keys: Tensor, values: Tensor, hidden: Tensor) -> Tensor:
        """Give what points ``(B, T, C)`` see of a memory whose places are ``hidden`` or not, ``(B, K)``."""
        return _joined(_seen(self._cut(self.query(x)), keys, values, hidden[:, None, None].to(keys.dtype)))

    def _cut(self, x: Tensor) -> Tensor:
        return torch.unflatten(x, -1, (self.heads, -1)).transpose(1, 2)


class AttentivePooling(nn.Module):
    """One vector for a sequence: a mean weighted by what each point's own features say.

    Parameters
    ----------
    size : int
        X
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.score = nn.Linear(size, 1)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """Pool the real points of ``(B, T, X)``, give ``(B, X)``; zeros where there is none."""
        real = torch.arange(x.shape[1], device=x.device) < lengths.unsqueeze(1)  # (B, T)
        scores = self.score(x).squeeze(-1).masked_fill(~real, -math.inf)
        weights = scores.softmax(dim=1).where(real, 0)  # all -inf gives NaN, and no point gives 0
        return torch.einsum("bt,btx->bx", weights, x.where(real.unsqueeze(2), 0))


def _seen(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, *, is_causal: bool = False) -> Tensor:
    """Attend; on a processor in float32, where the way back in bfloat16 takes ten times as long."""
    if q.dtype != torch.bfloat16 or q.device.type != "cpu":
        return scaled_dot_product_attention(q, k, v, mask, is_causal=is_causal)
    with torch.autocast("cpu", enabled=False):
        mask = mask if mask is None or mask.dtype == torch.bool else mask.float()
        return scaled_dot_product_attention(q.float(), k.float(), v.float(), mask, is_causal=is_causal)


def _joined(x: Tensor) -> Tensor:
    """Put the heads ``(B, A, T, D)`` side by side again, ``(B, T, C)``."""
    return x.transpose(1, 2).flatten(2)
