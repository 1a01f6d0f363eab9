"""Layers of a transformer: causal, cached, and as torch has them.

Letters: ``B`` batch, ``T`` positions, ``C`` width.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from limner.models.attention import Positions
from limner.models.config import NormName
from limner.models.transformer.block import Block, LayerShape, Stack

B, T, C = 3, 8, 12
SHAPE = LayerShape(width=C, heads=3, feedforward=20, dropout=0.0, norm="pre")
ORDERS = pytest.mark.parametrize("norm", ["pre", "post"])
ALL = pytest.mark.parametrize("positions", ["none", "added", "rotary"])


def _stack(norm: NormName = "pre", positions: Positions = "none") -> Stack:
    torch.manual_seed(0)
    return Stack(replace(SHAPE, norm=norm, positions=positions), 2)


def _x() -> Tensor:
    return torch.randn(B, T, C, generator=torch.Generator().manual_seed(1))


@ORDERS
def test_equals_torchs_layer(norm: NormName) -> None:
    """With the same weights."""
    torch.manual_seed(0)
    block = Block(replace(SHAPE, norm=norm))
    torchs = nn.TransformerEncoderLayer(C, 3, 20, 0.0, "gelu", batch_first=True, norm_first=norm == "pre")
    attention, ours = torchs.self_attn, block.attention
    layers = (ours.query, ours.key, ours.value)
    with torch.no_grad():
        attention.in_proj_weight.copy_(torch.cat([layer.weight for layer in layers]))
        attention.in_proj_bias.copy_(torch.cat([layer.bias for layer in layers]))
    attention.out_proj.load_state_dict(block.project.state_dict())
    torchs.linear1.load_state_dict(block.feedforward[0].state_dict())
    torchs.linear2.load_state_dict(block.feedforward[3].state_dict())
    mask = nn.Transformer.generate_square_subsequent_mask(T)
    torch.testing.assert_close(block(_x()), torchs(_x(), mask, is_causal=True), rtol=1e-5, atol=1e-5)


@ORDERS
@ALL
def test_cached_steps_equal_the_sequence(norm: NormName, positions: Positions) -> None:
    stack, x = _stack(norm, positions), _x()
    whole, state = stack(x), stack.begin(B)
    for t, position in enumerate(x.unbind(1)):
        found, state = stack.step(position, state)
        torch.testing.assert_close(found, whole[:, t], rtol=1e-5, atol=1e-5)


@ORDERS
@ALL
def test_causal(norm: NormName, positions: Positions) -> None:
    stack, x = _stack(norm, positions), _x()
    before = stack(x)
    x[:, 5] = x[:, 5].flip(-1)
    after = stack(x)
    torch.testing.assert_close(before[:, :5], after[:, :5], rtol=0, atol=1e-6)
    assert (before[:, 5:] - after[:, 5:]).abs().amax((0, 2)).min() > 1e-6


def test_padding_changes_nothing() -> None:
    stack, x, lengths = _stack(), _x(), torch.tensor([T, 3, 1])
    before = stack(x, lengths)
    x[1, 3:] += 9
    torch.testing.assert_close(stack(x, lengths)[1, :3], before[1, :3])
