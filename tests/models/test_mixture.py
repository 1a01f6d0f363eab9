"""The mixture against torch.distributions, and at extreme inputs.

Letters: ``N`` offsets, ``M`` components.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

from limner.models.config import JointName, SigmaName
from limner.models.head import Head
from limner.models.mixture import LOG_SIGMA_BOUND, Mixture, Sigma

N, M = 50, 4


def _random_mixture(seed: int = 0, rows: int = N) -> Mixture:
    generator = torch.Generator().manual_seed(seed)
    fields = torch.randn(6, rows, M, generator=generator, dtype=torch.float64)
    pen = torch.randn(rows, 3, generator=generator, dtype=torch.float64)
    return _mixture([fields[0].log_softmax(-1), *fields[1:]], pen)


def _mixture(fields: Sequence[Tensor], pen_logits: Tensor) -> Mixture:
    log_pi, mu_x, mu_y, log_sigma_x, log_sigma_y, atanh_rho = fields
    return Mixture(log_pi, mu_x, mu_y, log_sigma_x, log_sigma_y, atanh_rho, pen_logits)


def _reference(mixture: Mixture, offset: Tensor) -> Tensor:
    """Build covariance matrices and leave the rest to torch.distributions, in float64."""
    mu = torch.stack([mixture.mu_x, mixture.mu_y], dim=-1)  # (N, M, 2)
    sx, sy, rho = mixture.log_sigma_x.exp(), mixture.log_sigma_y.exp(), mixture.atanh_rho.tanh()
    cross = rho * sx * sy
    covariance = torch.stack([sx**2, cross, cross, sy**2], dim=-1).reshape(*rho.shape, 2, 2)
    components = MultivariateNormal(mu, covariance)
    whole = MixtureSameFamily(Categorical(logits=mixture.log_pi), components)
    found: Tensor = whole.log_prob(offset)  # type: ignore[no-untyped-call]
    return found


def test_density_equals_torch_distributions() -> None:
    mixture = _random_mixture()
    offset = 3 * torch.randn(N, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    torch.testing.assert_close(mixture.log_density(offset), _reference(mixture, offset), rtol=1e-9, atol=1e-9)


def test_density_far_out_with_rho_almost_one() -> None:
    """A thousand sigmas along and across the ridge, with rho = 1 - 1e-7."""
    mixture = _random_mixture()
    mixture = mixture._replace(atanh_rho=torch.full((N, M), math.atanh(1 - 1e-7), dtype=torch.float64))
    sx, sy = mixture.sigma_x[:, 0], mixture.sigma_y[:, 0]
    for sign in (1, -1):
        offset = torch.stack([mixture.mu_x[:, 0] + 1e3 * sx, mixture.mu_y[:, 0] + sign * 1e3 * sy], dim=-1)
        wanted = _reference(mixture, offset)
        torch.testing.assert_close(mixture.log_density(offset), wanted, rtol=1e-6, atol=1e-6)


def test_density_integrates_to_one() -> None:
    mixture = _random_mixture(rows=1)
    mixture = mixture._replace(log_sigma_x=mixture.log_sigma_x / 4, log_sigma_y=mixture.log_sigma_y / 4)
    axis = torch.linspace(-14, 14, 561, dtype=torch.float64)
    grid = torch.cartesian_prod(axis, axis)
    mass = mixture.log_density(grid).exp().sum() * (axis[1] - axis[0]) ** 2
    assert float(mass) == pytest.approx(1, abs=1e-6)


def test_gradient_equals_differences() -> None:
    mixture = _random_mixture(rows=3)
    offset = torch.randn(3, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)

    def density(*fields: Tensor) -> Tensor:
        return _mixture(fields, mixture.pen_logits).log_density(offset)

    assert torch.autograd.gradcheck(density, [field.clone().requires_grad_() for field in mixture[:6]])


def test_output_order() -> None:
    """Pen logits, then pi, mu_x, mu_y, sigma_x, sigma_y, rho, each M wide."""
    y = torch.arange(3 + 6 * M) / 10
    mixture = Head(M)(y)
    pieces = y[3:].reshape(6, M)
    assert torch.equal(mixture.pen_logits, y[:3])
    torch.testing.assert_close(mixture.pi, pieces[0].softmax(0))
    assert torch.equal(mixture.mu_x, pieces[1])
    assert torch.equal(mixture.mu_y, pieces[2])
    torch.testing.assert_close(mixture.sigma_x, pieces[3].exp())
    torch.testing.assert_close(mixture.sigma_y, pieces[4].exp())
    torch.testing.assert_close(mixture.rho, pieces[5].tanh())
    torch.testing.assert_close(mixture.pen, y[:3].softmax(0))


def test_half_precision_is_widened() -> None:
    assert all(field.dtype == torch.float32 for field in Head(M)(torch.zeros(3 + 6 * M).half()))


class Extreme:
    """Strategies for what a network may put out when it goes astray."""

    logits = st.floats(-100, 100, width=32)
    mu = st.floats(-1e4, 1e4, width=32)
    log_sigma = st.floats(-50, 50, width=32)
    rho = st.floats(-50, 50, width=32)
    offset = st.tuples(mu, mu)


@st.composite
def extreme_outputs(draw: st.DrawFn) -> Tensor:
    """Return outputs of a last layer of shape ``(3 + 6 M,)`` for M = 2."""
    kinds = [Extreme.logits, Extreme.mu, Extreme.mu, Extreme.log_sigma, Extreme.log_sigma, Extreme.rho]
    pen = [draw(Extreme.logits) for _ in range(3)]
    return torch.tensor(pen + [draw(kind) for kind in kinds for _ in range(2)])


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(extreme_outputs(), Extreme.offset)
def test_finite_at_extremes(y: Tensor, offset: tuple[float, float]) -> None:
    y.requires_grad_()
    mixture = Head(2)(y)
    value = mixture.log_density(torch.tensor(offset)) + mixture.pen_logits.log_softmax(-1)[0]
    (gradient,) = torch.autograd.grad(value, y)
    assert value.isfinite()
    assert gradient.isfinite().all()


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(extreme_outputs())
def test_parameters_stay_in_their_ranges(y: Tensor) -> None:
    mixture = Head(2)(y)
    assert float(mixture.pi.sum()) == pytest.approx(1, abs=1e-6)
    assert float(mixture.pen.sum()) == pytest.approx(1, abs=1e-6)
    assert (mixture.rho.abs() < 1).all()
    for sigma in (mixture.sigma_x, mixture.sigma_y):
        assert (sigma > 0).all()
        assert (sigma.log().abs() <= LOG_SIGMA_BOUND + 1e-5).all()


@pytest.mark.parametrize("raw", [-10_000.0, 10_000.0])
def test_finite_beyond_all_reason(raw: float) -> None:
    """Every output at +-10,000 and an offset of 1e30 still give a finite loss and gradient."""
    y = torch.full((3 + 6 * M,), raw, requires_grad=True)
    value = Head(M)(y).log_density(torch.tensor([1e30, -1e30]))
    (gradient,) = torch.autograd.grad(value, y)
    assert value.isfinite()
    assert gradient.isfinite().all()


def test_far_component_still_pulls() -> None:
    """The linear-space density of the original underflows here, and with it the gradient."""
    y = torch.zeros(3 + 6, requires_grad=True)
    value = Head(1)(y).log_density(torch.tensor([100.0, 0.0]))
    (gradient,) = torch.autograd.grad(value, y)
    assert value.item() == pytest.approx(-5000 - math.log(2 * math.pi), rel=1e-6)
    assert gradient[4].item() == pytest.approx(100)  # d/d mu_x = distance / sigma^2


# What makes standard deviations of numbers -------------------------------------------------------------


@pytest.mark.parametrize("minimum", [0.0, 0.01])
@pytest.mark.parametrize(
    ("name", "alpha", "wanted"),
    [
        ("exp", 1.0, torch.exp),
        ("softplus", 1.0, torch.nn.functional.softplus),
        ("elu", 3.0, lambda x: torch.where(x > 0, x + 3, 3 * x.exp())),
    ],
)
def test_sigma_is_what_its_name_says(
    name: SigmaName, alpha: float, wanted: Callable[[Tensor], Tensor], minimum: float
) -> None:
    x = torch.linspace(-9, 9, 181, dtype=torch.float64)
    found = Sigma(name, minimum, alpha).log(x).exp()
    torch.testing.assert_close(found, wanted(x) + minimum, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("minimum", [0.0, 0.01])
@pytest.mark.parametrize("name", ["exp", "softplus", "elu"])
def test_sigma_is_bounded_and_has_a_gradient_everywhere(name: SigmaName, minimum: float) -> None:
    x = torch.tensor([-1e30, -200.0, -15.0, 0.0, 15.0, 200.0, 1e30], requires_grad=True)
    log_sigma = Sigma(name, minimum).log(x)
    assert log_sigma.isfinite().all()
    assert log_sigma.abs().max() <= LOG_SIGMA_BOUND
    (gradient,) = torch.autograd.grad(log_sigma.sum(), x)
    assert gradient.isfinite().all()


@pytest.mark.parametrize("joint", ["independent", "component", "conditioned"])
def test_without_end(joint: JointName) -> None:
    """The end has no probability; the other states, and offsets given them, keep their proportions."""
    torch.manual_seed(0)
    head = Head(3, joint)
    mixture = head(torch.randn(6, head.width))
    going = mixture.without_end()
    assert (going.pen[:, 2] < 1e-9).all()
    wanted = mixture.pen[:, :2] / mixture.pen[:, :2].sum(-1, keepdim=True)
    torch.testing.assert_close(going.pen[:, :2], wanted)
    for state in (0, 1):
        pen, offset = torch.full((6,), state), torch.randn(6, 2)
        torch.testing.assert_close(going.log_density(offset, pen), mixture.log_density(offset, pen))


def test_without_end_where_the_end_is_certain() -> None:
    mixture = Head(2)(torch.tensor([[0.0, 1.0, 1e6, *[0.0] * 12]])).without_end()
    assert mixture.pen_logits.isfinite().all()
    torch.testing.assert_close(mixture.pen[0, :2], torch.tensor([0.0, 1.0]).softmax(-1))
