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
    wanted = kl_divergence(Normal(latent.mu, (latent.presig / 2).exp()), Normal(0.0, 1.0)).mean(-1)
    torch.testing.assert_close(latent.kl(), wanted)


def test_standard_normal_has_none() -> None:
    assert torch.equal(Latent(torch.zeros(2, 3), torch.zeros(2, 3)).kl(), torch.zeros(2))


def test_sample(latent: Latent) -> None:
    noise = torch.randn(4, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    assert torch.equal(latent.sample(torch.zeros(4, 6)), latent.mu)
    torch.testing.assert_close((latent.sample(noise) - latent.mu) / noise, latent.presig.exp().sqrt())
