"""How well a network recognizes the classes of drawings.

Letters: ``B`` batch, ``C`` classes.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy


def class_sums(logits: Tensor | None, labels: Tensor | None, reference: Tensor) -> Tensor:
    """Sum up over a batch how well classes are recognized; sums of several batches may be added.

    Parameters
    ----------
    logits : Tensor of shape ``(B, C)``, optional
    labels : int64 Tensor of shape ``(B,)``, optional
        From 0; a drawing whose label is no class (below 0, or C and above) does not count.
    reference : Tensor
        On the device where the result shall be.

    Returns
    -------
    Tensor of shape ``(3,)``
        Number of drawings that count, their cross-entropy in nats, and the number recognized.
    """
    if logits is None or labels is None:
        return torch.zeros(3, device=reference.device)
    logits = logits.float()
    known = (labels >= 0) & (labels < logits.shape[1])
    logits, labels = logits[known], labels[known]
    right = logits.argmax(-1) == labels
    return torch.stack([known.sum().float(), cross_entropy(logits, labels, reduction="sum"), right.sum()])


def class_means(sums: Tensor) -> dict[str, Tensor]:
    """Return ``L_class`` and ``class_accuracy`` from :func:`class_sums`; nothing where no drawing counts."""
    return {"L_class": sums[1] / sums[0], "class_accuracy": sums[2] / sums[0]} if sums[0] else {}
