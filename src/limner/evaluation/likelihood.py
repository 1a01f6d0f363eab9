"""Likelihood of drawings under a model with z = mu, by the conventions of :mod:`limner.training.losses`.

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
from limner.training.batches import SplitBatches
from limner.training.data import ready_split
from limner.training.losses import Convention, exact_and_floored_terms
from limner.training.pen_metrics import lift_counts, lift_recall

Values = NDArray[np.float64]
PEN_STATES = ("down", "lift", "end")
END = 2
CONVENTIONS: tuple[Convention, ...] = get_args(Convention)


@dataclass(frozen=True)
class Likelihood:
    """Figures of a split, each a mean over its drawings."""

    n: int
    """Drawings."""
    n_max: int
    """Divisor of L_R: points of the longest drawing of the training corpus, or of this split if longer."""
    convention: Convention
    """Which rows L_R counts."""
    recon: float
    """L_R, with the density floor of the original."""
    kl: float
    """L_KL; 0 for a decoder alone."""
    nll_per_point: float
    """Offsets, pen and one end row of a drawing, divided by its points; in model units, without the floor."""
    nll_per_point_corpus: float
    """The same in the corpus's units, so that models of different scale factors compare."""
    recon_by_convention: dict[str, float]
    """L_R by every convention, with the same N_max."""
    nll_offsets: float
    """Part of the offsets in ``nll_per_point``, in model units."""
    nll_offsets_corpus: float
    """The same in the corpus's units."""
    nll_pen: float
    """Part of the pen, which has no unit."""
    pen_accuracy: float
    """Share of rows, end rows included, whose pen state is the likeliest one."""
    pen_recall: dict[str, float]
    """The same among the rows of each state: down, lift, end."""
    lift_recall: float
    """Share of lifts found if as many rows are called lifts as there are, those likeliest to be one first."""
    intervals: dict[str, tuple[float, float]]
    """95 % confidence intervals of figures above, from resampling the drawings."""


def likelihood(
    model: Model, split: Split, *, convention: Convention = "magenta-eval", batch_size: int = 100
) -> Likelihood:
    """Measure the likelihood of a split.

    Parameters
    ----------
    model : Model
    split : Split
        In the corpus's units; for a model that is told classes, with its class numbers as labels.
    convention : str
        Which rows L_R counts.
    batch_size : int
        Changes the speed only.

    Raises
    ------
    ValueError
        If the split has no drawings, or the model is told classes and some drawings have none.
    """
    if not len(split):
        raise ValueError("the split has no drawings")
    if model.network.config.classes and (unknown := int((split.labels < 0).sum())):
        raise ValueError(f"{unknown} drawings have no class that the model is told")
    n_max = max(model.card.n_max, int(split.lengths.max()))
    sums = _sums_of_split(model, split, n_max, batch_size)
    per_drawing = _figures_per_drawing(sums, convention, n_max, model.card.scale_factor)
    intervals = {name: bootstrap(values) for name, values in per_drawing.items()}
    predicted, rows = sums.predicted.sum(0), sums.rows.sum(0)
    return Likelihood(
        n=len(split),
        n_max=n_max,
        convention=convention,
        recon_by_convention={name: float(sums.recon(name).mean()) / n_max for name in CONVENTIONS},
        pen_accuracy=float(predicted.sum() / rows.sum()),
        pen_recall={s: float(predicted[k] / rows[k]) for k, s in enumerate(PEN_STATES) if rows[k]},
        lift_recall=lift_recall(sums.lifts),
        intervals={name: (interval.low, interval.high) for name, interval in intervals.items()},
        **{name: interval.value for name, interval in intervals.items()},
    )


