"""Batches and states to try steps on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from limner.corpus.corpus import Split
from limner.corpus.doodles.make import make_doodles
from limner.corpus.reading import number_labels
from limner.recipes.batch import RecipeBatch
from limner.recipes.recipe_state import RecipeState
from limner.recipes.step_stats import StepStats
from limner.recipes.steps.base import EachStep
from limner.strokes.drawing import Drawing

Lines = Sequence[Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class Stepped:
    """What a step made."""

    drawings: list[Drawing]
    sources: list[str]
    stats: StepStats
    state: RecipeState

    @property
    def reasons(self) -> dict[str, int]:
        """Count the drawings left out, by reason."""
        return {reason: n for (_, reason), n in self.stats.reasons.items()}


def batch_of(*drawings: Lines | Drawing, labels: Sequence[str | None] | None = None) -> RecipeBatch:
    """Make a batch of polylines."""
    found = [d if isinstance(d, Drawing) else Drawing.from_polylines(d) for d in drawings]
    numbers, names = number_labels(labels or [d.label for d in found])
    sources = [f"f#{i}" for i in range(len(found))]
    split = Split.from_arrays([d.to_stroke3() for d in found], numbers, sources)
    return RecipeBatch.of(split, names)


def doodles(n: int, seed: int = 0) -> RecipeBatch:
    """Make a batch of toy drawings with labels."""
    return batch_of(*make_doodles(n, seed=seed))


def stepped(
    step: EachStep, batch: RecipeBatch, splits: Sequence[int] | None = None, seed: int = 0
) -> Stepped:
    """Run one step over a batch."""
    state = RecipeState.begin(batch, StepStats.empty(1), seed).at(0)
    if splits is not None:
        state = state.sorted_into(np.array(splits, np.int8))
    done = step.apply(state)
    drawings = [done.packed.drawing(i) for i in range(len(done))]
    return Stepped(drawings, list(done.sources), state.stats, done)


def lines(drawing: Drawing) -> list[list[tuple[float, float]]]:
    """Return the polylines of a drawing."""
    return drawing.to_polylines()
