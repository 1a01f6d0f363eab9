"""A layer of a transformer: attention, then a small network at every place (Vaswani et al. 2017).

Letters: ``B`` batch, ``T`` places, ``C`` width, ``A`` heads, ``P`` places before, ``D`` width of a head.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from limner.models.attention import Attention, Places
from limner.models.config import NormName


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
        self.attention = Attention(width, width, shape.heads, places=shape.places, dropout=shape.dropout)
        self.project = nn.Linear(width, width)
        self.inside = nn.Sequential(
            nn.Linear(width, shape.feedforward),
            nn.GELU(),
            nn.Dropout(shape.dropout),
            nn.Linear(shape.feedforward, width),
        )
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Read ``(B, T, C)``, give the same shape; with ``lengths`` every place sees all real ones."""
        x = self._added(x, self.attention(self._ahead(x, 0), lengths))
        return self._finished(x)

    def step(self, x: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Take one place ``(B, C)`` after those of ``keys`` and ``values``, ``(B, A, P, D)``."""
        seen, keys, values = self.attention.step(self._ahead(x, 0), keys, values)
        return self._finished(self._added(x, seen)), keys, values

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

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Read ``(B, T, C)``, give the same shape; with ``lengths`` every place sees all real ones."""
        for block in self._layers:
            x = block(x, lengths)
        found: Tensor = self.last(x)
        return found

    def begin(self, batch_size: int) -> dict[str, Tensor]:
        """Give the keys and values of every layer before the first place, each ``(B, A, 0, D)``."""
        state = {}
        for k, block in enumerate(self._layers):
            state[f"keys_{k}"], state[f"values_{k}"] = block.attention.begin(batch_size)
        return state

    def step(self, x: Tensor, state: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Take one place ``(B, C)``."""
        after = dict(state)
        for k, block in enumerate(self._layers):
            names = f"keys_{k}", f"values_{k}"
            x, after[names[0]], after[names[1]] = block.step(x, state[names[0]], state[names[1]])
        found: Tensor = self.last(x)
        return found, after

    @property
    def _layers(self) -> list[Block]:
        return [block for block in self.blocks if isinstance(block, Block)]
