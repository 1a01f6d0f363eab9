"""The stages of a recipe as three pure functions without files, for any engine.

:func:`process`
    Runs the steps that look at single drawings over a batch. Any sharding, on any machine, in any order gives
    the same drawings: random numbers depend on the name of a drawing alone.
:func:`finish`
    Looks at the compact columns of all drawings together, in their order, and chooses which of them stay and
    into which split each goes.
:func:`complete`
    Applies that choice to a batch that :func:`process` kept, and makes the augmented copies.

An engine reads batches, maps ``process`` over them, joins the columns, calls ``finish`` once, maps
``complete`` over the same batches and writes what they give, in the order of the batches.

Letters: ``n`` drawings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.split import split_pages
from limner.recipes.columns import Columns
from limner.recipes.recipe_state import RecipeState
from limner.recipes.step_stats import LISTED, SHOWN, Histogram, Rejection, StepStats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from limner.corpus.collector import Rejected
    from limner.recipes.batch import RecipeBatch
    from limner.recipes.recipe import Recipe
    from limner.recipes.steps.base import EachStep

DROPPED = -1
REMEMBERED = 32  # drawings of a batch that are remembered as they were read; some will be shown


@dataclass(frozen=True)
class Processed:
    """Result of a stage for a batch. It can be pickled."""

    kept: RecipeBatch
    """The drawings that are left, in their order."""
    columns: Columns
    """The same drawings as :func:`finish` sees them; empty after :func:`complete`."""
    stats: StepStats
    """What each step did; the tallies of all batches are added up with ``stats.add``, in their order."""


@dataclass(frozen=True)
class SplitChoice:
    """Which drawings stay, and in which split, in the order of the columns. It can be pickled."""

    splits: NDArray[np.int8]
    """An index into ``SPLIT_NAMES`` for each drawing; -1 for one that is dropped; ``(n,)``."""
    stats: StepStats
    """What each step that looks at all drawings did, without examples."""
    reasons: NDArray[np.int32]
    """For each drawing why it is dropped, an index into ``names``; -1 for one that stays; ``(n,)``."""
    names: tuple[tuple[int, str], ...]
    """Step and reason."""

    def part(self, begin: int, n: int) -> SplitChoice:
        """Return the choice about the ``n`` drawings from ``begin`` on."""
        some = slice(begin, begin + n)
        return SplitChoice(self.splits[some], self.stats, self.reasons[some], self.names)


def process(recipe: Recipe, batch: RecipeBatch, rejected: Sequence[Rejected] = ()) -> Processed:
    """Run the steps that look at single drawings.

    Parameters
    ----------
    recipe : Recipe
    batch : RecipeBatch
        As it was read; its drawings have at least one point.
    rejected : sequence of Rejected
        Drawings of the same shard that could not be read, for the stats.
    """
    stats = StepStats.empty(len(recipe.steps))
    for one in rejected:
        stats.reasons[-1, one.reason] += 1
        stats.rejected.append(Rejection(-1, one.source, one.reason))
    state = RecipeState.begin(batch, stats, recipe.seed)
    stats.before = Histogram.of(state.counts)
    stats.count(-1, state.counts)
    if recipe.scan:
        stats.count(0, state.counts)
    state = _through(recipe.each, state)
    kept = state.to_batch()
    stats.kept = state.examples(REMEMBERED)
    return Processed(kept, Columns.of(kept, state, recipe.needs), stats)


def finish(recipe: Recipe, columns: Columns) -> SplitChoice:
    """Run the steps that look at all drawings, and assign a split to each drawing that stays.

    A recipe without a step ``split`` shares out what has no split yet as
    :func:`limner.corpus.split.split_pages` does.

    Parameters
    ----------
    columns : Columns
        Those of all batches, joined in their order.
    """
    stats, names = StepStats.empty(len(recipe.steps)), list[tuple[int, str]]()
    reasons = np.full(len(columns), -1, np.int32)
    splits: NDArray[np.int8] | None = None
    for index, step in recipe.whole:
        verdict = step.choose(columns, reasons < 0, recipe.seed, index)
        for reason, mask in verdict.dropped.items():
            fresh = mask & (reasons < 0)
            if fresh.any():
                reasons[fresh] = len(names)
                names.append((index, reason))
                stats.reasons[index, reason] += int(fresh.sum())
        splits = splits if verdict.splits is None else verdict.splits
        stats.counts[index + 1] += columns.count(reasons < 0)
    left = reasons < 0
    if splits is None:
        splits = columns.split.copy()
        splits[left] = split_pages(columns.page[left], columns.split[left], seed=recipe.seed)
    splits[~left] = DROPPED
    return SplitChoice(splits, stats, reasons, tuple(names))


def complete(recipe: Recipe, batch: RecipeBatch, choice: SplitChoice) -> Processed:
    """Apply the choice, run the steps that come after it, and make the copies.

    Parameters
    ----------
    batch : RecipeBatch
        What :func:`process` kept.
    choice : SplitChoice
        The part of it that is about these drawings.
    """
    stats = StepStats.empty(len(recipe.steps))
    state = RecipeState.begin(batch, stats, recipe.seed)
    for code, key in enumerate(choice.names):
        gone = state.take(choice.reasons == code)
        stats.dropped[key] = gone.examples(SHOWN)
        stats.rejected += [Rejection(*key[:1], source, key[1]) for source in gone.sources[:LISTED]]
    left = choice.splits != DROPPED
    state = _through(recipe.after, state.take(left).sorted_into(choice.splits[left]))
    stats.after = Histogram.of(state.counts)
    copied = state.copied
    stats.kept = (state.take(~copied) if copied.any() else state).examples(REMEMBERED)
    stats.copies = state.take(copied).examples(REMEMBERED) if copied.any() else []
    return Processed(state.to_batch(), Columns.empty(), stats)


def _through(steps: Iterable[tuple[int, EachStep]], state: RecipeState) -> RecipeState:
    for index, step in steps:
        state = step.apply(state.at(index))
        state.stats.count(index, state.counts)
    return state
