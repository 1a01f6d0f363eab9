"""``Head``: from the last layer of a network to the distribution of the next offset and pen state.

Three heads, by how offset and pen state depend on each other:

``independent``
    a mixture and a pen distribution side by side (Ha and Eck 2017).
``component``
    every component has a pen distribution of its own, so that long jumps and lifts go together.
``conditioned``
    the pen state is sampled first, and there is a mixture for each: one for points that are drawn, one for
    the last points of strokes.

The last two are mixtures over offset and pen state together,
p(offset, pen) = sum_k pi_k N_k(offset) p_k(pen).

Letters: ``M`` components; ``...`` stands for the leading dimensions, ``(B, T)`` or ``(B,)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import log_softmax

from limner.models.config import HeadConfig, JointName
from limner.models.mixture import ATANH_RHO_BOUND, EXPONENTIAL, NEVER, Mixture, Sigma

PEN_STATES = 3
"""Down, lift, end."""


@dataclass(frozen=True)
class Head:
    """The parametrization of the last layer."""

    components: int
    """M; for each pen state in a conditioned head."""
    joint: JointName = "independent"
    sigma: Sigma = EXPONENTIAL

    @classmethod
    def of(cls, config: HeadConfig) -> Head:
        """Return the head that some settings ask for."""
        sigma = Sigma(config.sigma, config.sigma_min, config.sigma_alpha)
        return cls(config.components, config.joint, sigma)

    @property
    def width(self) -> int:
        """Width of the last layer."""
        per_component = {"independent": 6, "component": 6 + PEN_STATES, "conditioned": 2 * 6}[self.joint]
        return per_component * self.components + (0 if self.joint == "component" else PEN_STATES)

    def __call__(self, y: Tensor) -> Mixture:
        """Return the distribution for outputs ``(..., width)``, computed in float32.

        The order is that of sketch-rnn: pen logits, then pi, mu_x, mu_y, sigma_x, sigma_y, rho of all
        components; a conditioned head has two of these sixes, for points that are drawn and for last ones.
        """
        y = y.float()
        if self.joint == "component":
            pens, six = y.tensor_split([PEN_STATES * self.components], dim=-1)
            return self._mixture(six)._replace(
                pen_logits=torch.unflatten(pens, -1, (self.components, PEN_STATES))
            )
        pen, rest = y.tensor_split([PEN_STATES], dim=-1)
        if self.joint == "independent":
            return self._mixture(rest)._replace(pen_logits=pen)
        return self._by_state(log_softmax(pen, dim=-1), *rest.chunk(2, dim=-1))

    def _mixture(self, six: Tensor) -> Mixture:
        """Return the mixture of six parameters a component; its pen logits are left to the caller."""
        pi, mu_x, mu_y, sigma_x, sigma_y, rho = six.chunk(6, dim=-1)
        return Mixture(
            log_pi=log_softmax(pi, dim=-1),
            mu_x=mu_x,
            mu_y=mu_y,
            log_sigma_x=self.sigma.log(sigma_x),
            log_sigma_y=self.sigma.log(sigma_y),
            atanh_rho=rho.clamp(-ATANH_RHO_BOUND, ATANH_RHO_BOUND),
            pen_logits=pi,
        )

    def _by_state(self, log_pen: Tensor, down: Tensor, lift: Tensor) -> Mixture:
        """Concatenate the mixtures of both states, and a component that ends the drawing."""
        mixtures = [self._mixture(down), self._mixture(lift)]
        end = log_pen[..., 2:]  # (..., 1)
        fields = [torch.cat([*pair, torch.zeros_like(end)], dim=-1) for pair in zip(*mixtures, strict=True)]
        states = [k for k in range(2) for _ in range(self.components)] + [2]
        pens = torch.full((len(states), PEN_STATES), NEVER, device=end.device)
        pens[torch.arange(len(states)), torch.tensor(states)] = 0
        log_pi = [m.log_pi + log_pen[..., k : k + 1] for k, m in enumerate(mixtures)]
        mixture = Mixture(*fields)._replace(log_pi=torch.cat([*log_pi, end], dim=-1))
        return mixture._replace(pen_logits=pens.expand(*end.shape[:-1], -1, -1))
