"""Learning rate and weight of L_KL by step."""

from __future__ import annotations

import math

import pytest

from limner.training.config import TrainConfig
from limner.training.schedules import kl_weight_at, learning_rate_at

MAGENTA = TrainConfig()


def test_beginnings() -> None:
    assert learning_rate_at(0, MAGENTA) == pytest.approx(1e-3)
    assert kl_weight_at(0, MAGENTA) == pytest.approx(0.01)


def test_limits() -> None:
    assert learning_rate_at(10**7, MAGENTA) == pytest.approx(1e-5)
    assert kl_weight_at(10**7, MAGENTA) == pytest.approx(0.5)


def test_given_steps() -> None:
    """(lr - lr_min) * 0.9999^1000 + lr_min and w - (w - w_start) * 0.99995^1000."""
    assert learning_rate_at(1000, MAGENTA) == pytest.approx(9.0578e-4, rel=1e-4)
    assert kl_weight_at(1000, MAGENTA) == pytest.approx(0.033898, rel=1e-4)


@pytest.mark.parametrize(
    ("decay", "half", "nine_tenths"),
    [(0.999, 693, 2_301), (0.9999, 6_931, 23_025), (0.99995, 13_863, 46_051), (0.99999, 69_314, 230_257)],
)
def test_half_lives(decay: float, half: int, nine_tenths: int) -> None:
    """The way from start to end is half done, and done but for a tenth, after known steps."""
    config = TrainConfig(kl_weight_decay=decay, learning_rate_decay=decay)
    for step, left in ((half, 0.5), (nine_tenths, 0.1)):
        weight = (kl_weight_at(step, config) - 0.01) / (0.5 - 0.01)
        rate = (learning_rate_at(step, config) - 1e-5) / (1e-3 - 1e-5)
        assert 1 - weight == pytest.approx(left, rel=2e-3)
        assert rate == pytest.approx(left, rel=2e-3)


def test_both_are_monotonous() -> None:
    steps = range(0, 200_000, 1_000)
    rates = [learning_rate_at(step, MAGENTA) for step in steps]
    weights = [kl_weight_at(step, MAGENTA) for step in steps]
    assert rates == sorted(rates, reverse=True)
    assert weights == sorted(weights)


def test_no_decay() -> None:
    config = TrainConfig(learning_rate_decay=1.0, kl_weight_start=0.5)
    assert learning_rate_at(50_000, config) == pytest.approx(config.learning_rate)
    assert math.isclose(kl_weight_at(50_000, config), 0.5)


def test_a_root_halves_the_rate_with_every_fourfold_step() -> None:
    """From the end of the warm-up on (Vaswani et al. 2017)."""
    config = TrainConfig(
        learning_rate=1e-2,
        learning_rate_min=1e-12,
        learning_rate_shape="inverse-sqrt",
        learning_rate_warmup=99,
    )
    rates = [learning_rate_at(step, config) for step in (0, 49, 99, 399, 1599)]
    assert rates == pytest.approx([1e-4, 5e-3, 1e-2, 5e-3, 2.5e-3], rel=1e-6)


def test_warmup_rises_in_even_steps_and_then_changes_nothing() -> None:
    config = TrainConfig(learning_rate_decay=1.0, learning_rate_warmup=9)
    assert [learning_rate_at(step, config) for step in (0, 4, 9, 50)] == pytest.approx(
        [1e-4, 5e-4, 1e-3, 1e-3]
    )
    warm = TrainConfig(learning_rate_warmup=100)
    assert learning_rate_at(100, warm) == learning_rate_at(100, MAGENTA)


def test_a_limited_time_is_used_up() -> None:
    """The rate falls to a tenth over the last 30 %; the weight of L_KL makes 95 % of its way."""
    used = [learning_rate_at(5, MAGENTA, share) / learning_rate_at(5, MAGENTA) for share in (0, 0.7, 0.85, 1)]
    assert used == pytest.approx([1, 1, 0.55, 0.1])
    assert kl_weight_at(5, MAGENTA, 0.0) == kl_weight_at(5, MAGENTA)
    assert kl_weight_at(5, MAGENTA, 1.0) == pytest.approx(0.5 - 0.05 * 0.49)
    assert kl_weight_at(10**6, MAGENTA, 0.1) == kl_weight_at(10**6, MAGENTA)
