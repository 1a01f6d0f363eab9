"""The latent: its sample and its divergence."""

from __future__ import annotations

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from limner.models.latent import Latent


@pytest.fixture
def latent() -> Latent:
    mu, presig = torch.randn(2, 4, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return Latent(mu, presig)


def test_kl_is_the_mean_over_z_of_the_divergence(latent: Latent) -> None:
    assert latent.presig is not None
    wanted = kl_divergence(Normal(latent.mu, (latent.presig / 2).exp()), Normal(0.0, 1.0)).mean(-1)
    torch.testing.assert_close(latent.kl(), wanted)


def test_each_number_of_z_has_a_divergence(latent: Latent) -> None:
    assert latent.presig is not None
    wanted = kl_divergence(Normal(latent.mu, (latent.presig / 2).exp()), Normal(0.0, 1.0))
    torch.testing.assert_close(latent.kl_of_numbers(), wanted)
    assert not Latent(latent.mu, None).kl_of_numbers().any()


def test_standard_normal_has_none() -> None:
    assert torch.equal(Latent(torch.zeros(2, 3), torch.zeros(2, 3)).kl(), torch.zeros(2))


def test_sample(latent: Latent) -> None:
    assert latent.presig is not None
    noise = torch.randn(4, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    assert torch.equal(latent.sample(torch.zeros(4, 6)), latent.mu)
    torch.testing.assert_close((latent.sample(noise) - latent.mu) / noise, latent.presig.exp().sqrt())


def test_a_latent_that_is_certain(latent: Latent) -> None:
    """Noise does not move it, and there is no prior that it could depart from."""
    certain = Latent(latent.mu, None)
    assert torch.equal(certain.sample(torch.ones(4, 6)), latent.mu)
    assert certain.kl().tolist() == [0] * 4
