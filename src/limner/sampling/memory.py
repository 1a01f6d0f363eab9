"""Memory: where a network is in a state that drawings at hand were in, their next points are likely.

At each step the nearest states of these drawings vote on the next point, beside the network's own mixture
(k nearest neighbours over the decoder's state, interpolated as in the language models of Khandelwal et al.
2020). Nothing is trained: the drawings pass through the network once.

Letters: ``B`` drawings, ``N`` remembered points, ``K`` neighbours, ``M`` components, ``H`` units.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import log_softmax

from limner.errors import LimnerError
from limner.models.batch import Batch, pad_batch
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.protocol import Prediction, SketchModel
from limner.models.state import State

HIDDEN = "h"
"""Part of a recurrent network's state that is compared."""


@dataclass(frozen=True)
class MemoryConfig:
    """How neighbours vote.

    Chosen on five classes of 20 drawings each that ``sketches`` never saw: of the settings whose samples keep
    farther from what is remembered than new drawings of the class do, the one whose samples were recognised
    most often (docs/results.md, "A handful of drawings"). A smaller ``distance`` copies.
    """

    neighbours: int = 32
    """K at most."""
    distance: float = 1.5
    """Squared distance of states, beyond the nearest one's, at which a vote falls to 1 / e."""
    share: float = 0.9
    """Weight of the memory where a state is remembered exactly."""
    reach: float = 40.0
    """Squared distance of the nearest state at which that weight falls to 1 / e."""
    blur: float = 0.05
    """Standard deviation of a remembered offset, in model units, to which comes a share of its length."""
    blur_share: float = 0.25
    pen_doubt: float = 0.02
    """Probability that a vote leaves to each other pen state."""


class MemoryNetwork(SketchModel):
    """A network with a memory of drawings; see :func:`remember`.

    Parameters
    ----------
    network : SketchModel
        Recurrent.
    states : Tensor of shape ``(N, H)``
        Its states before the remembered points.
    points : Tensor of shape ``(N, 5)``
        In model units, end rows among them.
    config : MemoryConfig
    """

    def __init__(self, network: SketchModel, states: Tensor, points: Tensor, config: MemoryConfig) -> None:
        super().__init__(network.config)
        self.network, self.memory = network, config
        self.states, self.squares = states, states.square().sum(-1)  # (N, H), (N,)
        self.offsets, self.pens = points[:, :2], points[:, 2:].argmax(-1)  # (N, 2), (N,)

    def over(self, network: SketchModel) -> MemoryNetwork:
        """Return the memory over another network of the same states, such as its own with guidance."""
        points = torch.cat([self.offsets, torch.nn.functional.one_hot(self.pens, 3)], dim=-1)  # (N, 5)
        return MemoryNetwork(network, self.states, points, self.memory)

    def encode(self, batch: Batch) -> Latent:
        """Return the distribution of z for each drawing; see :meth:`SketchModel.encode`."""
        return self.network.encode(batch)

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch from the rows before it, point by point."""
        latent, conditioning = self.conditioning_of(batch, noise)
        state = self.begin(len(batch), conditioning.z, conditioning.labels)
        steps = []
        for point in batch.inputs.unbind(1):
            mixture, state = self.step(point, state)
            steps.append(mixture)
        return Prediction(Mixture(*(torch.stack(values, 1) for values in zip(*steps, strict=True))), latent)

    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Return the state before the first point; see :meth:`SketchModel.begin`."""
        return self.network.begin(batch_size, z, labels)

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point ``(B, 5)``; see :meth:`SketchModel.step`."""
        mixture, state = self.network.step(point, state)
        squares, nearest = self._nearest(state[HIDDEN])  # (B, K) each
        nearest_square = squares[:, :1]  # (B, 1)
        share = self.memory.share * (-nearest_square / self.memory.reach).exp()
        votes = log_softmax(-(squares - nearest_square) / self.memory.distance, dim=-1)  # (B, K)
        return self._joined(mixture, share, votes, nearest), state

    def _nearest(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Return squared distances and indices of the nearest states, ``(B, K)`` each, nearest first."""
        squares = self.squares - 2 * hidden @ self.states.T + hidden.square().sum(-1, keepdim=True)  # (B, N)
        k = min(self.memory.neighbours, len(self.states))
        found = squares.clamp(min=0).topk(k, largest=False)
        return found.values, found.indices

    def _joined(self, mixture: Mixture, share: Tensor, votes: Tensor, nearest: Tensor) -> Mixture:
        """Return the network's mixture and the votes as one, whose components have pens of their own."""
        offsets = self.offsets[nearest]  # (B, K, 2)
        width = (
            self.memory.blur**2 + self.memory.blur_share**2 * offsets.square().sum(-1)
        ).log() / 2  # (B, K)
        pens = torch.full((3, 3), math.log(self.memory.pen_doubt)).to(votes)
        pens.fill_diagonal_(math.log(1 - 2 * self.memory.pen_doubt))
        own_pens = log_softmax(mixture.pen_logits, dim=-1)
        if not mixture.is_joint:
            own_pens = own_pens.unsqueeze(-2).expand(*mixture.log_pi.shape, 3)  # (B, M, 3)
        return Mixture(
            log_pi=torch.cat([mixture.log_pi + (1 - share).log(), votes + share.log()], dim=-1),
            mu_x=torch.cat([mixture.mu_x, offsets[..., 0]], dim=-1),
            mu_y=torch.cat([mixture.mu_y, offsets[..., 1]], dim=-1),
            log_sigma_x=torch.cat([mixture.log_sigma_x, width], dim=-1),
            log_sigma_y=torch.cat([mixture.log_sigma_y, width], dim=-1),
            atanh_rho=torch.cat([mixture.atanh_rho, torch.zeros_like(width)], dim=-1),
            pen_logits=torch.cat([own_pens, pens[self.pens[nearest]]], dim=-2),
        )


@torch.no_grad()
def remember(
    network: SketchModel,
    drawings: Sequence[NDArray[np.float32]],
    *,
    labels: Tensor | None = None,
    config: MemoryConfig | None = None,
) -> MemoryNetwork:
    """Return a network with a memory of drawings.

    Parameters
    ----------
    network : SketchModel
        Recurrent, a decoder alone.
    drawings : sequence of float arrays of shape ``(n, 3)``
        stroke-3 in model units.
    labels : int64 Tensor of shape ``(n,)``, optional
        The classes that they are remembered under, for a network that is told classes.
    config : MemoryConfig, optional

    Raises
    ------
    LimnerError
        If there are no drawings, or the network has no state that could be compared.
    """
    if not drawings:
        raise LimnerError("There are no drawings to remember.")
    batch = pad_batch(drawings, scale_factor=1.0)
    state = network.begin(len(drawings), None, labels)
    if HIDDEN not in state:
        raise LimnerError("This model has no recurrent state to remember drawings by.")
    states = []
    for point in batch.inputs.unbind(1):
        _, state = network.step(point, state)
        states.append(state[HIDDEN])
    kept = torch.arange(batch.inputs.shape[1]) <= batch.lengths.unsqueeze(1)  # (B, T), one end row of each
    every = torch.stack(states, dim=1)[kept]  # (N, H)
    return MemoryNetwork(network, every, batch.targets[kept], config or MemoryConfig())
