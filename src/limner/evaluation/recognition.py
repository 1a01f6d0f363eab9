"""How well a model tells classes apart, and finds drawings of one class by their embeddings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from limner.corpus.corpus import Split
from limner.evaluation.retrieval import cosine_distances, mean_average_precision, top_accuracy, within
from limner.sampling.model import Model
from limner.training.data import SplitBatches, ready_split

MOST = 3000
"""Drawings that are compared with each other, at most: spread over the split."""


@dataclass(frozen=True)
class Recognition:
    """Figures of a split whose drawings have classes."""

    class_top1: float | None
    """Share of drawings whose class is the likeliest; None where the model tells none apart."""
    class_top5: float | None
    """Share of drawings whose class is among the five likeliest."""
    retrieval_map: float | None
    """Mean average precision of finding drawings of the same class within the split, by the cosine of z; None
    where no class has two."""


@torch.no_grad()
def recognition(model: Model, split: Split, *, batch_size: int = 100) -> Recognition | None:
    """Measure how well classes are recognised and found.

    Parameters
    ----------
    model : Model
    split : Split
        In the corpus's units, labelled by the numbers of the model's classes.
    batch_size : int
        Changes the speed only.

    Returns
    -------
    Recognition or None
        None for a decoder alone, and where some drawing has no class.
    """
    if not model.conditional or not len(split) or bool((split.labels < 0).any()):
        return None
    some = split.take(range(0, len(split), -(-len(split) // MOST)))
    batches = SplitBatches(ready_split(some), model.card.scale_factor, batch_size)
    z = torch.cat([model.network.encode(batch).mu for batch in batches])
    labels = some.labels[batches.order]
    scores = model.network.class_logits(z) if model.network.num_classes_recognized else None
    apart = within(cosine_distances(z, z))
    pairs = bool((np.bincount(labels) > 1).any())
    return Recognition(
        class_top1=None if scores is None else top_accuracy(scores, labels),
        class_top5=None if scores is None else top_accuracy(scores, labels, 5),
        retrieval_map=mean_average_precision(apart, labels, labels) if pairs else None,
    )
