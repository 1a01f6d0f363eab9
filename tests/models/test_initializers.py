"""Initial weights: their spread and shape."""

from __future__ import annotations

import math

import pytest
import torch

from limner.models.initializers import (
    LATENT_STD,
    glorot_uniform_,
    latent_linear,
    orthogonal_gates_,
    output_linear,
)


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def _is_uniform(values: torch.Tensor, limit: float) -> bool:
    """Whether values reach nearly to +-limit and have its standard deviation, limit / sqrt(3)."""
    inside = values.abs().max() <= limit and values.abs().max() > 0.95 * limit
    return bool(inside) and float(values.std()) == pytest.approx(limit / math.sqrt(3), rel=0.1)


def test_glorot_of_a_matrix() -> None:
    assert _is_uniform(glorot_uniform_(torch.empty(133, 2048)).flatten(), math.sqrt(6 / (133 + 2048)))


def test_glorot_of_a_vector() -> None:
    """TensorFlow takes a vector's length for both fans."""
    assert _is_uniform(glorot_uniform_(torch.empty(123)), math.sqrt(6 / 246))


def test_orthogonal_gates() -> None:
    weight = orthogonal_gates_(torch.empty(32, 128))
    blocks = weight.chunk(4, dim=1)
    for block in blocks:
        torch.testing.assert_close(block @ block.T, torch.eye(32), rtol=0, atol=1e-5)
    for k in range(3):
        assert not torch.allclose(blocks[k], blocks[k + 1], atol=0.1)


def test_latent_layers_begin_almost_at_zero() -> None:
    layer = latent_linear(512, 128)
    assert float(layer.weight.detach().std()) == pytest.approx(LATENT_STD, rel=0.05)
    assert LATENT_STD == 0.001
    assert not layer.bias.any()


def test_output_bias_is_spread() -> None:
    """The original gave b_out no initialiser, so that it is glorot uniform: +-0.156 for 123 outputs."""
    layer = output_linear(512, 123)
    assert _is_uniform(layer.bias.detach(), 0.15617)
    assert _is_uniform(layer.weight.detach().flatten(), math.sqrt(6 / (512 + 123)))
