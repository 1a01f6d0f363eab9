"""The network that looks at drawings for the protocol: a small residual network (He et al. 2016).

Letters: ``B`` drawings, ``P`` pixels of a side, ``D`` features, ``C`` classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class NetworkSizes:
    """What the network consists of."""

    channels: tuple[int, ...] = (32, 64, 112, 160)
    """Of each block; the picture's side is halved before the first and in all others. The last is D."""
    classes: int = 259
    """C."""


class SketchNetwork(nn.Module):
    """Pictures of drawings to features and classes.

    Parameters
    ----------
    sizes : NetworkSizes
    """

    def __init__(self, sizes: NetworkSizes) -> None:
        super().__init__()
        first = sizes.channels[0]
        self.entry = nn.Conv2d(1, first, 5, stride=2, padding=2, bias=False)
        self.entry_norm = nn.BatchNorm2d(first)
        before = (first, *sizes.channels[:-1])
        self.blocks = nn.ModuleList(
            Block(a, b, stride=1 if k == 0 else 2)
            for k, (a, b) in enumerate(zip(before, sizes.channels, strict=True))
        )
        self.head = nn.Linear(sizes.channels[-1], sizes.classes)

    def features(self, pictures: Tensor) -> Tensor:
        """Describe pictures by the mean over places of what the last block says.

        Parameters
        ----------
        pictures : tensor of shape ``(B, P, P)``
            Cover with ink, 0 to 1.
        """
        x = functional.relu(self.entry_norm(self.entry(pictures[:, None])))  # (B, channels[0], P/2, P/2)
        for block in self.blocks:
            x = block(x)
        return x.mean((2, 3))  # (B, D)

    def forward(self, pictures: Tensor) -> Tensor:
        """Give the logits of classes, ``(B, C)``."""
        features = self.features(pictures)
        return torch.as_tensor(self.head(functional.dropout(features, 0.2, self.training)))


class Block(nn.Module):
    """Two convolutions of 3 x 3 beside a way around them.

    Parameters
    ----------
    before, after : int
        Channels.
    stride : int
        2 halves the side.
    """

    def __init__(self, before: int, after: int, *, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(after)
        self.second = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(after)
        self.around = nn.Conv2d(before, after, 1, bias=False) if before != after else nn.Identity()
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """Take ``(B, before, H, W)`` to ``(B, after, H / stride, W / stride)``."""
        inner = functional.relu(self.first_norm(self.first(x)))
        around = functional.avg_pool2d(x, self.stride) if self.stride > 1 else x
        return functional.relu(self.second_norm(self.second(inner)) + self.around(around))
