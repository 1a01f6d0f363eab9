"""``Mixture``: the distribution of the next point, bivariate normals for its offset and three pen states.

Source: Ha and Eck 2017, equations 3 to 6 (after Graves 2013). Everything is kept in log space, so that
density, value and gradient stay finite for any finite output of a network.

Letters: ``M`` components; ``...`` stands for the leading dimensions, ``(B, T)`` or ``(B,)``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import log_softmax, softplus

from limner.models.config import SigmaName

NEVER = -1e4
"""Logit of a pen state that is impossible for a component; finite, so that gradients are."""
LOG_SIGMA_BOUND = 10.0
"""Bound of the log of sigma, in model units: far beyond any drawing's, and exp of it squared is finite."""
ATANH_RHO_BOUND = 8.0
"""Bound of atanh of rho, at which 1 - rho**2 is 4.5e-7."""
SOFTPLUS_TAIL = -15.0
"""Below it log(softplus(x)) equals x in float32."""
DISTANCE_BOUND = 1e8
"""Bound of a distance in sigmas, whose square over 1 - rho**2 still fits into float32."""


class Mixture(NamedTuple):
    """Parameters of the distribution of the next point, in model units."""

    log_pi: Tensor  # (..., M)
    mu_x: Tensor  # (..., M)
    mu_y: Tensor  # (..., M)
    log_sigma_x: Tensor  # (..., M)
    log_sigma_y: Tensor  # (..., M)
    atanh_rho: Tensor  # (..., M)
    pen_logits: Tensor  # (..., 3), or (..., M, 3) where every component has its own

    @property
    def pi(self) -> Tensor:
        """Weights of the components, ``(..., M)``; they sum to 1."""
        return self.log_pi.exp()

    @property
    def sigma_x(self) -> Tensor:
        """Standard deviations of dx, ``(..., M)``."""
        return self.log_sigma_x.exp()

    @property
    def sigma_y(self) -> Tensor:
        """Standard deviations of dy, ``(..., M)``."""
        return self.log_sigma_y.exp()

    @property
    def rho(self) -> Tensor:
        """Correlations of dx and dy, ``(..., M)``, between -1 and 1."""
        return self.atanh_rho.tanh()

    @property
    def pen(self) -> Tensor:
        """Marginal probabilities that the pen stays down, lifts, or the drawing ends, ``(..., 3)``."""
        return self.log_pen.exp()

    @property
    def log_pen(self) -> Tensor:
        """Log of the marginal probabilities of the pen states, ``(..., 3)``."""
        log_pens = log_softmax(self.pen_logits, dim=-1)
        return torch.logsumexp(self.log_pi.unsqueeze(-1) + log_pens, dim=-2) if self.is_joint else log_pens

    @property
    def is_joint(self) -> bool:
        """Whether every component has a pen distribution of its own."""
        return self.pen_logits.ndim > self.log_pi.ndim

    def log_pi_given(self, pen: Tensor) -> Tensor:
        """Return the log weights of the components given the pen state.

        Parameters
        ----------
        pen : int64 Tensor of shape ``(...)``
            0 down, 1 lift, 2 end.

        Returns
        -------
        Tensor of shape ``(..., M)``
        """
        if not self.is_joint:
            return self.log_pi
        log_pens = log_softmax(self.pen_logits, dim=-1)  # (..., M, 3)
        index = pen[..., None, None].expand(*self.log_pi.shape, 1)
        return log_softmax(self.log_pi + log_pens.gather(-1, index).squeeze(-1), dim=-1)

    def without_end(self) -> Mixture:
        """Return the distribution given that the drawing does not end.

        A component that can only end the drawing keeps a negligible weight.
        """
        going = log_softmax(self.pen_logits, dim=-1)[..., :2].logsumexp(-1).clamp(min=NEVER)
        pens = log_softmax(self.pen_logits[..., :2], dim=-1)
        log_pi = log_softmax(self.log_pi + going, dim=-1) if self.is_joint else self.log_pi
        pen_logits = torch.cat([pens, torch.full_like(pens[..., :1], NEVER)], dim=-1)
        return self._replace(log_pi=log_pi, pen_logits=pen_logits)

    def log_density(self, offset: Tensor, pen: Tensor | None = None) -> Tensor:
        """Return the log density of offsets.

        Parameters
        ----------
        offset : Tensor of shape ``(..., 2)``
        pen : int64 Tensor of shape ``(...)``, optional
            The pen state that the density is conditioned on; marginal unless given.

        Returns
        -------
        Tensor of shape ``(...)``
        """
        log_pi = self.log_pi if pen is None else self.log_pi_given(pen)  # (..., M)
        dx, dy = offset[..., :1], offset[..., 1:]  # (..., 1)
        x = _distance(dx, self.mu_x, self.log_sigma_x)  # (..., M)
        y = _distance(dy, self.mu_y, self.log_sigma_y)
        log_free = _log_one_minus_square(self.atanh_rho)  # log(1 - rho^2)
        # (x^2 + y^2 - 2 rho x y) / (1 - rho^2), written as a sum of squares: never negative
        square = (x - self.rho * y).square() * (-log_free).exp() + y.square()
        log_norm = math.log(2 * math.pi) + self.log_sigma_x + self.log_sigma_y + log_free / 2
        return torch.logsumexp(log_pi - log_norm - square / 2, dim=-1)


@dataclass(frozen=True)
class Sigma:
    """The activation that makes standard deviations of outputs; their logarithms are kept."""

    activation: SigmaName = "exp"
    """exp, softplus, or elu with alpha added: x + alpha above 0, alpha e^x below."""
    minimum: float = 0.0
    """Added to every standard deviation."""
    alpha: float = 1.0

    def log(self, x: Tensor) -> Tensor:
        """Return log sigma, finite for any finite x."""
        if self.activation == "softplus":
            x = torch.where(x < SOFTPLUS_TAIL, x, softplus(x.clamp(min=SOFTPLUS_TAIL)).log())
        elif self.activation == "elu":
            x = torch.where(x < 0, x + math.log(self.alpha), (x.clamp(min=0) + self.alpha).log())
        if self.minimum:
            x = torch.logaddexp(x, x.new_tensor(math.log(self.minimum)))
        return x.clamp(-LOG_SIGMA_BOUND, LOG_SIGMA_BOUND)


EXPONENTIAL = Sigma()


def _distance(value: Tensor, mu: Tensor, log_sigma: Tensor) -> Tensor:
    return ((value - mu) * (-log_sigma).exp()).clamp(-DISTANCE_BOUND, DISTANCE_BOUND)


def _log_one_minus_square(atanh_rho: Tensor) -> Tensor:
    size = atanh_rho.abs()
    return -2 * (size + softplus(-2 * size) - math.log(2))  # -2 log cosh, exact near |rho| = 1
