"""The seam between recipes and the machines that run them: three pure functions, without files.

:func:`process`
    Runs the steps that look at single drawings over a batch. Any sharding, on any machine, in any order gives
    the same drawings: chance hangs on what a drawing is called.
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
from limner.recipes.recipe_state import Tray
from limner.recipes.step_stats import LISTED, SHOWN, Histogram, Rejection, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from limner.corpus.rejections import Rejected
    from limner.recipes.batch import Batch
    from limner.recipes.recipe import Recipe
    from limner.recipes.steps.base import EachStep

DROPPED = -1
REMEMBERED = 32  # drawings of a batch that are remembered as they were read; some will be shown


@dataclass(frozen=True)
class Processed:
    """What came of a batch. It can be pickled."""

    kept: Batch
    """The drawings that are left, in their order."""
    columns: Columns
    """The same drawings as :func:`finish` sees them; empty after :func:`complete`."""
    tally: Tally
    """What each step did; the tallies of all batches are added up with ``tally.add``, in their order."""


@dataclass(frozen=True)
class Choice:
    """Which drawings stay, in the order of the columns. It can be pickled."""

    splits: NDArray[np.int8]
    """An index into ``SPLIT_NAMES`` for each drawing; -1 for one that is dropped; ``(n,)``."""
    tally: Tally
    """What each step that looks at all drawings did, without examples."""
    reasons: NDArray[np.int32]
    """For each drawing why it is dropped, an index into ``names``; -1 for one that stays; ``(n,)``."""
    names: tuple[tuple[int, str], ...]
    """Step and reason."""

    def part(self, begin: int, n: int) -> Choice:
        """Give the choice about the ``n`` drawings from ``begin`` on."""
        some = slice(begin, begin + n)
        return Choice(self.splits[some], self.tally, self.reasons[some], self.names)


def process(recipe: Recipe, batch: Batch, rejected: Sequence[Rejected] = ()) -> Processed:
    """Run the steps that look at single drawings.

    Parameters
    ----------
    recipe : Recipe
    batch : Batch
        As it was read; its drawings have at least one point.
    rejected : sequence of Rejected
        Drawings of the same shard that could not be read, for the tally.
    """
    tally = Tally.empty(len(recipe.steps))
    for one in rejected:
        tally.reasons[-1, one.reason] += 1
        tally.rejected.append(Rejection(-1, one.source, one.reason))
    tray = Tray.begin(batch, tally, recipe.seed)
    tally.before = Histogram.of(tray.counts)
    tally.count(-1, tray.counts)
    if recipe.scan:
        tally.count(0, tray.counts)
    tray = _through(recipe.each, tray)
    kept = tray.to_batch()
    tally.kept = tray.examples(REMEMBERED)
    return Processed(kept, Columns.of(kept, tray, recipe.needs), tally)


def finish(recipe: Recipe, columns: Columns) -> Choice:
    """Run the steps that look at all drawings, and give each drawing that stays its split.

    A recipe without a step ``split`` shares out what has no split yet as
    :func:`limner.corpus.split.split_pages` does.

    Parameters
    ----------
    columns : Columns
        Those of all batches, joined in their order.
    """
    tally, names = Tally.empty(len(recipe.steps)), list[tuple[int, str]]()
    reasons = np.full(len(columns), -1, np.int32)
    splits: NDArray[np.int8] | None = None
    for index, step in recipe.whole:
        verdict = step.choose(columns, reasons < 0, recipe.seed, index)
        for reason, mask in verdict.dropped.items():
            fresh = mask & (reasons < 0)
            if fresh.any():
                reasons[fresh] = len(names)
                names.append((index, reason))
                tally.reasons[index, reason] += int(fresh.sum())
        splits = splits if verdict.splits is None else verdict.splits
        tally.counts[index + 1] += columns.count(reasons < 0)
    left = reasons < 0
    if splits is None:
        splits = columns.split.copy()
        splits[left] = split_pages(columns.page[left], columns.split[left], seed=recipe.seed)
    splits[~left] = DROPPED
    return Choice(splits, tally, reasons, tuple(names))


def complete(recipe: Recipe, batch: Batch, choice: Choice) -> Processed:
    """Apply the choice, run the steps that come after it, and make the copies.

    Parameters
    ----------
    batch : Batch
        What :func:`process` kept.
    choice : Choice
        The part of it that is about these drawings.
    """
    tally = Tally.empty(len(recipe.steps))
    tray = Tray.begin(batch, tally, recipe.seed)
    for code, key in enumerate(choice.names):
        gone = tray.take(choice.reasons == code)
        tally.dropped[key] = gone.examples(SHOWN)
        tally.rejected += [Rejection(*key[:1], source, key[1]) for source in gone.sources[:LISTED]]
    left = choice.splits != DROPPED
    tray = _through(recipe.after, tray.take(left).sorted_into(choice.splits[left]))
    tally.after = Histogram.of(tray.counts)
    copied = tray.copied
    tally.kept = (tray.take(~copied) if copied.any() else tray).examples(REMEMBERED)
    tally.copies = tray.take(copied).examples(REMEMBERED) if copied.any() else []
    return Processed(tray.to_batch(), Columns.empty(), tally)


def _through(steps: Iterable[tuple[int, EachStep]], tray: Tray) -> Tray:
    for index, step in steps:
        tray = step.apply(tray.at(index))
        tray.tally.count(index, tray.counts)
    return tray
