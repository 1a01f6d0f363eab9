"""How well lifts of the pen are predicted, though they are rare and seldom the likeliest state.

Letters: ``B`` batch, ``T`` rows, ``K`` bins.
"""

from __future__ import annotations

import torch
from torch import Tensor

from limner.models.batch import Batch
from limner.models.mixture import Mixture

BINS = 2_000
MAX_LOG_ODDS = 12.0
"""Log odds of the last bin; those of the first are the negative."""
LIFT = 1
"""Index of a lift among the states of the pen."""


def lift_counts(mixture: Mixture, batch: Batch) -> Tensor:
    """Count real points by the probability that the pen lifts after them.

    Parameters
    ----------
    mixture : Mixture
        Parameters of every row, ``(B, T, ...)``.
    batch : Batch

    Returns
    -------
    Tensor of shape ``(2, K)``
        Points after which it does not lift and points after which it does, in bins of rising probability.
        Counts of several batches may be added.
    """
    targets = batch.targets  # (B, T, 5)
    log_p = mixture.log_pen[..., LIFT]  # (B, T)
    odds = log_p - torch.log1p(-log_p.exp().clamp(max=1 - 1e-6))
    bins = ((odds + MAX_LOG_ODDS) / (2 * MAX_LOG_ODDS) * BINS).clamp(0, BINS - 1).nan_to_num(0).long()
    real = targets[..., 4] == 0
    counts = torch.zeros(2 * BINS, device=targets.device)
    index = (targets[..., 3] == 1)[real].long() * BINS + bins[real]
    return counts.index_add(0, index, torch.ones_like(index, dtype=counts.dtype)).view(2, BINS)


def lift_recall(counts: Tensor) -> float:
    """Return the recall of lifts at the threshold that takes as many points for lifts as there are.

    At that threshold recall and precision are equal (the break-even point of van Rijsbergen 1979). It is
    independent of how confident a network is, unlike the share of lifts that are the likeliest state.

    Parameters
    ----------
    counts : Tensor of shape ``(2, K)``
        See :func:`lift_counts`.

    Returns
    -------
    float
        From 0 to 1; at random the share of lifts among all points. 0 where there are no lifts.
    """
    from_the_top = counts.flip(1).double()
    predicted = from_the_top.sum(0).cumsum(0)  # (K,)
    lifts = float(counts[1].sum())
    if not lifts:
        return 0.0
    correct = from_the_top[1].cumsum(0)
    last = min(int((predicted < lifts).sum()), BINS - 1)  # the bin that the threshold falls into
    predicted_before, correct_before = (float(c[last - 1]) if last else 0.0 for c in (predicted, correct))
    share = (lifts - predicted_before) / (float(predicted[last]) - predicted_before)
    return (correct_before + share * (float(correct[last]) - correct_before)) / lifts
