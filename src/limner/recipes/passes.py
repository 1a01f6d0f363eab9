"""The two passes over the drawings, as functions for an engine: they read and write, ``work.py`` thinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.builder import CorpusBuilder, Splits
from limner.corpus.corpus import SPLIT_NAMES
from limner.errors import DataError
from limner.recipes.batch import Batch
from limner.recipes.columns import Columns
from limner.recipes.spill import Place, forget, get, put
from limner.recipes.stages import Choice, Processed, complete, process
from limner.recipes.step_stats import Tally
from limner.strokes.ragged import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from limner.corpus.source import Shard
    from limner.recipes.recipe import Recipe

POINTS_AT_ONCE = 1 << 16
"""Points of the batches that steps work on: what the second-level cache of a processor holds."""


@dataclass(frozen=True)
class First:
    """What the first pass does with one shard. It can be pickled, as are the others here."""

    recipe: Recipe
    shard: Shard
    name: str
    """No other shard has it."""
    folder: Path | None = None
    """Where what is kept is laid; None for memory."""


@dataclass(frozen=True)
class FirstDone:
    """What the first pass found in one shard."""

    shard: Shard
    kept: Place
    n: int
    """Drawings that were kept."""
    columns: Columns
    tally: Tally
    notes: tuple[str, ...] = ()
    passed: tuple[tuple[str, int], ...] = ()
    """What was passed over in the drawings, by kind, and how often."""
    failure: str | None = None
    """Why the file cannot be read, as a sentence."""


@dataclass(frozen=True)
class Second:
    """What the second pass does with what the first one kept of a shard."""

    recipe: Recipe
    kept: Place
    choice: Choice
    name: str
    folder: Path | None = None
    """Where drawings of valid and test wait for those of train."""
    away: bool = False
    """Whether this is done in another process, so that drawings of train are laid there too."""


@dataclass(frozen=True)
class SecondDone:
    """What is written of a shard."""

    splits: tuple[Place, ...]
    """A batch for each of ``SPLIT_NAMES``."""
    tally: Tally


def first_pass(job: First) -> FirstDone:
    """Read a shard and run the steps that look at single drawings."""
    done: list[Processed] = []

    def process_splits(splits: Splits, label_names: Sequence[str]) -> None:
        done.extend(process(job.recipe, batch) for batch in _cut(Batch.from_splits(splits, label_names)))

    builder = CorpusBuilder(strict=False, sink=process_splits)
    try:
        job.shard.read(builder)
    except DataError as error:
        nothing = process(job.recipe, Batch.join(()))
        return FirstDone(job.shard, nothing.kept, 0, nothing.columns, nothing.tally, failure=str(error))
    done.append(process(job.recipe, Batch.join(()), builder.rejected))
    whole = _joined(job.recipe, done)
    place = put(whole.kept, job.folder, f"{job.name}-kept")
    told = (builder.notes, tuple(builder.ignored.items()))
    return FirstDone(job.shard, place, len(whole.kept), whole.columns, whole.tally, *told)


def second_pass(job: Second) -> SecondDone:
    """Apply the choice to what was kept of a shard and share the drawings out to splits."""
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
    return SecondDone(tuple(places), whole.tally)


def _completed(recipe: Recipe, batch: Batch, choice: Choice) -> list[Processed]:
    """Complete a batch in parts, whose copies do not take more memory than the batches that are read."""
    cuts = np.concatenate(
        [[run.start for run in blocks(batch.drawings.offsets, POINTS_AT_ONCE)], [len(batch)]]
    )
    spans = zip(cuts[:-1].astype(int).tolist(), cuts[1:].astype(int).tolist(), strict=True)
    return [complete(recipe, batch.take(np.arange(a, b)), choice.part(a, b - a)) for a, b in spans]


def _cut(batch: Batch) -> Iterator[Batch]:
    for run in blocks(batch.drawings.offsets, POINTS_AT_ONCE):
        yield batch.take(np.arange(run.start, run.stop))


def _joined(recipe: Recipe, parts: Sequence[Processed]) -> Processed:
    tally = Tally.empty(len(recipe.steps))
    for part in parts:
        tally.add(part.tally)
    kept = [part.kept for part in parts if len(part.kept)]
    columns = [part.columns for part in parts if len(part.columns)]
    return Processed(Batch.join(kept), Columns.join(columns), tally)
