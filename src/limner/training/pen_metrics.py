"""How well lifts of the pen are foreseen, though they are rare and seldom the likeliest state.

Letters: ``B`` batch, ``T`` rows, ``K`` bins.
"""

from __future__ import annotations

import torch
from torch import Tensor

from limner.models.batch import Batch
from limner.models.mixture import Mixture

BINS = 2_000
REACH = 12.0
"""Log odds of the first and the last bin."""
LIFT = 1
"""Among the states of the pen."""


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
        Points after which it does not lift and those after which it does, by bins of rising probability.
        Counts of several batches may be added.
    """
    targets = batch.targets  # (B, T, 5)
    log_p = mixture.log_pen[..., LIFT]  # (B, T)
    odds = log_p - torch.log1p(-log_p.exp().clamp(max=1 - 1e-6))
    place = ((odds + REACH) / (2 * REACH) * BINS).clamp(0, BINS - 1).nan_to_num(0).long()
    real = targets[..., 4] == 0
    counts = torch.zeros(2 * BINS, device=targets.device)
    index = (targets[..., 3] == 1)[real].long() * BINS + place[real]
    return counts.index_add(0, index, torch.ones_like(index, dtype=counts.dtype)).view(2, BINS)


def lift_recall(counts: Tensor) -> float:
    """Give the share of lifts that is found where as many points are taken for lifts as there are.

    With that threshold recall and precision are equal (the break-even point of van Rijsbergen 1979); it
    does not depend on how sure a network is, as the share of lifts that are the likeliest state does.

    Parameters
    ----------
    counts : Tensor of shape ``(2, K)``
        See :func:`lift_counts`.

    Returns
    -------
    float
        0 to 1; by chance the share of lifts among all points. 0 where there are no lifts.
    """
    from_the_top = counts.flip(1).double()
    called = from_the_top.sum(0).cumsum(0)  # (K,)
    lifts = float(counts[1].sum())
    if not lifts:
        return 0.0
    found = from_the_top[1].cumsum(0)
    last = min(int((called < lifts).sum()), BINS - 1)  # the bin that the threshold falls into
    before_called, before_found = (float(c[last - 1]) if last else 0.0 for c in (called, found))
    inside = (lifts - before_called) / (float(called[last]) - before_called)
    return (before_found + inside * (float(found[last]) - before_found)) / lifts
