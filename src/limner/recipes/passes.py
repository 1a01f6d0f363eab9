"""The two passes over the drawings, as functions for an engine; ``stages.py`` holds what they compute."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.collector import Collector
from limner.corpus.corpus import SPLIT_NAMES
from limner.corpus.ragged import blocks
from limner.errors import DataError
from limner.recipes.batch import RecipeBatch
from limner.recipes.columns import Columns
from limner.recipes.spill import Spilled, forget, get, put
from limner.recipes.stages import Processed, SplitChoice, complete, process
from limner.recipes.step_stats import StepStats

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from limner.corpus.shard import Shard
    from limner.recipes.recipe import Recipe

POINTS_AT_ONCE = 1 << 16
"""Points of the batches that steps work on: what the second-level cache of a processor holds."""


@dataclass(frozen=True)
class First:
    """A job of the first pass: one shard. It can be pickled, as can the other classes of this file."""

    recipe: Recipe
    shard: Shard
    name: str
    """No other shard has it."""
    folder: Path | None = None
    """Where what is kept is laid; None for memory."""


@dataclass(frozen=True)
class FirstDone:
    """Result of the first pass for one shard."""

    shard: Shard
    kept: Spilled
    n: int
    """Drawings that were kept."""
    columns: Columns
    stats: StepStats
    notes: tuple[str, ...] = ()
    passed: tuple[tuple[str, int], ...] = ()
    """What was passed over in the drawings, by kind, and how often."""
    failure: str | None = None
    """Why the file cannot be read, as a sentence."""


@dataclass(frozen=True)
class Second:
    """A job of the second pass: the drawings of a shard that the first pass kept."""

    recipe: Recipe
    kept: Spilled
    choice: SplitChoice
    name: str
    folder: Path | None = None
    """Where drawings of valid and test wait for those of train."""
    away: bool = False
    """Whether this is done in another process, so that drawings of train are laid there too."""


@dataclass(frozen=True)
class SecondDone:
    """Result of the second pass for one shard."""

    splits: tuple[Spilled, ...]
    """A batch for each of ``SPLIT_NAMES``."""
    stats: StepStats


def first_pass(job: First) -> FirstDone:
    """Read a shard and run the steps that look at single drawings."""
    collector, notes, passed = Collector(strict=False), dict[str, None](), Counter[str]()
    done: list[Processed] = []
    try:
        for reading in job.shard.readings(collector):
            notes |= dict.fromkeys(reading.notes)
            passed.update(dict(reading.passed))
            done += [process(job.recipe, batch) for batch in _cut(RecipeBatch.from_reading(reading))]
    except DataError as error:
        nothing = process(job.recipe, RecipeBatch.join(()))
        return FirstDone(job.shard, nothing.kept, 0, nothing.columns, nothing.stats, failure=str(error))
    done.append(process(job.recipe, RecipeBatch.join(()), collector.rejected))
    whole = _joined(job.recipe, done)
    place = put(whole.kept, job.folder, f"{job.name}-kept")
    told = (tuple(notes), tuple(passed.items()))
    return FirstDone(job.shard, place, len(whole.kept), whole.columns, whole.stats, *told)


def second_pass(job: Second) -> SecondDone:
    """Apply the choice to the kept drawings of a shard, and divide them into splits."""
    batch = get(job.kept)
    forget([job.kept])
    whole = _joined(job.recipe, _completed(job.recipe, batch, job.choice))
    places = [
        put(
            whole.kept.take(whole.kept.splits == code),
            job.folder if code or job.away else None,
            f"{job.name}-{name}",
        )
        for code, name in enumerate(SPLIT_NAMES)
    ]
    return SecondDone(tuple(places), whole.stats)


def _completed(recipe: Recipe, batch: RecipeBatch, choice: SplitChoice) -> list[Processed]:
    """Complete a batch in parts, so that copies take no more memory than the batches that are read."""
    cuts = np.concatenate(
        [[run.start for run in blocks(batch.drawings.offsets, POINTS_AT_ONCE)], [len(batch)]]
    )
    spans = zip(cuts[:-1].astype(int).tolist(), cuts[1:].astype(int).tolist(), strict=True)
    return [complete(recipe, batch.take(np.arange(a, b)), choice.part(a, b - a)) for a, b in spans]


def _cut(batch: RecipeBatch) -> Iterator[RecipeBatch]:
    for run in blocks(batch.drawings.offsets, POINTS_AT_ONCE):
        yield batch.take(np.arange(run.start, run.stop))


def _joined(recipe: Recipe, parts: Sequence[Processed]) -> Processed:
    stats = StepStats.empty(len(recipe.steps))
    for part in parts:
        stats.add(part.stats)
    kept = [part.kept for part in parts if len(part.kept)]
    columns = [part.columns for part in parts if len(part.columns)]
    return Processed(RecipeBatch.join(kept), Columns.join(columns), stats)
