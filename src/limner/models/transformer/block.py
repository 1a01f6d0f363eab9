"""Layers of a transformer: attention, then a feed-forward network (Vaswani et al. 2017).

A layer that cross-attends has attention to a memory between the two. Every part is a residual one.

Letters: ``B`` batch, ``T`` positions, ``C`` width, ``A`` heads, ``P`` previous positions, ``D`` width of a
head, ``K`` slots of a memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from limner.models.attention import Attention, CrossAttention, Memory, Positions
from limner.models.config import NormName

MEMORY = ("memory_keys", "memory_values", "memory_mask")
"""Names in a state: keys and values of the memory, each with the number of the layer, and its mask."""
SELF, FEEDFORWARD, CROSS = 0, 1, 2
"""Indices of the norms of the three parts."""


@dataclass(frozen=True)
class LayerShape:
    """What the layers of a stack have in common."""

    width: int
    """C"""
    heads: int
    """A"""
    feedforward: int
    """Hidden units of the feed-forward network."""
    dropout: float
    norm: NormName
    """Whether layers normalize their input (pre) or their output (post)."""
    positions: Positions = "none"
    cross_attends: bool = False
    """Whether every layer attends to a memory."""


class Block(nn.Module):
    """One layer.

    Parameters
    ----------
    shape : LayerShape
    """

    def __init__(self, shape: LayerShape) -> None:
        super().__init__()
        width, crossing = shape.width, shape.cross_attends
        self.order = shape.norm
        self.attention = Attention(width, width, shape.heads, positions=shape.positions)
        self.project = nn.Linear(width, width)
        self.feedforward = nn.Sequential(
            nn.Linear(width, shape.feedforward),
            nn.GELU(),
            nn.Dropout(shape.dropout),
            nn.Linear(shape.feedforward, width),
        )
        self.cross_attention = CrossAttention(width, shape.heads) if crossing else None
        self.cross_project = nn.Linear(width, width) if crossing else None
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(3 if crossing else 2)])
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, lengths: Tensor | None = None, memory: Memory | None = None) -> Tensor:
        """Map ``(B, T, C)`` to the same shape; causal unless ``lengths`` are given."""
        attended = self.attention(self._norm_before(x, SELF), lengths)
        x = self._norm_after(x + self.dropout(self.project(attended)), SELF)
        if self.cross_attention is not None and memory is not None:
            x = self.attend_to(x, *self.cross_attention.begin(memory.slots), memory.mask)
        return self._feed_forward(x)

    def step(
        self, x: Tensor, keys: Tensor, values: Tensor, memory: tuple[Tensor, Tensor, Tensor] | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Take one position and return its output, and the keys and values with it.

        Parameters
        ----------
        x : Tensor of shape ``(B, C)``
        keys, values : Tensor of shape ``(B, A, P, D)``
        memory : tuple of Tensors, optional
            Keys and values ``(B, A, K, D)``, and the mask ``(B, K)``.
        """
        attended, keys, values = self.attention.step(self._norm_before(x, SELF), keys, values)
        x = self._norm_after(x + self.dropout(self.project(attended)), SELF)
        if memory is not None:
            x = self.attend_to(x.unsqueeze(1), *memory).squeeze(1)
        return self._feed_forward(x), keys, values

    def attend_to(self, x: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        """Add to ``(B, T, C)`` what it attends to in a memory.

        Raises
        ------
        ValueError
            If the layer does not cross-attend.
        """
        if self.cross_attention is None or self.cross_project is None:
            raise ValueError("this layer attends to no memory")
        attended = self.cross_attention(self._norm_before(x, CROSS), keys, values, mask)
        return self._norm_after(x + self.dropout(self.cross_project(attended)), CROSS)

    def _feed_forward(self, x: Tensor) -> Tensor:
        hidden = self.feedforward(self._norm_before(x, FEEDFORWARD))
        return self._norm_after(x + self.dropout(hidden), FEEDFORWARD)

    def _norm_before(self, x: Tensor, part: int) -> Tensor:
        normed: Tensor = self.norms[part](x) if self.order == "pre" else x
        return normed

    def _norm_after(self, x: Tensor, part: int) -> Tensor:
        normed: Tensor = self.norms[part](x) if self.order == "post" else x
        return normed


class Stack(nn.Module):
    """Layers on top of each other, and a final norm where layers normalize their input.

    Parameters
    ----------
    shape : LayerShape
    layers : int
    """

    def __init__(self, shape: LayerShape, layers: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Block(shape) for _ in range(layers)])
        self.norm = nn.LayerNorm(shape.width) if shape.norm == "pre" else nn.Identity()

    def forward(self, x: Tensor, lengths: Tensor | None = None, memory: Memory | None = None) -> Tensor:
        """Map ``(B, T, C)`` to the same shape; causal unless ``lengths`` are given."""
        for block in self._layers:
            x = block(x, lengths, memory)
        normed: Tensor = self.norm(x)
        return normed

    def begin(self, batch_size: int, memory: Memory | None = None) -> dict[str, Tensor]:
        """Return keys and values of every layer before the first position, each ``(B, A, 0, D)``.

        Those of the memory, ``(B, A, K, D)``, stay the same from position to position.
        """
        state = {}
        for k, block in enumerate(self._layers):
            state[f"keys_{k}"], state[f"values_{k}"] = block.attention.begin(batch_size)
            if memory is not None and block.cross_attention is not None:
                keys, values = block.cross_attention.begin(memory.slots)
                state[f"{MEMORY[0]}_{k}"], state[f"{MEMORY[1]}_{k}"] = keys, values
        return state if memory is None else {**state, MEMORY[2]: memory.mask}

    def step(self, x: Tensor, state: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Take one position ``(B, C)`` and return its output and the state after it."""
        after = dict(state)
        for k, block in enumerate(self._layers):
            keys, values = f"keys_{k}", f"values_{k}"
            memory = None
            if block.cross_attention is not None:
                memory = state[f"{MEMORY[0]}_{k}"], state[f"{MEMORY[1]}_{k}"], state[MEMORY[2]]
            x, after[keys], after[values] = block.step(x, state[keys], state[values], memory)
        normed: Tensor = self.norm(x)
        return normed, after

    @property
    def _layers(self) -> list[Block]:
        return [block for block in self.blocks if isinstance(block, Block)]
