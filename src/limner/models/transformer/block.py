"""A layer of a transformer: attention, then a small network at every place (Vaswani et al. 2017).

A layer that ``looks`` has attention to a memory between the two. Each part adds to what goes through.

Letters: ``B`` batch, ``T`` places, ``C`` width, ``A`` heads, ``P`` places before, ``D`` width of a head,
``K`` places of a memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from limner.models.attention import Attention, CrossAttention, Memory, Places
from limner.models.config import NormName

MEMORY = ("memory_keys", "memory_values", "memory_hidden")
"""What a state calls its memory: keys and values by layer, and what of it is hidden."""


@dataclass(frozen=True)
class Shape:
    """What the layers of a stack have in common."""

    width: int
    """C"""
    heads: int
    """A"""
    feedforward: int
    """Width inside the network at every place."""
    dropout: float
    norm: NormName
    """Whether layers are normalised on their way in (pre) or out (post)."""
    places: Places = "none"
    looks: bool = False
    """Whether every layer looks at a memory."""


class Block(nn.Module):
    """One layer.

    Parameters
    ----------
    shape : Shape
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.order = shape.norm
        self.attention = Attention(width, width, shape.heads, places=shape.places)
        self.project = nn.Linear(width, width)
        self.inside = nn.Sequential(
            nn.Linear(width, shape.feedforward),
            nn.GELU(),
            nn.Dropout(shape.dropout),
            nn.Linear(shape.feedforward, width),
        )
        self.looking = CrossAttention(width, shape.heads) if shape.looks else None
        self.bring = nn.Linear(width, width) if shape.looks else None
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(3 if shape.looks else 2)])
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, lengths: Tensor | None = None, memory: Memory | None = None) -> Tensor:
        """Read ``(B, T, C)``, give the same shape; with ``lengths`` every place sees all real ones."""
        x = self._added(x, self.attention(self._ahead(x, 0), lengths))
        if self.looking is not None and memory is not None:
            x = self.look(x, *self.looking.begin(memory.places), memory.hidden)
        return self._finished(x)

    def step(
        self, x: Tensor, keys: Tensor, values: Tensor, memory: tuple[Tensor, Tensor, Tensor] | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Take one place ``(B, C)`` after those of ``keys`` and ``values``, ``(B, A, P, D)``.

        ``memory`` is keys and values ``(B, A, K, D)`` and what is hidden, ``(B, K)``.
        """
        seen, keys, values = self.attention.step(self._ahead(x, 0), keys, values)
        x = self._added(x, seen)
        if memory is not None:
            x = self.look(x.unsqueeze(1), *memory).squeeze(1)
        return self._finished(x), keys, values

    def look(self, x: Tensor, keys: Tensor, values: Tensor, hidden: Tensor) -> Tensor:
        """Add to ``(B, T, C)`` what is seen of a memory."""
        if self.looking is None or self.bring is None:
            raise ValueError("this layer looks at no memory")
        seen = self.bring(self.looking(self._ahead(x, 2), keys, values, hidden))
        return self._behind(x + self.dropout(seen), 2)

    def _added(self, x: Tensor, seen: Tensor) -> Tensor:
        return self._behind(x + self.dropout(self.project(seen)), 0)

    def _finished(self, x: Tensor) -> Tensor:
        return self._behind(x + self.dropout(self.inside(self._ahead(x, 1))), 1)

    def _ahead(self, x: Tensor, which: int) -> Tensor:
        normed: Tensor = self.norms[which](x) if self.order == "pre" else x
        return normed

    def _behind(self, x: Tensor, which: int) -> Tensor:
        normed: Tensor = self.norms[which](x) if self.order == "post" else x
        return normed


class Stack(nn.Module):
    """Layers on top of each other, and a norm behind those that are normalised on their way in.

    Parameters
    ----------
    shape : Shape
    layers : int
    """

    def __init__(self, shape: Shape, layers: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Block(shape) for _ in range(layers)])
        self.last = nn.LayerNorm(shape.width) if shape.norm == "pre" else nn.Identity()

    def forward(self, x: Tensor, lengths: Tensor | None = None, memory: Memory | None = None) -> Tensor:
        """Read ``(B, T, C)``, give the same shape; with ``lengths`` every place sees all real ones."""
        for block in self._layers:
            x = block(x, lengths, memory)
        found: Tensor = self.last(x)
        return found

    def begin(self, batch_size: int, memory: Memory | None = None) -> dict[str, Tensor]:
        """Give the keys and values of every layer before the first place, each ``(B, A, 0, D)``.

        Those of the memory, ``(B, A, K, D)``, stay the same from place to place.
        """
        state = {}
        for k, block in enumerate(self._layers):
            state[f"keys_{k}"], state[f"values_{k}"] = block.attention.begin(batch_size)
            if memory is not None and block.looking is not None:
                state[f"{MEMORY[0]}_{k}"], state[f"{MEMORY[1]}_{k}"] = block.looking.begin(memory.places)
        return state if memory is None else {**state, MEMORY[2]: memory.hidden}

    def step(self, x: Tensor, state: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Take one place ``(B, C)``."""
        after = dict(state)
        for k, block in enumerate(self._layers):
            names = f"keys_{k}", f"values_{k}"
            memory = None
            if block.looking is not None:
                memory = state[f"{MEMORY[0]}_{k}"], state[f"{MEMORY[1]}_{k}"], state[MEMORY[2]]
            x, *grown = block.step(x, state[names[0]], state[names[1]], memory)
            after[names[0]], after[names[1]] = grown
        found: Tensor = self.last(x)
        return found, after

    @property
    def _layers(self) -> list[Block]:
        return [block for block in self.blocks if isinstance(block, Block)]
