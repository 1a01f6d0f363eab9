"""A hand beside what a base knows: its classes come first, and those of the base stay.

Letters: ``n`` drawings, ``K`` classes of the base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.corpus.corpus import Split
from limner.models.batch import pad_batch
from limner.models.protocol import SketchModel
from limner.sampling.labels import ANYTHING
from limner.training.data import TrainingData
from limner.training.losses import exact_and_floored_terms, nll_per_point

OWN = "mine"
"""Class of drawings without one, beside the classes of a base."""
COMPARED_DRAWINGS, COMPARED_POINTS = 6, 64
"""Drawings of a class, and first points of each, by which it is compared with the classes of a base."""
TEMPLATE_ROWS = 512
"""Drawings in a batch of that comparison."""
EMBEDDING = "classes.weight"
"""Name of the weights that hold a row for each class, in every kind of network that is told classes."""


def with_own_classes(data: TrainingData, known: Sequence[str]) -> TrainingData:
    """Return a corpus whose classes are its own, first, and those of a base that are not among them.

    Drawings without a class get the class :data:`OWN`. A base that was never told nothing
    (:data:`limner.sampling.labels.ANYTHING`) leaves no classes: of all of them one would be drawn at random.

    Parameters
    ----------
    data : TrainingData
    known : sequence of str
        Classes of the base.
    """
    splits = (data.train, data.valid)
    used = {int(k) for split in splits for k in np.unique(split.labels)}
    names = [name for k, name in enumerate(data.classes) if k in used and name != OWN]
    own = [*names, *([OWN] if -1 in used or OWN in data.classes else [])]
    classes = [*own, *(name for name in known if name not in own)] if ANYTHING in known else own
    train, valid = (_with_labels(split, data.classes, own) for split in splits)
    return replace(data, train=train, valid=valid if data.held_out else train, classes=tuple(classes))


def _with_labels(split: Split, old: Sequence[str], own: Sequence[str]) -> Split:
    table = np.array([*(own.index(name) if name in own else -1 for name in old), len(own) - 1], np.int32)
    return replace(split, labels=table[split.labels])


def with_rows_for(
    weights: dict[str, Tensor], base: SketchModel, known: Sequence[str], data: TrainingData
) -> dict[str, Tensor]:
    """Return the weights of a base with a row for each class of a corpus.

    A class that the base does not know begins as the one of its classes under which the drawings are most
    likely: nearer than the mean of all, and than what it draws when told nothing.

    Parameters
    ----------
    weights : dict of str to Tensor
        Of ``base``.
    base : SketchModel
    known : sequence of str
        Its classes.
    data : TrainingData
        As :func:`with_own_classes` returns it.
    """
    table, rows = weights[EMBEDDING], []
    for k, name in enumerate(data.classes):
        row = known.index(name) if name in known else most_likely_class(base, _some(data, k))
        rows.append(table[row])
    return weights | {EMBEDDING: torch.stack(rows)}


def most_likely_class(base: SketchModel, drawings: Sequence[NDArray[np.float32]]) -> int:
    """Return the number of the class of a base under which drawings are most likely.

    Parameters
    ----------
    base : SketchModel
    drawings : sequence of float arrays of shape ``(n, 3)``
        stroke-3 in model units.
    """
    count = base.config.classes  # K
    costs = [torch.cat([_costs(base, rows, block) for block in _blocks(count)]) for rows in drawings]
    return int(torch.stack(costs).mean(0).argmin()) if costs else 0


@torch.no_grad()
def _costs(base: SketchModel, rows: NDArray[np.float32], classes: range) -> Tensor:
    """Return NLL per point of one drawing under some classes."""
    batch = pad_batch([rows] * len(classes), labels=list(classes))
    exact, _ = exact_and_floored_terms(base(batch).mixture, batch)
    return nll_per_point(exact, batch)


def _blocks(count: int) -> list[range]:
    return [range(k, min(k + TEMPLATE_ROWS, count)) for k in range(0, count, TEMPLATE_ROWS)]


def _some(data: TrainingData, label: int) -> list[NDArray[np.float32]]:
    """Return the beginnings of some drawings of a class, in model units."""
    scale = np.array([data.scale_factor, data.scale_factor, 1], np.float32)
    members = np.flatnonzero(data.train.labels == label)
    chosen = members[:: max(1, len(members) // COMPARED_DRAWINGS)][:COMPARED_DRAWINGS]
    return [data.train[k][:COMPARED_POINTS] / scale for k in chosen]
