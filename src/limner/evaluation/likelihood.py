"""How likely a model finds drawings, by the conventions of :mod:`limner.training.losses`, with z = mu."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from limner.corpus.corpus import Split
from limner.models.batch import Batch
from limner.models.protocol import SketchModel
from limner.sampling.model import Model
from limner.training.data import SplitBatches, ready_split
from limner.training.losses import Convention, kl_loss, likelihood_terms, nll_per_point


@dataclass(frozen=True)
class Likelihood:
    """Figures of a split."""

    n: int
    """Drawings."""
    n_max: int
    """What L_R is divided by: the longest drawing of the training corpus, or of this split if longer."""
    convention: Convention
    """What L_R counts."""
    recon: float
    """L_R, with the density floor of the original."""
    kl: float
    """L_KL; 0 for a decoder alone."""
    nll_per_point: float
    """Offsets, pen and one end row of a drawing, divided by its points; in model units, without floor."""
    nll_per_point_corpus: float
    """The same in the corpus's units, so that models of different scale factors compare."""


@torch.no_grad()
def likelihood(
    model: Model, split: Split, *, convention: Convention = "magenta-eval", batch_size: int = 100
) -> Likelihood:
    """Measure the likelihood of a split.

    Parameters
    ----------
    model : Model
    split : Split
        In the corpus's units; for a model that is told classes, labelled by their numbers.
    convention : str
    batch_size : int
        Changes the speed only.

    Raises
    ------
    ValueError
        If the split has no drawings, or some of no class for a model that is told classes.
    """
    if not len(split):
        raise ValueError("the split has no drawings")
    if model.network.config.classes and (unknown := int((split.labels < 0).sum())):
        raise ValueError(f"{unknown} drawings have no class that the model is told")
    n_max = max(model.card.n_max, int(split.lengths.max()))
    ready = ready_split(split)
    trimmed = SplitBatches(ready, model.card.scale_factor, batch_size)
    sums = [_sums(model.network, batch, convention) for batch in trimmed]
    recon, kl, nll = (sum(part) for part in zip(*sums, strict=True))
    if convention == "magenta-train":  # it alone counts the padding
        padded = SplitBatches(ready, model.card.scale_factor, batch_size, n_max)
        recon = sum(_sums(model.network, batch, convention)[0] for batch in padded)
    n = len(split)
    return Likelihood(
        n=n,
        n_max=n_max,
        convention=convention,
        recon=recon / n / n_max,
        kl=kl / n,
        nll_per_point=nll / n,
        nll_per_point_corpus=nll / n + 2 * math.log(model.card.scale_factor),
    )


def _sums(network: SketchModel, batch: Batch, convention: Convention) -> tuple[float, float, float]:
    """Add up over a batch what L_R counts, L_KL, and the likelihood per point."""
    prediction = network(batch)
    floored = likelihood_terms(prediction.mixture, batch, density_floor=True)
    recon = float(floored.total(convention).sum())
    kl = float(kl_loss(prediction.latent, floored.pen)) * len(batch)
    return recon, kl, float(nll_per_point(prediction.mixture, batch).sum())
