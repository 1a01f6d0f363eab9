"""How well a model predicts classes, and retrieves drawings of the same class by their latents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from limner.corpus.corpus import Split
from limner.evaluation.retrieval import cosine_distances, exclude_self, mean_average_precision, top_accuracy
from limner.sampling.model import Model
from limner.training.batches import SplitBatches
from limner.training.data import ready_split

MOST_COMPARED = 3000
"""Drawings that are compared with each other at most, taken at equal distances: each needs a row of distances
to all others."""


@dataclass(frozen=True)
class Recognition:
    """Figures of a split of labelled drawings."""

    class_top1: float | None
    """Share of drawings whose class is the likeliest one; None if the model predicts no classes."""
    class_top5: float | None
    """Share of drawings whose class is among the five likeliest ones."""
    retrieval_map: float | None
    """Mean average precision of retrieving drawings of the same class within the split, by the cosine of z;
    None if no class has two drawings."""


@torch.no_grad()
def recognition(model: Model, split: Split, *, batch_size: int = 100) -> Recognition | None:
    """Measure how well classes are predicted and retrieved.

    Parameters
    ----------
    model : Model
    split : Split
        In the corpus's units, with the model's class numbers as labels.
    batch_size : int
        Changes the speed only.

    Returns
    -------
    Recognition or None
        None for a decoder alone, and if a drawing has no class.
    """
    if not model.conditional or not len(split) or bool((split.labels < 0).any()):
        return None
    compared = split.take(range(0, len(split), -(-len(split) // MOST_COMPARED)))
    batches = SplitBatches(ready_split(compared), model.card.scale_factor, batch_size)
    z = torch.cat([model.network.encode(batch).mu for batch in batches])
    labels = compared.labels[batches.order]
    scores = model.network.class_logits(z) if model.network.num_classes_recognized else None
    has_pairs = bool((np.bincount(labels) > 1).any())
    distances = exclude_self(cosine_distances(z, z))
    return Recognition(
        class_top1=None if scores is None else top_accuracy(scores, labels),
        class_top5=None if scores is None else top_accuracy(scores, labels, 5),
        retrieval_map=mean_average_precision(distances, labels, labels) if has_pairs else None,
    )
