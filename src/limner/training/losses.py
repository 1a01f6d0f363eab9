"""The loss, by named conventions, because the figures of this field depend on what is counted.

All conventions add up ``-log p(offset)`` over the real points of a drawing and divide by N_max, the
length that drawings are padded to (the longest of the whole corpus). They differ in the pen term:

``magenta-train``
    the pen counts on every row, padding included: what sketch-rnn minimises.
``magenta-eval``
    the pen counts on real points only, not even on the end row: what sketch-rnn reports.
``end-once``
    the pen counts on real points and on one end row. It does not depend on the padding, so that batches
    may be trimmed to their longest drawing, and yet teaches where to stop.

With the density floor the offset term is ``-log(p + 1e-6)``, as in the original, computed in log space.

Letters: ``B`` batch, ``T`` rows of a batch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from limner.models.batch import Batch
from limner.models.latent import Latent
from limner.models.mixture import Mixture

Convention = Literal["magenta-train", "magenta-eval", "end-once"]

DENSITY_FLOOR = 1e-6
SURE = 1e-12  # below it 1 - p has no root's gradient


@dataclass(frozen=True)
class Terms:
    """Negative log-likelihoods summed over each drawing, in nats, each of shape ``(B,)``."""

    offsets: Tensor
    """Offsets of the real points."""
    pen: Tensor
    """Pen states of the real points."""
    pen_end: Tensor
    """Pen state of the first end row; 0 where the batch has no row left for it."""
    pen_padding: Tensor
    """Pen states of all rows after the drawing, the first end row included."""

    def total(self, convention: Convention) -> Tensor:
        """Add up what a convention counts, for each drawing ``(B,)``."""
        extra = {
            "magenta-train": self.pen_padding,
            "magenta-eval": torch.zeros_like(self.pen),
            "end-once": self.pen_end,
        }
        return self.offsets + self.pen + extra[convention]


@dataclass(frozen=True)
class PenLoss:
    """What a pen state costs: weight * (1 - p)^gamma * -log p (focal loss, Lin et al. 2017, equation 5).

    With gamma 0 and weights 1 it is the cross-entropy, and a likelihood; else rows that are foreseen
    already count less, so that lifts, which are rare, are learnt sooner.
    """

    gamma: float = 0.0
    down: float = 1.0
    lift: float = 1.0
    end: float = 1.0

    def __call__(self, log_pen: Tensor, state: Tensor) -> Tensor:
        """Give the cost of each row, ``(B, T)``.

        Parameters
        ----------
        log_pen : Tensor of shape ``(B, T, 3)``
        state : int64 Tensor of shape ``(B, T)``
            0 down, 1 lift, 2 end.
        """
        weights = log_pen.new_tensor([self.down, self.lift, self.end])
        log_p = log_pen.gather(-1, state.unsqueeze(-1)).squeeze(-1)  # (B, T)
        sure = -torch.expm1(log_p) if self.gamma else torch.ones_like(log_p)  # 1 - p
        return -weights[state] * sure.clamp(min=SURE) ** self.gamma * log_p


CROSS_ENTROPY = PenLoss()


def likelihood_terms(
    mixture: Mixture, batch: Batch, *, density_floor: bool, pen_loss: PenLoss = CROSS_ENTROPY
) -> Terms:
    """Compare a prediction with the batch: the pen first, then the offset given the pen.

    Parameters
    ----------
    mixture : Mixture
        Parameters of every row, ``(B, T, ...)``.
    batch : Batch
    density_floor : bool
        Whether the density has the original's floor of 1e-6.
    pen_loss : PenLoss
        What pen states cost; the terms are likelihoods with cross-entropy only.
    """
    targets = batch.targets  # (B, T, 5)
    real = 1 - targets[..., 4]  # (B, T)
    state = targets[..., 2:].argmax(-1)  # (B, T)
    log_density = mixture.log_density(targets[..., :2], state)  # (B, T)
    if density_floor:
        log_density = torch.logaddexp(log_density, log_density.new_tensor(math.log(DENSITY_FLOOR)))
    pen = pen_loss(mixture.log_pen, state)  # (B, T)
    after = pen * (1 - real)
    rows = torch.arange(targets.shape[1], device=targets.device)  # (T,)
    is_first_end = rows == batch.lengths.unsqueeze(1)  # (B, T)
    return Terms(
        offsets=-(log_density * real).sum(1),
        pen=(pen * real).sum(1),
        pen_end=(after * is_first_end).sum(1),
        pen_padding=after.sum(1),
    )


def cost_terms(costs: Tensor, batch: Batch) -> Terms:
    """Add up costs of rows, ``(B, T)``, that a network gives in place of likelihoods; all as offsets."""
    real = 1 - batch.targets[..., 4]  # (B, T)
    after = costs * (1 - real)
    is_first_end = torch.arange(costs.shape[1], device=costs.device) == batch.lengths.unsqueeze(1)  # (B, T)
    return Terms(
        offsets=(costs * real).sum(1),
        pen=torch.zeros_like(after[:, 0]),
        pen_end=(after * is_first_end).sum(1),
        pen_padding=after.sum(1),
    )


def nll_per_point(mixture: Mixture, batch: Batch) -> Tensor:
    """Offsets, pen and one end row of each drawing, divided by its points: ``(B,)``, in nats, no floor."""
    exact = likelihood_terms(mixture, batch, density_floor=False)
    return exact.total("end-once") / batch.lengths


def reconstruction_loss(terms: Terms, convention: Convention, n_max: int) -> Tensor:
    """L_R: what the convention counts, averaged over the batch and over N_max rows (equation 9)."""
    return terms.total(convention).mean() / n_max


def kl_loss(latent: Latent | None, like: Tensor) -> Tensor:
    """L_KL: averaged over the batch and the width of z (equation 10); 0 for a decoder alone."""
    return like.new_zeros(()) if latent is None else latent.kl().mean()


def floored_kl(kl: Tensor, floor: float, mean: Tensor | None = None) -> Tensor:
    """Give L_KL, or the floor under which it is not pushed (free bits, equation 11).

    Parameters
    ----------
    kl : Tensor of shape ``()``
    floor : float
    mean : Tensor of shape ``()``, optional
        L_KL of the whole batch, where ``kl`` is that of a part: it tells which of the two holds.
    """
    return torch.where((kl if mean is None else mean) > floor, kl, floor)
