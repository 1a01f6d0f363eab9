"""The two passes over a part, as functions that an engine runs; each writes files.

A file that is there tells that its pass is done, so a job that is run again, because a machine was lost or
the driver began again, does nothing.

Letters: ``n`` drawings of a part.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES, Split
from limner.corpus.packed_strings import PackedStrings
from limner.files import whole_file
from limner.recipes.batch import RecipeBatch
from limner.recipes.columns import Columns
from limner.recipes.output import ParquetWriter
from limner.recipes.passes import First, FirstDone, Second, first_pass, second_pass
from limner.recipes.shards.record import Record, column_arrays
from limner.recipes.spill import forget, get, put
from limner.recipes.stable_hash import hash_names
from limner.recipes.step_stats import StepStats

if TYPE_CHECKING:
    from pathlib import Path

    from limner.recipes.recipe import Recipe
    from limner.recipes.shards.parts import ShardPart
    from limner.recipes.shards.record import Arrays
    from limner.recipes.stages import SplitChoice


@dataclass(frozen=True)
class PartPaths:
    """Paths of the files of a part. It can be pickled."""

    shards: Path
    """The folder of the corpus."""
    work: Path
    """That of what is needed until it is finished."""

    def first(self, part: ShardPart) -> Path:
        """Return the path of the first pass's record."""
        return self.work / f"{part.name}.first.npz"

    def second(self, part: ShardPart) -> Path:
        """Return the path of the second pass's record."""
        return self.work / f"{part.name}.second.npz"

    def shard(self, part: ShardPart) -> Path:
        """Return the path of the shard; there is no such file if no drawing of the part stays."""
        return self.shards / f"{part.name}.parquet"


@dataclass(frozen=True)
class FirstJob:
    """A job of the first pass. It can be pickled."""

    recipe: Recipe
    part: ShardPart
    places: PartPaths


@dataclass(frozen=True)
class SecondJob:
    """A job of the second pass. It can be pickled."""

    recipe: Recipe
    part: ShardPart
    places: PartPaths
    choice: SplitChoice
    toml: str
    """The recipe, for the shard."""
    sampled: int | None
    """The scale factor is taken over drawings whose pages have hashes below this; None for all."""


def first_of_part(job: FirstJob) -> int:
    """Read a part and run the steps that look at single drawings; return its size in bytes."""
    path = job.places.first(job.part)
    if path.is_file():
        return job.part.size
    stats, kept, columns = StepStats.empty(len(job.recipe.steps)), list[RecipeBatch](), list[Columns]()
    notes, passed, failures = dict[str, None](), Counter[str](), dict[str, str]()
    results = (first_pass(First(job.recipe, shard, "")) for shard in job.part.small_shards())
    for file, of_file in groupby(results, key=lambda result: result.shard.path):
        found = list(of_file)
        failure = next((result.failure for result in found if result.failure is not None), None)
        if failure is not None:  # a damaged file is left out whole
            failures[file] = failure
            continue
        for result in found:
            stats.add(result.stats)
            notes |= dict.fromkeys(result.notes)
            passed.update(dict(result.passed))
        kept += [batch for batch in map(_kept, found) if len(batch)]
        columns += [result.columns for result in found if len(result.columns)]
    put(RecipeBatch.join(kept), job.places.work, f"{job.part.name}-kept")
    whole = Columns.join(columns)
    facts = {"notes": list(notes), "passed": passed, "failures": failures, "labels": whole.label_names}
    Record(stats, facts, column_arrays(whole)).save(path)
    return job.part.size


def second_of_part(job: SecondJob) -> int:
    """Apply the choice to the kept drawings of a part, write its shard, return the part's size in bytes."""
    path = job.places.second(job.part)
    if path.is_file():
        return job.part.size
    kept = job.places.work / f"{job.part.name}-kept.arrow"
    batch = get(kept) if kept.is_file() else RecipeBatch.join(())
    done = second_pass(Second(job.recipe, batch, job.choice, job.part.name))
    splits = [get(place) for place in done.splits]
    if any(map(len, splits)):
        _write(splits, job.places.shard(job.part), job.toml)
    sizes = {name: len(split) for name, split in zip(SPLIT_NAMES, splits, strict=True)}
    longest = max((int(split.drawings.lengths.max()) for split in splits if len(split)), default=0)
    arrays = _sample(splits, job.sampled)
    Record(done.stats, {"splits": sizes, "n_max": longest}, arrays).save(path)
    forget([kept])
    return job.part.size


def sample_of(record: Record, name: str) -> Split:
    """Return the drawings of a split that the second pass has stored for the scale factor."""
    rows, offsets = record.arrays[f"{name}.rows"], record.arrays[f"{name}.offsets"]
    n = len(offsets) - 1
    return Split(rows, offsets, np.full(n, -1, np.int32), PackedStrings.of([""] * n))


def _kept(result: FirstDone) -> RecipeBatch:
    return get(result.kept)


def _write(splits: list[RecipeBatch], path: Path, toml: str) -> None:
    with whole_file(path) as draft, draft.open("wb") as file:
        writer = ParquetWriter(file, toml)
        for split in splits:
            if len(split):
                writer.add(split)
        writer.close()


def _sample(splits: list[RecipeBatch], below: int | None) -> Arrays:
    found: Arrays = {}
    for name, split in zip(SPLIT_NAMES, splits, strict=True):
        some = split.drawings
        if below is not None:
            some = some.take(hash_names(split.pages) < np.uint64(below))
        found |= {f"{name}.rows": some.rows, f"{name}.offsets": some.offsets}
    return found
