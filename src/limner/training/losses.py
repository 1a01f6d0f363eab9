"""The loss, by named conventions, because figures of this field depend on what is counted.

All conventions sum ``-log p(offset)`` over the real points of a drawing and divide by N_max, the length that
drawings are padded to (the longest of the whole corpus). They differ in the pen term:

``magenta-train``
    the pen counts on every row, padding included: what sketch-rnn minimises.
``magenta-eval``
    the pen counts on real points only, not even on the end row: what sketch-rnn reports.
``end-once``
    the pen counts on real points and on one end row. It is independent of the padding, so that batches may
    be trimmed to their longest drawing, and still teaches where to stop.

With the density floor the offset term is ``-log(p + 1e-6)``, as in the original, computed in log space.

Letters: ``B`` batch, ``T`` rows of a batch, ``Z`` latent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor

from limner.models.batch import Batch
from limner.models.latent import Latent
from limner.models.mixture import Mixture

Convention = Literal["magenta-train", "magenta-eval", "end-once"]

DENSITY_FLOOR = 1e-6
"""Added to the density of an offset, as in sketch-rnn."""
MIN_MISS = 1e-12
"""Floor of 1 - p in the focal loss: at 0 a fractional power has no gradient."""


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
        """Return the sum of what a convention counts, for each drawing, ``(B,)``."""
        extra = {
            "magenta-train": self.pen_padding,
            "magenta-eval": torch.zeros_like(self.pen),
            "end-once": self.pen_end,
        }
        return self.offsets + self.pen + extra[convention]


@dataclass(frozen=True)
class PenLoss:
    """Loss of a pen state: weight * (1 - p)^gamma * -log p (focal loss, Lin et al. 2017, equation 5).

    With gamma 0 and weights 1 it is the cross-entropy, and a likelihood; otherwise rows that are predicted
    well already count less, so that lifts, which are rare, are learned sooner.
    """

    gamma: float = 0.0
    down: float = 1.0
    lift: float = 1.0
    end: float = 1.0

    def __call__(self, log_pen: Tensor, state: Tensor) -> Tensor:
        """Return the loss of each row, ``(B, T)``.

        Parameters
        ----------
        log_pen : Tensor of shape ``(B, T, 3)``
        state : int64 Tensor of shape ``(B, T)``
            0 down, 1 lift, 2 end.
        """
        weights = log_pen.new_tensor([self.down, self.lift, self.end])
        log_p = log_pen.gather(-1, state.unsqueeze(-1)).squeeze(-1)  # (B, T)
        miss = -torch.expm1(log_p) if self.gamma else torch.ones_like(log_p)  # 1 - p
        return -weights[state] * miss.clamp(min=MIN_MISS) ** self.gamma * log_p


CROSS_ENTROPY = PenLoss()


def likelihood_terms(
    mixture: Mixture, batch: Batch, *, density_floor: bool, pen_loss: PenLoss = CROSS_ENTROPY
) -> Terms:
    """Return the negative log-likelihoods of a batch: the pen's, and the offset's given the pen.

    Parameters
    ----------
    mixture : Mixture
        Parameters of every row, ``(B, T, ...)``.
    batch : Batch
    density_floor : bool
        Whether the density has the floor :data:`DENSITY_FLOOR`.
    pen_loss : PenLoss
        Loss of the pen states; the terms are likelihoods with cross-entropy only.
    """
    log_density, state = _log_density(mixture, batch)
    pen = pen_loss(mixture.log_pen, state)  # (B, T)
    return _sum_rows(-(_floored(log_density) if density_floor else log_density), pen, batch)


def exact_and_floored_terms(mixture: Mixture, batch: Batch) -> tuple[Terms, Terms]:
    """Return the terms without and with the density floor; what they share is computed once."""
    log_density, state = _log_density(mixture, batch)
    pen = CROSS_ENTROPY(mixture.log_pen, state)  # (B, T)
    exact = _sum_rows(-log_density, pen, batch)
    return exact, replace(exact, offsets=(-_floored(log_density) * _real(batch)).sum(1))


def cost_terms(costs: Tensor, batch: Batch) -> Terms:
    """Return the sums of costs of rows, ``(B, T)``, that stand in for likelihoods; all count as offsets."""
    real = _sum_rows(costs, costs, batch)
    return replace(real, pen=torch.zeros_like(real.pen))


def _log_density(mixture: Mixture, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return the log density of each offset and the pen state of each row, ``(B, T)`` both."""
    state = batch.targets[..., 2:].argmax(-1)  # (B, T)
    return mixture.log_density(batch.targets[..., :2], state), state


