"""The network of the evaluation protocol: a small residual network for classification (He et al. 2016).

Letters: ``B`` drawings, ``P`` pixels of a side, ``D`` features, ``C`` classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval


@dataclass(frozen=True)
class NetworkSizes:
    """Sizes of the layers."""

    channels: tuple[int, ...] = (32, 64, 112, 160)
    """Of each block; the last is D. The side of the picture is halved before the first block and in all
    others."""
    classes: int = 259
    """C."""


class SketchNetwork(nn.Module):
    """Maps pictures of drawings to features and classes.

    Parameters
    ----------
    sizes : NetworkSizes
    """

    def __init__(self, sizes: NetworkSizes) -> None:
        super().__init__()
        first = sizes.channels[0]
        self.entry = nn.Conv2d(1, first, 5, stride=2, padding=2, bias=False)
        self.entry_norm: nn.Module = nn.BatchNorm2d(first)
        before = (first, *sizes.channels[:-1])
        self.blocks = nn.ModuleList(
            ResidualBlock(a, b, stride=1 if k == 0 else 2)
            for k, (a, b) in enumerate(zip(before, sizes.channels, strict=True))
        )
        self.head = nn.Linear(sizes.channels[-1], sizes.classes)

    def features(self, pictures: Tensor) -> Tensor:
        """Return the features of pictures, the outputs of the last block averaged over positions, ``(B, D)``.

        Parameters
        ----------
        pictures : tensor of shape ``(B, P, P)``
            Coverage with ink, 0 to 1.
        """
        # (B, channels[0], P/2, P/2)
        x = functional.relu(self.entry_norm(self.entry(pictures[:, None])), inplace=True)
        for block in self.blocks:
            x = block(x)
        return x.mean((2, 3))  # (B, D)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the logits of classes, ``(B, C)``."""
        features = self.features(pictures)
        return torch.as_tensor(self.head(functional.dropout(features, 0.2, self.training)))


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions with a skip connection.

    Parameters
    ----------
    before, after : int
        Channels.
    stride : int
        At 2 the side is halved.
    """

    def __init__(self, before: int, after: int, *, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
        self.first_norm: nn.Module = nn.BatchNorm2d(after)
        self.second = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.second_norm: nn.Module = nn.BatchNorm2d(after)
        self.around = nn.Conv2d(before, after, 1, bias=False) if before != after else nn.Identity()
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(B, before, H, W)`` to ``(B, after, H / stride, W / stride)``."""
        inner = functional.relu(self.first_norm(self.first(x)), inplace=True)
        around = functional.avg_pool2d(x, self.stride) if self.stride > 1 else x
        return functional.relu(self.second_norm(self.second(inner)) + self.around(around), inplace=True)


def prepare_inference(network: SketchNetwork) -> SketchNetwork:
    """Fold normalization into convolutions and lay weights out channels-last, in place; return the network.

    In evaluation mode features differ by rounding alone, and take 40 % less time on a CPU.
    """
    network.eval().requires_grad_(requires_grad=False)
    network.entry, network.entry_norm = _fold(network.entry, network.entry_norm), nn.Identity()
    for block in network.blocks:
        if isinstance(block, ResidualBlock):
            block.first, block.first_norm = _fold(block.first, block.first_norm), nn.Identity()
            block.second, block.second_norm = _fold(block.second, block.second_norm), nn.Identity()
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def _fold(convolution: nn.Conv2d, norm: nn.Module) -> nn.Conv2d:
    return fuse_conv_bn_eval(convolution, norm) if isinstance(norm, nn.BatchNorm2d) else convolution