@dataclass(frozen=True)
class _DrawingSums:
    """Sums over the rows of each drawing, in nats, ``(n,)``, and counts of predicted pen states."""

    lengths: Values
    offsets: Values
    floored: Values
    """Offsets, with the density floor of the original."""
    pen: Values
    pen_end: Values
    pen_padding: Values
    kl: Values
    predicted: Values
    """Rows of each state whose state was the likeliest one, ``(n, 3)``."""
    rows: Values
    """Rows of each state, ``(n, 3)``."""
    lifts: Tensor
    """See :func:`limner.training.pen_metrics.lift_counts`; of all drawings together."""

    def recon(self, convention: Convention) -> Values:
        """Return the sums that L_R counts, ``(n,)``."""
        nothing = np.zeros_like(self.pen)
        extra = {"magenta-train": self.pen_padding, "magenta-eval": nothing, "end-once": self.pen_end}
        return self.floored + self.pen + extra[convention]


def _figures_per_drawing(
    sums: _DrawingSums, convention: Convention, n_max: int, scale_factor: float
) -> dict[str, Values]:
    """Return the figures that are means over drawings, ``(n,)`` each, by name."""
    nats_of_scale = 2 * math.log(scale_factor)  # of an offset's density, from model units to the corpus's
    nll_pen = (sums.pen + sums.pen_end) / sums.lengths
    nll_offsets = sums.offsets / sums.lengths
    return {
        "recon": sums.recon(convention) / n_max,
        "kl": sums.kl,
        "nll_per_point": nll_offsets + nll_pen,
        "nll_per_point_corpus": nll_offsets + nll_pen + nats_of_scale,
        "nll_offsets": nll_offsets,
        "nll_offsets_corpus": nll_offsets + nats_of_scale,
        "nll_pen": nll_pen,
    }


@torch.no_grad()
def _sums_of_split(model: Model, split: Split, n_max: int, batch_size: int) -> _DrawingSums:
    """Run every drawing through the network once, padded to N_max + 1 rows: one convention counts padding."""
    batches = SplitBatches(ready_split(split), model.card.scale_factor, batch_size, n_max + 1)
    parts = [_sums_of_batch(model.network, batch) for batch in batches]
    names = [field.name for field in fields(_DrawingSums) if field.name != "lifts"]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return _DrawingSums(**columns, lifts=torch.stack([part.lifts for part in parts]).sum(0))


def _sums_of_batch(network: SketchModel, batch: Batch) -> _DrawingSums:
    prediction = network(batch)
    exact, floored = exact_and_floored_terms(prediction.mixture, batch)
    kl = torch.zeros(len(batch)) if prediction.latent is None else prediction.latent.kl()
    predicted, rows = _pen_counts(prediction.mixture, batch)
    beyond = prediction.mixture.log_pen[:, -1, END]  # (B,); the row after N_max, which no convention counts
    return _DrawingSums(
        lengths=_values(batch.lengths),
        offsets=_values(exact.offsets),
        floored=_values(floored.offsets),
        pen=_values(exact.pen),
        pen_end=_values(exact.pen_end),
        pen_padding=_values(exact.pen_padding + beyond),
        kl=_values(kl),
        predicted=_values(predicted),
        rows=_values(rows),
        lifts=lift_counts(prediction.mixture, batch).cpu(),
    )


def _pen_counts(mixture: Mixture, batch: Batch) -> tuple[Tensor, Tensor]:
    """Count rows by pen state up to the first end row: those predicted rightly, and all; ``(B, 3)`` each."""
    states = batch.targets[..., 2:]  # (B, T, 3)
    rows = torch.arange(states.shape[1], device=states.device)  # (T,)
    counted = states * (rows <= batch.lengths.unsqueeze(1)).unsqueeze(-1)  # (B, T, 3)
    likeliest = mixture.log_pen.argmax(-1, keepdim=True)  # (B, T, 1)
    predicted = counted * (states.argmax(-1, keepdim=True) == likeliest)
    return predicted.sum(1), counted.sum(1)


def _values(tensor: Tensor) -> Values:
    return np.asarray(tensor.double().cpu().numpy())