def _floored(log_density: Tensor) -> Tensor:
    return torch.logaddexp(log_density, log_density.new_tensor(math.log(DENSITY_FLOOR)))


def _real(batch: Batch) -> Tensor:
    """Return 1 for points and 0 for end rows, ``(B, T)``."""
    return 1 - batch.targets[..., 4]


def _sum_rows(offsets: Tensor, pen: Tensor, batch: Batch) -> Terms:
    """Sum losses of rows, ``(B, T)`` each, over points, first end rows and padding."""
    real = _real(batch)
    after = pen * (1 - real)
    rows = torch.arange(pen.shape[1], device=pen.device)  # (T,)
    is_first_end = rows == batch.lengths.unsqueeze(1)  # (B, T)
    return Terms(
        offsets=(offsets * real).sum(1),
        pen=(pen * real).sum(1),
        pen_end=(after * is_first_end).sum(1),
        pen_padding=after.sum(1),
    )


def nll_per_point(exact: Terms, batch: Batch) -> Tensor:
    """Return offsets, pen and one end row of each drawing, divided by its points, ``(B,)``, in nats.

    Parameters
    ----------
    exact : Terms
        Without density floor.
    batch : Batch
    """
    return exact.total("end-once") / batch.lengths


def reconstruction_loss(terms: Terms, convention: Convention, n_max: int) -> Tensor:
    """Return L_R: what the convention counts, averaged over the batch and over N_max rows (equation 9)."""
    return terms.total(convention).mean() / n_max


def kl_loss(latent: Latent | None, reference: Tensor) -> Tensor:
    """Return L_KL, averaged over the batch and the width of z (equation 10); 0 for a decoder alone.

    Parameters
    ----------
    latent : Latent, optional
    reference : Tensor
        Of the type and on the device that the result shall have.
    """
    return reference.new_zeros(()) if latent is None else latent.kl().mean()


def free_bits_kl(each: Tensor, free: float, mean: Tensor | None = None) -> Tensor:
    """Return L_KL with free bits, the mean over z of max(free, KL of a number), ``()``.

    A number of z that says less than is free, on average over the drawings, is not pushed to say still less,
    so that none falls silent before the decoder has learned to listen.
    Source: Kingma et al. 2016, "Improving variational inference with inverse autoregressive flow", appendix
    C.8, equation 15.

    Parameters
    ----------
    each : Tensor of shape ``(Z,)``
        KL of the numbers, averaged over the batch, in nats.
    free : float
        In nats; at 0 this is L_KL.
    mean : Tensor of shape ``(Z,)``, optional
        That of the whole batch, where ``each`` is that of a part: it decides which numbers are pushed.
    """
    if not free:
        return each.mean()
    return torch.where((each if mean is None else mean) > free, each, free).mean()


def floored_kl(kl: Tensor, floor: float, mean: Tensor | None = None) -> Tensor:
    """Return L_KL, or the floor below which it is not pushed (free bits, equation 11).

    Parameters
    ----------
    kl : Tensor of shape ``()``
    floor : float
    mean : Tensor of shape ``()``, optional
        L_KL of the whole batch, where ``kl`` is that of a part: it decides which of the two holds.
    """
    return torch.where((kl if mean is None else mean) > floor, kl, floor)
