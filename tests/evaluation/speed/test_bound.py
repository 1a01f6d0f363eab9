"""The matrix products of a step, counted."""

from __future__ import annotations

import pytest

from limner.evaluation.speed import bound as module
from limner.evaluation.speed.bound import matmul_bound, step_products
from limner.evaluation.speed.step import StepWorkload
from limner.models.config import CellName


@pytest.mark.parametrize("cell", ["lstm", "layer_norm"])
def test_operations_of_the_papers_size(cell: CellName) -> None:
    """By hand: three products for every weight and point."""
    weights = 2 * 261 * 1024 + 517 * 2048 + 512 * 123
    wanted = 3 * 2 * weights * 100 * 250
    assert sum(product.flop for product in step_products(cell, StepWorkload())) == wanted


def test_operations_of_a_hyper_decoder() -> None:
    small, embeddings, factors = 773 * 1024, 256 * 384, 12 * 32 * 512
    weights = 2 * 261 * 1024 + 517 * 2048 + small + embeddings + factors + 512 * 123
    wanted = 3 * 2 * weights * 100 * 250
    assert sum(product.flop for product in step_products("hyper", StepWorkload())) == wanted


def test_bound_is_at_the_best_rate_of_all_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    work = StepWorkload(encoder_size=4, decoder_size=8, batch_size=2, points=3)
    monkeypatch.setattr(module, "_fastest", lambda m, k, n: 2.0 * m * k * n / (5e9 if n == 32 else 1e9))
    found = matmul_bound("lstm", work)
    assert found.gflop_per_s == pytest.approx(5)
    assert found.seconds == pytest.approx(found.gflop / 5)


def test_a_product_is_measured() -> None:
    assert 0 < module._fastest(4, 8, 16) < 1
