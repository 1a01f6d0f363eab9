"""The network that looks at drawings.

Letters: ``B`` drawings, ``P`` pixels of a side, ``D`` features, ``C`` classes.
"""

from __future__ import annotations

import pytest
import torch

from limner.evaluation.protocol.network import NetworkSizes, ResidualBlock, SketchNetwork

SIZES = NetworkSizes(channels=(4, 6, 8), classes=5)


@pytest.fixture
def network() -> SketchNetwork:
    torch.manual_seed(0)
    return SketchNetwork(SIZES).eval()


def test_shapes(network: SketchNetwork) -> None:
    pictures = torch.rand(3, 32, 32)
    assert network.features(pictures).shape == (3, 8)
    assert network(pictures).shape == (3, 5)


def test_drawings_are_looked_at_one_by_one(network: SketchNetwork) -> None:
    pictures = torch.rand(3, 32, 32)
    torch.testing.assert_close(network.features(pictures)[1:2], network.features(pictures[1:2]))


def test_features_are_not_negative(network: SketchNetwork) -> None:
    found = network.features(torch.randn(4, 32, 32))
    assert found.min() >= 0
    assert found.max() > 0


def test_a_block_halves_the_side() -> None:
    x = torch.rand(2, 4, 16, 16)
    assert ResidualBlock(4, 6, stride=2)(x).shape == (2, 6, 8, 8)
    assert ResidualBlock(4, 4, stride=1)(x).shape == x.shape


def test_it_learns() -> None:
    """Two strokes' directions, told apart after a few steps."""
    torch.manual_seed(1)
    network = SketchNetwork(NetworkSizes(channels=(4, 8), classes=2)).train()
    pictures, labels = torch.zeros(16, 16, 16), torch.arange(16) % 2
    for k in range(16):
        if k % 2:
            pictures[k, 4 + k // 2] = 1
        else:
            pictures[k, :, 4 + k // 2] = 1
    optimiser = torch.optim.Adam(network.parameters(), lr=0.02)
    for _ in range(20):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(pictures), labels)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert (network(pictures).argmax(1) == labels).all()
