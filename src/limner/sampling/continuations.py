"""Continuations that can be seen, and whether a network takes a drawing for finished.

A network that takes a drawing for finished ends at once. Here its end waits until there is something to see;
what shows next to nothing all the same is drawn again.

Letters: ``N`` points of the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from limner.models.batch import pad_batch
from limner.models.weights import Card
from limner.sampling.complete import prime
from limner.sampling.config import SamplingConfig
from limner.sampling.labels import label_numbers
from limner.sampling.model import Model
from limner.sampling.page_frame import PARTIAL, Frame, to_model_rows
from limner.strokes.drawing import Drawing

FINISHED = 0.5
"""Probability of the end from which on a network takes a drawing for finished: it is likelier than all else.

Told no class, ``sketches`` gives it to none of 112 halves of real drawings, to 4 of 100 at four fifths of
their points, and to 14 of 100 whole ones; told the class to 4, 10 and 35 of 100.
"""
VISIBLE_SHARE = 0.05
"""Least length of a continuation that can be seen, relative to the size of a usual drawing."""
FIRST_POINTS = 2
"""New points before which a drawing cannot end, at the first attempt; twice as many at each that follows."""
ATTEMPTS = 6


@dataclass(frozen=True)
class Continuations:
    """Continuations of a beginning."""

    drawings: list[Drawing]
    """Each with the beginning."""
    end_probability: float
    """Probability, from 0 to 1, with which the network ends after the beginning."""

    @property
    def finished(self) -> bool:
        """Whether the network takes the beginning for finished."""
        return self.end_probability > FINISHED


def visible_length(card: Card) -> float:
    """Return the least length of a continuation that can be seen, in model units."""
    return VISIBLE_SHARE * card.extent / card.scale_factor


def continuations(
    model: Model,
    beginning: Drawing,
    n: int,
    *,
    sampling_config: SamplingConfig | None = None,
    label: str | None = None,
    seed: int = 0,
    max_points: int | None = None,
    lift: bool = True,
    unit: float | None = None,
) -> Continuations:
    """Return ``n`` completions of a beginning, each of which adds something to see.

    Parameters
    ----------
    model : Model
    beginning : Drawing
    n, sampling_config, label, seed, max_points, lift, unit
        As in :meth:`limner.sampling.model.Model.complete`.

    Raises
    ------
    LimnerError
        If the beginning has no strokes, or the model does not know the class.
    """
    frame = model.frame(beginning, unit, PARTIAL)
    config = sampling_config or model.sampling_config
    before = len(to_model_rows(beginning, frame))
    least = visible_length(model.card) * frame.unit
    options = {"label": label, "max_points": max_points, "lift": lift, "unit": unit}
    drawings: list[Drawing | None] = [None] * n
    for attempt in range(ATTEMPTS):
        waiting = [
            k for k, drawing in enumerate(drawings) if drawing is None or _added(drawing, beginning) < least
        ]
        if not waiting:
            break
        patient = replace(config, min_points=max(config.min_points, before + FIRST_POINTS * 2**attempt))
        new = model.complete(
            beginning, len(waiting), sampling_config=patient, seed=_seed(seed, attempt), **options  # type: ignore[arg-type]
        )  # fmt: skip
        for k, drawing in zip(waiting, new, strict=True):
            drawings[k] = drawing
    probability = _end_probability(model, beginning, frame, label, seed, lift=lift)
    return Continuations([drawing for drawing in drawings if drawing is not None], probability)


def _seed(seed: int, attempt: int) -> int:
    """Return the seed of an attempt: the seed itself for the first one."""
    return seed if not attempt else int(np.random.SeedSequence([seed, attempt]).generate_state(1)[0])


def _added(drawing: Drawing, beginning: Drawing) -> float:
    """Return the length of the ink that a drawing has more than its beginning."""
    return _ink(drawing) - _ink(beginning)


def _ink(drawing: Drawing) -> float:
    steps = (np.diff(stroke.astype(np.float64), axis=0) for stroke in drawing)
    return sum(float(np.hypot(step[:, 0], step[:, 1]).sum()) for step in steps)


@torch.no_grad()
def _end_probability(
    model: Model, beginning: Drawing, frame: Frame, label: str | None, seed: int, *, lift: bool
) -> float:
    rows = to_model_rows(beginning, frame)  # (N, 3)
    z: Tensor | None = None
    if model.conditional:
        z = model.network.encode(pad_batch([rows], scale_factor=1.0)).mu
    rows[-1, 2] = lift
    classes: Sequence[str] = model.card.classes if model.network.config.classes else ()
    known = label or (beginning.label if beginning.label in classes else None)
    labels = label_numbers(
        [known], classes, torch.Generator(model.device).manual_seed(seed), model.card.own_classes
    )
    state, point = prime(model.network, rows, z, model.sampling_config, labels)
    mixture, _ = model.network.step(point, state)
    return float(mixture.pen[0, 2])
