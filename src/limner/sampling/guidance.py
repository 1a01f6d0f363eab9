"""Guidance: move what a network draws towards a class, and away from what a drawing of no class would do.

Source: classifier-free guidance of Ho and Salimans 2022, there for diffusion. A network that was taught to
draw with and without a class predicts twice; pen states and components get the weight p1 (p1 / p0)^g, where
p1 is the prediction for the class, p0 the one without, and g the guidance.

Letters: ``B`` drawings, ``M`` components.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import log_softmax

from limner.models.batch import Batch
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.protocol import Prediction, SketchModel
from limner.models.state import State
from limner.sampling.config import SamplingConfig
from limner.sampling.labels import ANYTHING
from limner.sampling.memory import MemoryNetwork

UNGUIDED = "unguided."
"""Prefix of the tensors of the second state."""
RATIO_BOUND = 20.0
"""Bound of a log ratio of two densities: a component that the other prediction rules out counts e^20."""


def guided(network: SketchModel, sampling_config: SamplingConfig, classes: Sequence[str]) -> SketchModel:
    """Return a network that draws with the guidance of a configuration; itself where there is none.

    Parameters
    ----------
    network : SketchModel
    sampling_config : SamplingConfig
    classes : sequence of str
        Names of the classes that the network is conditioned on; without :data:`ANYTHING` among them the
        network was not taught to draw without a class, and draws unguided.
    """
    if not sampling_config.guidance or ANYTHING not in classes:
        return network
    if isinstance(network, MemoryNetwork):  # what is remembered is of the class already
        return network.over(guided(network.network, sampling_config, classes))
    return GuidedNetwork(network, sampling_config.guidance, list(classes).index(ANYTHING))


class GuidedNetwork(SketchModel):
    """A network whose steps are guided.

    Parameters
    ----------
    network : SketchModel
        Conditioned on classes.
    guidance : float
        g, at least 0.
    without : int
        Number of the class that stands for none.
    """

    def __init__(self, network: SketchModel, guidance: float, without: int) -> None:
        super().__init__(network.config)
        self.network, self.guidance, self.without = network, guidance, without

    def encode(self, batch: Batch) -> Latent:
        """Return the distribution of z for each drawing; see :meth:`SketchModel.encode`."""
        return self.network.encode(batch)

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch, unguided."""
        prediction: Prediction = self.network(batch, noise)
        return prediction

    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Return both states before the first point; a drawing of no class is not guided."""
        state = self.network.begin(batch_size, z, labels)
        if labels is None or bool((labels == self.without).all()):
            return state
        unguided = self.network.begin(batch_size, z, torch.full_like(labels, self.without))
        return state | {UNGUIDED + name: value for name, value in unguided.items()}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point ``(B, 5)`` in both states, and return the guided prediction."""
        own = {name: value for name, value in state.items() if not name.startswith(UNGUIDED)}
        mixture, after = self.network.step(point, own)
        if len(own) == len(state):
            return mixture, after
        other = {name[len(UNGUIDED) :]: state[name] for name in state.keys() - own.keys()}
        unguided, after_other = self.network.step(point, other)
        return guide(mixture, unguided, self.guidance), after | {
            UNGUIDED + name: value for name, value in after_other.items()
        }


def guide(mixture: Mixture, unguided: Mixture, guidance: float) -> Mixture:
    """Return a prediction moved away from another one.

    A component is weighted by the ratio of both densities at its mean, so that the result is a mixture of the
    same components.

    Parameters
    ----------
    mixture, unguided : Mixture
        For ``B`` drawings each.
    guidance : float
        g; at 0 the prediction stays as it is.
    """
    means = torch.stack([mixture.mu_x, mixture.mu_y], dim=-1)  # (B, M, 2)
    ratio = _at_means(mixture, means) - _at_means(unguided, means)  # (B, M)
    log_pens = log_softmax(mixture.pen_logits, dim=-1)  # (B, 3), or (B, M, 3)
    pen_ratio = mixture.log_pen - unguided.log_pen  # (B, 3)
    pen_ratio = (pen_ratio.unsqueeze(-2) if mixture.is_joint else pen_ratio).clamp(-RATIO_BOUND, RATIO_BOUND)
    return mixture._replace(
        log_pi=log_softmax(
            mixture.log_pi + guidance * ratio.clamp(-RATIO_BOUND, RATIO_BOUND), dim=-1
        ),
        pen_logits=log_softmax(log_pens + guidance * pen_ratio, dim=-1),
    )  # fmt: skip


def _at_means(mixture: Mixture, means: Tensor) -> Tensor:
    """Return the log density of a mixture at points ``(B, M, 2)``, ``(B, M)``."""
    each = mixture._replace(**{name: value.unsqueeze(1) for name, value in mixture._asdict().items()})
    return each.log_density(means)
