"""How likely a model finds drawings, by the conventions of :mod:`limner.training.losses`, with z = mu.

Letters: ``n`` drawings, ``B`` batch, ``T`` rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.corpus.corpus import Split
from limner.evaluation.quality.interval import bootstrap
from limner.models.batch import Batch
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.sampling.model import Model
from limner.training.data import SplitBatches, ready_split
from limner.training.losses import Convention, exact_and_floored_terms
from limner.training.pen_metrics import lift_counts, lift_recall

Values = NDArray[np.float64]
STATES = ("down", "lift", "end")
END = 2
CONVENTIONS: tuple[Convention, ...] = get_args(Convention)


@dataclass(frozen=True)
class Likelihood:
    """Figures of a split, each a mean over its drawings."""

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
    recon_by_convention: dict[str, float]
    """L_R of every convention, with the same N_max."""
    nll_offsets: float
    """The offsets' part of it, in model units."""
    nll_offsets_corpus: float
    """That in the corpus's units."""
    nll_pen: float
    """The pen's part, which has no unit."""
    pen_accuracy: float
    """Share of rows, end rows included, whose pen state is the likeliest one."""
    pen_recall: dict[str, float]
    """The same among the rows of each state: down, lift, end."""
    lift_recall: float
    """Share of lifts among as many rows that are likeliest to be lifts as there are lifts."""
    intervals: dict[str, tuple[float, float]]
    """Bounds of 95 % confidence of figures above, from resampling the drawings."""


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
    seen = _seen(model, split, n_max, batch_size)
    nats = 2 * math.log(model.card.scale_factor)
    nll_pen = (seen.pen + seen.pen_end) / seen.lengths
    nll_offsets = seen.offsets / seen.lengths
    each = {
        "recon": seen.recon(convention) / n_max,
        "kl": seen.kl,
        "nll_per_point": nll_offsets + nll_pen,
        "nll_per_point_corpus": nll_offsets + nll_pen + nats,
        "nll_offsets": nll_offsets,
        "nll_offsets_corpus": nll_offsets + nats,
        "nll_pen": nll_pen,
    }
    found = {name: bootstrap(values) for name, values in each.items()}
    right, there = seen.right.sum(0), seen.there.sum(0)
    return Likelihood(
        n=len(split),
        n_max=n_max,
        convention=convention,
        recon_by_convention={name: float(seen.recon(name).mean()) / n_max for name in CONVENTIONS},
        pen_accuracy=float(right.sum() / there.sum()),
        pen_recall={s: float(right[k] / there[k]) for k, s in enumerate(STATES) if there[k]},
        lift_recall=lift_recall(seen.lifts),
        intervals={name: (interval.low, interval.high) for name, interval in found.items()},
        **{name: interval.value for name, interval in found.items()},
    )


@dataclass(frozen=True)
class _Seen:
    """Sums over the rows of each drawing, in nats, ``(n,)``, and what the pen was taken for."""

    lengths: Values
    offsets: Values
    floored: Values
    """Offsets, with the density floor of the original."""
    pen: Values
    pen_end: Values
    pen_padding: Values
    kl: Values
    right: Values
    """Rows of each state that was the likeliest one, ``(n, 3)``."""
    there: Values
    """Rows of each state, ``(n, 3)``."""
    lifts: Tensor
    """See :func:`limner.training.pen_metrics.lift_counts`; of all drawings together."""

    def recon(self, convention: Convention) -> Values:
        """Add up what L_R counts, ``(n,)``."""
        nothing = np.zeros_like(self.pen)
        extra = {"magenta-train": self.pen_padding, "magenta-eval": nothing, "end-once": self.pen_end}
        return self.floored + self.pen + extra[convention]


@torch.no_grad()
def _seen(model: Model, split: Split, n_max: int, batch_size: int) -> _Seen:
    """Look at every drawing once, padded, since one convention counts that, and to an end row at least."""
    batches = SplitBatches(ready_split(split), model.card.scale_factor, batch_size, n_max + 1)
    parts = [_of_batch(model.network, batch) for batch in batches]
    names = [field.name for field in fields(_Seen) if field.name != "lifts"]
    rows = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return _Seen(**rows, lifts=torch.stack([part.lifts for part in parts]).sum(0))


def _of_batch(network: SketchModel, batch: Batch) -> _Seen:
    prediction = network(batch)
    exact, floored = exact_and_floored_terms(prediction.mixture, batch)
    kl = torch.zeros(len(batch)) if prediction.latent is None else prediction.latent.kl()
    right, there = _pen_counts(prediction.mixture, batch)
    beyond = prediction.mixture.log_pen[:, -1, END]  # (B,); the row after N_max, which no convention counts
    return _Seen(
        lengths=_values(batch.lengths),
        offsets=_values(exact.offsets),
        floored=_values(floored.offsets),
        pen=_values(exact.pen),
        pen_end=_values(exact.pen_end),
        pen_padding=_values(exact.pen_padding + beyond),
        kl=_values(kl),
        right=_values(right),
        there=_values(there),
        lifts=lift_counts(prediction.mixture, batch).cpu(),
    )


def _pen_counts(mixture: Mixture, batch: Batch) -> tuple[Tensor, Tensor]:
    """Count rows by their state up to the first end row: those foreseen, and all; ``(B, 3)`` each."""
    wanted = batch.targets[..., 2:]  # (B, T, 3)
    rows = torch.arange(wanted.shape[1], device=wanted.device)  # (T,)
    counted = wanted * (rows <= batch.lengths.unsqueeze(1)).unsqueeze(-1)  # (B, T, 3)
    found = mixture.log_pen.argmax(-1, keepdim=True)  # (B, T, 1)
    right = counted * (wanted.argmax(-1, keepdim=True) == found)
    return right.sum(1), counted.sum(1)


def _values(found: Tensor) -> Values:
    return np.asarray(found.double().cpu().numpy())
