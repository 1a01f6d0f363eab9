"""Attention over points: causal, cached, and by hand.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input.
"""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from limner.models.attention import Attention, AttentivePooling, CrossAttention, Positions
from limner.models.positions import rotate

B, T, X = 3, 9, 5
ALL = pytest.mark.parametrize("positions", ["none", "added", "rotary"])


def _attention(*, positions: Positions = "none") -> Attention:
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


@ALL
def test_causal(positions: Positions) -> None:
    attention, x = _attention(positions=positions), _x()
    before = attention(x)
    x[:, 4] += 1
    after = attention(x)
    torch.testing.assert_close(before[:, :4], after[:, :4], rtol=0, atol=0)
    assert (before[:, 4:] != after[:, 4:]).any(-1).all()


@ALL
def test_cached_steps_equal_the_sequence(positions: Positions) -> None:
    attention, x = _attention(positions=positions), _x()
    keys, values = attention.begin(B)
    for t, point in enumerate(x.unbind(1)):
        seen, keys, values = attention.step(point, keys, values)
        torch.testing.assert_close(seen, attention(x)[:, t], rtol=1e-5, atol=1e-6)
    assert keys.shape == (B, 2, T, 4)


def test_order_counts_with_positions_only() -> None:
    """What the last point attends to when the first two are swapped."""
    x = _x()
    swapped = x[:, [1, 0, *range(2, T)]]
    bare = _attention()
    torch.testing.assert_close(bare(x)[:, -1], bare(swapped)[:, -1])
    for positions in ("added", "rotary"):
        placed = _attention(positions=positions)
        assert (placed(x)[:, -1] - placed(swapped)[:, -1]).abs().max() > 1e-4


def test_looks_ahead_at_real_points_where_lengths_are_given() -> None:
    attention, x, lengths = _attention(), _x(), torch.tensor([T, 4, 1])
    before = attention(x, lengths)
    x[1, 3] += 1
    assert (attention(x, lengths)[1, 0] != before[1, 0]).any()
    x[1, 3] -= 1
    x[1, 4:] += 1
    torch.testing.assert_close(attention(x, lengths)[1, :4], before[1, :4])


def test_rotation_counts_distances_only() -> None:
    """The product of a rotate query and key is that of any pair as far apart."""
    q, k = torch.randn(2, 1, 8, generator=torch.Generator().manual_seed(3))
    near = rotate(q, 5) @ rotate(k, 2).T
    far = rotate(q, 105) @ rotate(k, 102).T
    torch.testing.assert_close(near, far, rtol=1e-4, atol=1e-4)
    assert (near - rotate(q, 5) @ rotate(k, 3).T).abs() > 1e-3


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


# Memory ------------------------------------------------------------------------------------------


def _cross_attention() -> tuple[CrossAttention, Tensor, Tensor]:
    torch.manual_seed(0)
    return CrossAttention(8, 2), torch.randn(B, T, 8), torch.randn(B, 4, 8)


def test_looking_equals_the_formula() -> None:
    """softmax(q k / sqrt(D) + mask) v over all slots, head by head."""
    attention, x, slots = _cross_attention()
    mask = torch.tensor([0.0, -1.0, 0.0, 2.0]).expand(B, 4)
    found = attention(x, *attention.begin(slots), mask)
    q, k, v = attention.query(x), attention.key(slots), attention.value(slots)
    for head in (slice(0, 4), slice(4, 8)):
        scores = q[:, :, head] @ k[:, :, head].transpose(1, 2) / math.sqrt(4) + mask[:, None]
        torch.testing.assert_close(found[..., head], scores.softmax(-1) @ v[:, :, head], rtol=1e-5, atol=1e-6)


def test_what_is_hidden_is_not_seen() -> None:
    attention, x, slots = _cross_attention()
    mask = torch.tensor([0.0, 0.0, -1e4, 0.0]).expand(B, 4)
    found = attention(x, *attention.begin(slots), mask)
    slots[:, 2] += 1
    assert torch.equal(attention(x, *attention.begin(slots), mask), found)


@pytest.mark.parametrize("lengths", [None, torch.tensor([T, 3, 1])])
def test_bfloat16_attends_as_float32_does(lengths: Tensor | None) -> None:
    """The products around it are rounded; its own are not."""
    attention, x = _attention(), _x()
    with torch.autocast("cpu", torch.bfloat16):
        found = attention(x, lengths)
    torch.testing.assert_close(found.float(), attention(x, lengths), rtol=0.02, atol=0.02)
    found.float().sum().backward()
    assert all(p.grad is not None and bool(p.grad.isfinite().all()) for p in attention.parameters())
