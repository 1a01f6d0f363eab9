"""Attention over points: causal, cached, and by hand.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input.
"""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from limner.models.attention import Attention, AttentivePooling

B, T, X = 3, 9, 5
BOTH = pytest.mark.parametrize("positions", [False, True])


def _attention(*, positions: bool = False) -> Attention:
    torch.manual_seed(0)
    return Attention(X, 8, 2, positions=positions)


def _x() -> Tensor:
    return torch.randn(B, T, X, generator=torch.Generator().manual_seed(1))


def test_equals_the_formula() -> None:
    """softmax(q k / sqrt(D)) v over the points so far, head by head."""
    attention, x = _attention(), _x()
    q, k, v = attention.query(x), attention.key(x), attention.value(x)
    found = attention(x)
    for b in range(B):
        for t in range(T):
            for head in (slice(0, 4), slice(4, 8)):
                scores = k[b, : t + 1, head] @ q[b, t, head] / math.sqrt(4)
                wanted = scores.softmax(0) @ v[b, : t + 1, head]
                torch.testing.assert_close(found[b, t, head], wanted, rtol=1e-5, atol=1e-6)


@BOTH
def test_causal(positions: bool) -> None:
    attention, x = _attention(positions=positions), _x()
    before = attention(x)
    x[:, 4] += 1
    after = attention(x)
    torch.testing.assert_close(before[:, :4], after[:, :4], rtol=0, atol=0)
    assert (before[:, 4:] != after[:, 4:]).any(-1).all()


@BOTH
def test_cached_steps_equal_the_sequence(positions: bool) -> None:
    attention, x = _attention(positions=positions), _x()
    keys, values = attention.begin(B)
    for t, point in enumerate(x.unbind(1)):
        seen, keys, values = attention.step(point, keys, values)
        torch.testing.assert_close(seen, attention(x)[:, t], rtol=1e-5, atol=1e-6)
    assert keys.shape == (B, 2, T, 4)


def test_order_counts_with_positions_only() -> None:
    """What the last point sees when the first two change places."""
    x = _x()
    swapped = x[:, [1, 0, *range(2, T)]]
    bare, placed = _attention(), _attention(positions=True)
    torch.testing.assert_close(bare(x)[:, -1], bare(swapped)[:, -1])
    assert (placed(x)[:, -1] - placed(swapped)[:, -1]).abs().max() > 1e-4


def test_heads_must_share_evenly() -> None:
    with pytest.raises(ValueError, match="3 heads cannot share a width of 8"):
        Attention(X, 8, 3)


def test_pooling_weighs_real_points_alone() -> None:
    torch.manual_seed(0)
    pooling, x, lengths = AttentivePooling(X), _x(), torch.tensor([T, 4, 0])
    found = pooling(x, lengths)
    for row, points, length in zip(found, x, lengths.tolist(), strict=True):
        weights = pooling.score(points[:length]).squeeze(1).softmax(0)
        torch.testing.assert_close(row, weights @ points[:length])
    assert not found[2].any()
    x[1, 4:] = torch.nan
    torch.testing.assert_close(pooling(x, lengths), found)


def test_pooling_nothing_has_a_finite_gradient() -> None:
    pooling, x = AttentivePooling(X), _x().requires_grad_()
    pooling(x, torch.tensor([0, 1, 2])).sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()
    assert pooling.score.weight.grad is not None
    assert pooling.score.weight.grad.isfinite().all()
