"""The heads: likelihoods over offset and pen together.

Letters: ``N`` points, ``M`` components.
"""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import log_softmax

from limner.models.config import JointName
from limner.models.head import Head
from limner.models.mixture import Mixture

N, M = 40, 3
HEADS: list[JointName] = ["independent", "component", "conditioned"]


def _mixture(joint: JointName, seed: int = 0) -> Mixture:
    head = Head(M, joint)
    numbers = torch.randn(N, head.width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return head(numbers)


def _offsets() -> Tensor:
    return torch.randn(N, 2, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("joint", "width"), [("independent", 21), ("component", 27), ("conditioned", 39)])
def test_width(joint: JointName, width: int) -> None:
    assert Head(M, joint).width == width


def test_independent_head_reads_in_the_order_of_sketch_rnn() -> None:
    y = torch.arange(21.0).expand(2, 21)
    mixture = Head(M)(y)
    assert mixture.pen_logits.tolist() == [[0, 1, 2]] * 2
    torch.testing.assert_close(mixture.log_pi, log_softmax(y[:, 3:6], -1))
    assert mixture.mu_x[0].tolist() == [6, 7, 8]
    assert mixture.mu_y[0].tolist() == [9, 10, 11]


@pytest.mark.parametrize("joint", HEADS)
def test_probabilities_sum_to_one(joint: JointName) -> None:
    mixture = _mixture(joint)
    ones = torch.ones(N)
    torch.testing.assert_close(mixture.pi.sum(-1), ones)
    torch.testing.assert_close(mixture.pen.sum(-1), ones)
    for pen in range(3):
        given = mixture.log_pi_given(torch.full((N,), pen))
        torch.testing.assert_close(given.exp().sum(-1), ones)


@pytest.mark.parametrize("joint", HEADS)
def test_density_is_the_mean_of_those_of_the_pen_states(joint: JointName) -> None:
    """p(offset) = sum over the pen states of p(pen) p(offset | pen)."""
    mixture, offsets = _mixture(joint), _offsets()
    parts = [mixture.log_density(offsets, torch.full((N,), pen)) for pen in range(3)]
    whole = torch.logsumexp(torch.stack(parts, -1) + mixture.log_pen, dim=-1)
    torch.testing.assert_close(mixture.log_density(offsets), whole, rtol=1e-5, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("joint", HEADS)
def test_density_given_the_pen_integrates_to_one(joint: JointName) -> None:
    """On a grid that holds nearly all of each mixture."""
    mixture = _mixture(joint)
    mixture = Mixture(*(field[:4] for field in mixture))
    mixture = mixture._replace(log_sigma_x=mixture.log_sigma_x.tanh(), log_sigma_y=mixture.log_sigma_y.tanh())
    side = torch.linspace(-14, 14, 561)
    grid = torch.cartesian_prod(side, side)  # (561^2, 2)
    for pen in range(2):
        for row in range(4):
            one = Mixture(*(field[row : row + 1] for field in mixture))
            total = one.log_density(grid, torch.full((1,), pen)).exp().sum() * (28 / 560) ** 2
            assert total.item() == pytest.approx(1, abs=0.02)


def test_independent_offsets_do_not_depend_on_the_pen() -> None:
    mixture, offsets = _mixture("independent"), _offsets()
    assert torch.equal(
        mixture.log_density(offsets, torch.ones(N, dtype=torch.int64)), mixture.log_density(offsets)
    )


def test_joint_likelihood_by_hand() -> None:
    """sum_k pi_k N_k(offset) p_k(pen), component by component."""
    mixture, offsets = _mixture("component"), _offsets()
    for pen in range(3):
        total = torch.zeros(N)
        for k in range(M):
            one = Mixture(*(field[:, k : k + 1] for field in mixture))
            one = one._replace(log_pi=torch.zeros(N, 1))
            own_pen = mixture.pen_logits[:, k].softmax(-1)[:, pen]
            total += mixture.pi[:, k] * one.log_density(offsets).exp() * own_pen
        state = torch.full((N,), pen)
        found = mixture.log_density(offsets, state) + mixture.log_pen[:, pen]
        torch.testing.assert_close(found.exp(), total, rtol=1e-4, atol=1e-7)


def test_conditioned_head_gives_each_state_its_own_mixture() -> None:
    mixture = _mixture("conditioned")
    down, lift, end = (mixture.log_pi_given(torch.full((N,), pen)).exp() for pen in range(3))
    torch.testing.assert_close(down[:, :M].sum(-1), torch.ones(N))
    torch.testing.assert_close(lift[:, M : 2 * M].sum(-1), torch.ones(N))
    torch.testing.assert_close(end[:, -1], torch.ones(N))


@pytest.mark.parametrize("joint", HEADS)
def test_likelihood_and_gradient_are_finite_far_out(joint: JointName) -> None:
    head = Head(M, joint)
    y = (1e4 * torch.randn(N, head.width, generator=torch.Generator().manual_seed(2))).requires_grad_()
    mixture, pen = head(y), torch.arange(N) % 3
    cost = mixture.log_density(1e6 * _offsets(), pen).sum() + mixture.log_pen.gather(1, pen[:, None]).sum()
    assert cost.isfinite()
    (gradient,) = torch.autograd.grad(cost, y)
    assert gradient.isfinite().all()
