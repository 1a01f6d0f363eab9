"""What each convention counts, against a plain loop.

Letters: ``B`` batch, ``T`` rows, ``M`` components.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from limner.models.batch import Batch, pad_batch
from limner.models.head import Head
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.training.losses import (
    DENSITY_FLOOR,
    Convention,
    PenLoss,
    exact_and_floored_terms,
    floored_kl,
    free_bits_kl,
    kl_loss,
    likelihood_terms,
    nll_per_point,
    reconstruction_loss,
)

M, N_MAX = 3, 12
CONVENTIONS: tuple[Convention, ...] = ("magenta-train", "magenta-eval", "end-once")


def _drawings() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    drawings = []
    for n in (4, 12, 1, 7):
        rows = rng.normal(size=(n, 3)).astype(np.float32)
        rows[:, 2] = rng.random(n) < 0.3
        drawings.append(rows)
    return drawings


def _prediction(batch: Batch, seed: int = 0) -> Mixture:
    """Make up an output for every row, the same whatever the padding."""
    widest = torch.randn(4, 64, 3 + 6 * M, generator=torch.Generator().manual_seed(seed))
    return Head(M)(widest[:, : batch.targets.shape[1]])


def _density(mixture: Mixture, b: int, t: int, dx: float, dy: float) -> float:
    """Return the density in linear space, as in Graves 2013, equations 24 and 25."""
    total = 0.0
    for m in range(M):
        values = (mixture.pi, mixture.mu_x, mixture.mu_y, mixture.sigma_x, mixture.sigma_y, mixture.rho)
        pi, mu_x, mu_y, sx, sy, rho = (float(value[b, t, m]) for value in values)
        x, y = (dx - mu_x) / sx, (dy - mu_y) / sy
        z = x * x + y * y - 2 * rho * x * y
        norm = 2 * math.pi * sx * sy * math.sqrt(1 - rho * rho)
        total += pi * math.exp(-z / (2 * (1 - rho * rho))) / norm
    return total


def _looped(mixture: Mixture, batch: Batch, convention: Convention, floor: float) -> list[float]:
    """Add up what a convention counts, drawing by drawing, row by row."""
    sums = []
    for b, n in enumerate(batch.lengths.tolist()):
        total = 0.0
        for t, row in enumerate(batch.targets[b].tolist()):
            if t < n:
                total -= math.log(_density(mixture, b, t, row[0], row[1]) + floor)
            counted = {"magenta-train": True, "magenta-eval": t < n, "end-once": t <= n}[convention]
            if counted:
                total -= math.log(float(mixture.pen[b, t, row[2:].index(1.0)]))
        sums.append(total)
    return sums


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("floored", [True, False])
@pytest.mark.parametrize("length", [N_MAX, None])
def test_conventions_against_a_loop(convention: Convention, floored: bool, length: int | None) -> None:
    batch = pad_batch(_drawings(), length=length)
    mixture = _prediction(batch)
    found = likelihood_terms(mixture, batch, density_floor=floored).total(convention)
    wanted = _looped(mixture, batch, convention, DENSITY_FLOOR if floored else 0.0)
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_l_r_is_the_mean_over_batch_and_n_max(convention: Convention) -> None:
    batch = pad_batch(_drawings(), length=N_MAX)
    mixture = _prediction(batch)
    terms = likelihood_terms(mixture, batch, density_floor=True)
    wanted = np.mean(_looped(mixture, batch, convention, DENSITY_FLOOR)) / 20
    assert reconstruction_loss(terms, convention, 20).item() == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("convention", ["magenta-eval", "end-once"])
def test_trimmed_batches_cost_the_same(convention: Convention) -> None:
    """Padding beyond the first end row does not count."""
    short, wide = pad_batch(_drawings()), pad_batch(_drawings(), length=60)
    a, b = (likelihood_terms(_prediction(x), x, density_floor=True).total(convention) for x in (short, wide))
    torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-6)


def test_training_convention_counts_all_padding() -> None:
    short, wide = pad_batch(_drawings()), pad_batch(_drawings(), length=60)
    a, b = (likelihood_terms(_prediction(x), x, density_floor=True) for x in (short, wide))
    assert (b.total("magenta-train") > a.total("magenta-train") + 10).all()


def test_end_row_counts_once() -> None:
    """Its pen state, not its offset; none where the batch has no row left for it."""
    batch = pad_batch(_drawings(), length=N_MAX)
    mixture = _prediction(batch)
    terms = likelihood_terms(mixture, batch, density_floor=False)
    ends = [-float(mixture.pen[b, n, 2].log()) for b, n in enumerate(batch.lengths.tolist()) if n < N_MAX]
    assert terms.pen_end[[0, 2, 3]].tolist() == pytest.approx(ends, rel=1e-5)
    assert terms.pen_end[1] == 0
    assert terms.pen_padding[1] == 0


def _one_offset(distance: float) -> tuple[Mixture, Batch, Tensor]:
    """Return a standard normal mixture of one component and an offset ``distance`` away."""
    batch = pad_batch([np.array([[distance, 0, 1]], np.float32)], length=1)
    y = torch.zeros(1, 1, 9, requires_grad=True)
    return Head(1)(y), batch, y


@pytest.mark.parametrize("distance", [0.0, 3.0, 4.9, 5.0, 20.0, 1e4])
def test_density_floor(distance: float) -> None:
    """-log(p + 1e-6), without underflow."""
    mixture, batch, _ = _one_offset(distance)
    found = likelihood_terms(mixture, batch, density_floor=True).offsets
    log_p = -(distance**2) / 2 - math.log(2 * math.pi)
    wanted = -math.log(math.exp(max(log_p, -700)) + 1e-6)
    assert found.item() == pytest.approx(wanted, rel=1e-5)


def test_gradient_far_away() -> None:
    """The floor takes the pull away; without it the pull grows with the distance."""
    pulls = []
    for floor in (True, False):
        mixture, batch, y = _one_offset(1e4)
        cost = likelihood_terms(mixture, batch, density_floor=floor).offsets.sum()
        (gradient,) = torch.autograd.grad(cost, y)
        assert gradient.isfinite().all()
        pulls.append(gradient[0, 0, 4].item())
    assert pulls[0] == 0
    assert pulls[1] == pytest.approx(-1e4)


def test_kl() -> None:
    """The mean over batch and z of -(1 + presig - mu^2 - exp(presig)) / 2."""
    mu, presig = torch.randn(2, 5, 7, generator=torch.Generator().manual_seed(0))
    wanted = float(np.mean([
        -(1 + s - m * m - math.exp(s)) / 2 for m, s in zip(mu.flatten(), presig.flatten(), strict=True)
    ]))  # fmt: skip
    found = kl_loss(Latent(mu, presig), torch.zeros(3))
    assert found.item() == pytest.approx(wanted, rel=1e-5)
    assert kl_loss(None, torch.ones(3)).item() == 0


@pytest.mark.parametrize(("kl", "value", "slope"), [(0.05, 0.2, 0.0), (0.7, 0.7, 1.0)])
def test_floored_kl(kl: float, value: float, slope: float) -> None:
    """Below the floor nothing pushes."""
    x = torch.tensor(kl, requires_grad=True)
    floored = floored_kl(x, 0.2)
    floored.backward()  # type: ignore[no-untyped-call]
    assert floored.item() == pytest.approx(value)
    assert x.grad is not None
    assert x.grad.item() == slope


@given(
    each=st.lists(st.floats(0, 10, width=32), min_size=1, max_size=8),
    free=st.floats(0, 10, exclude_min=True, width=32),
)
def test_free_bits(each: list[float], free: float) -> None:
    """A number of z below what is free has no gradient; the others have that of the mean."""
    x = torch.tensor(each, requires_grad=True)
    cost = free_bits_kl(x, free)
    cost.backward()  # type: ignore[no-untyped-call]
    assert cost.item() == pytest.approx(np.mean([max(one, free) for one in each]), rel=1e-5)
    assert x.grad is not None
    assert x.grad.tolist() == pytest.approx([(one > free) / len(each) for one in each])


@given(each=st.lists(st.floats(0, 10, width=32), min_size=1, max_size=8))
def test_without_free_bits_it_is_the_mean(each: list[float]) -> None:
    x = torch.tensor(each, requires_grad=True)
    free_bits_kl(x, 0.0).backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert x.grad.tolist() == pytest.approx([1 / len(each)] * len(each))


def test_the_whole_batch_decides_which_numbers_are_pushed() -> None:
    """A part of a batch may lie on the other side."""
    x = torch.tensor([0.1, 0.9], requires_grad=True)
    free_bits_kl(x, 0.5, torch.tensor([0.7, 0.3])).backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert x.grad.tolist() == [0.5, 0]


# What pen states cost ----------------------------------------------------------------------------------


def _pens() -> tuple[torch.Tensor, torch.Tensor]:
    chance = torch.Generator().manual_seed(5)
    logits = 3 * torch.randn(4, 7, 3, generator=chance)
    return logits.log_softmax(-1), torch.randint(0, 3, (4, 7), generator=chance)


def test_cross_entropy_is_the_likelihood() -> None:
    log_pen, state = _pens()
    wanted = torch.nn.functional.nll_loss(log_pen.transpose(1, 2), state, reduction="none")
    torch.testing.assert_close(PenLoss()(log_pen, state), wanted)


@pytest.mark.parametrize("gamma", [0.5, 1.2, 2.0])
def test_focal_loss_by_its_equation(gamma: float) -> None:
    log_pen, state = _pens()
    found = PenLoss(gamma, 1.0, 3.0, 5.0)(log_pen, state)
    for row, (logs, which) in enumerate(zip(log_pen.reshape(-1, 3), state.flatten(), strict=True)):
        p = float(logs[which].exp())
        wanted = (1.0, 3.0, 5.0)[int(which)] * (1 - p) ** gamma * -math.log(p)
        assert float(found.flatten()[row]) == pytest.approx(wanted, rel=1e-4, abs=1e-6)


def test_what_is_foreseen_costs_nothing_and_pulls_nowhere() -> None:
    """A probability of exactly 1 has no root to differentiate."""
    logits = torch.tensor([[[200.0, 0.0, 0.0], [0.0, 0.0, 0.0]]], requires_grad=True)
    cost = PenLoss(0.5)(logits.log_softmax(-1), torch.tensor([[0, 1]]))
    assert cost[0, 0] == 0
    (gradient,) = torch.autograd.grad(cost.sum(), logits)
    assert gradient.isfinite().all()
    assert gradient[0, 0].abs().max() < 1e-6


def test_nll_per_point_divides_each_drawing_by_its_own_points() -> None:
    batch = pad_batch(_drawings())
    mixture = _prediction(batch)
    terms = likelihood_terms(mixture, batch, density_floor=False)
    wanted = (terms.offsets + terms.pen + terms.pen_end) / torch.tensor([4, 12, 1, 7])
    torch.testing.assert_close(nll_per_point(terms, batch), wanted)


def test_both_densities_at_once() -> None:
    batch = pad_batch(_drawings())
    mixture = _prediction(batch)
    for density_floor, terms in zip((False, True), exact_and_floored_terms(mixture, batch), strict=True):
        alone = likelihood_terms(mixture, batch, density_floor=density_floor)
        for name, value in vars(alone).items():
            assert torch.equal(getattr(terms, name), value)
