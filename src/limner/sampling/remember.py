"""A model with a memory of drawings: it draws and completes as they go on, without a training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from limner.corpus.load import load_corpus
from limner.corpus.scale import deviation
from limner.errors import LimnerError
from limner.models.remembered import evenly
from limner.sampling.labels import unnamed_classes
from limner.sampling.memory import MemoryConfig, remember
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing


def with_memory(
    model: Model, drawings: Sequence[Drawing], *, label: str | None = None, config: MemoryConfig | None = None
) -> Model:
    """Return a model with a memory of drawings; see :mod:`limner.sampling.memory`.

    Parameters
    ----------
    model : Model
        A recurrent decoder alone, such as ``sketches``.
    drawings : sequence of Drawing
        In any units: their offsets are divided by their deviation, as those of a corpus to train on are.
    label : str, optional
        The class that they are remembered under: the one that will be drawn; that which the model draws where
        none is named unless given.
    config : MemoryConfig, optional

    Raises
    ------
    LimnerError
        If there are no drawings with ink, or the model cannot compare states.
    """
    inked = [drawing.to_stroke3() for drawing in drawings if drawing.n_points]
    if not inked:
        raise LimnerError("There are no drawings to remember.")
    if model.conditional:
        raise LimnerError("Only a decoder alone, such as sketches, can remember drawings.")
    kept = [inked[k] for k in evenly(len(inked))]
    scale = np.array([deviation(kept)] * 2 + [1], np.float32)
    classes = model.card.classes if model.network.config.classes else ()
    name = label or (unnamed_classes(classes, model.card.own_classes)[0] if classes else None)
    if name is not None and name not in classes:
        raise LimnerError(f"This model knows no class {name!r}.")
    labels = None if name is None else torch.full((len(kept),), classes.index(name))
    rows = [row / scale for row in kept]
    return Model(remember(model.network, rows, labels=labels, config=config), model.card)


def with_memory_of(model: Model, corpus: str | Path, *, label: str | None = None) -> Model:
    """Return a model with a memory of what :func:`limner.corpus.load.load_corpus` reads, all splits of it."""
    read = load_corpus(corpus)
    drawings = [Drawing.from_stroke3(rows) for split in read.splits.values() for rows in split]
    return with_memory(model, drawings, label=label)
