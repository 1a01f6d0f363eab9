"""Build a folder of ``.parquet`` shards with any engine; an interrupted build is resumed.

Two passes, as in :mod:`limner.recipes.build`: the first reads a part of the input and runs the steps that
look at single drawings; then one process looks at the columns of all drawings together; the second pass
writes the shard of each part. Whatever a pass has done lies in a folder of its own until all is finished, so
nothing is done twice and nothing is lost, whoever is killed. All processes see the same disk.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limner.corpus.corpus import SPLIT_NAMES
from limner.corpus.scale import scale_notes
from limner.corpus.text import counted, ignored_notes
from limner.errors import DataError
from limner.recipes.columns import Columns
from limner.recipes.messages import nothing_left, shared_out
from limner.recipes.output import CorpusSummary, ScaleSample
from limner.recipes.report import BuildReport, Story, build_report
from limner.recipes.report_files import write_report
from limner.recipes.shards.parts import PART_BYTES, ShardPart, count_lines, parts_of, uncounted, with_lines
from limner.recipes.shards.passes import (
    FirstJob,
    PartPaths,
    SecondJob,
    first_of_part,
    sample_of,
    second_of_part,
)
from limner.recipes.shards.record import Record, columns_of
from limner.recipes.shards.state import (
    MANIFEST,
    finish_folder,
    finished_report,
    plan_of,
    unfinished,
    write_manifest,
)
from limner.recipes.stages import finish
from limner.recipes.step_stats import StepStats
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from limner.corpus.source import Source
    from limner.progress import Progress
    from limner.recipes.engine import Engine
    from limner.recipes.recipe import Recipe
    from limner.recipes.stages import SplitChoice


def build_shards(
    sources: Sequence[Source],
    out: Path,
    recipe: Recipe,
    engine: Engine,
    *,
    part_bytes: int = PART_BYTES,
    progress: Progress | None = None,
) -> BuildReport:
    """Read drawings from several sources and write them as a folder of shards, as a recipe says.

    The same sources, recipe and part size give the same shards, whoever does the work. A folder that is
    finished already is left as it is.

    Parameters
    ----------
    sources : sequence of Source
    out : Path
        A new or empty folder, or one in which the same build was interrupted.
    recipe : Recipe
    engine : Engine
    part_bytes : int
        What is read for one shard, about.
    progress : callable, optional
        Is told how many bytes of how many have been worked on; each is read once and written once.

    Raises
    ------
    DataError
        If the only file is damaged, or no drawing is left.
    LimnerError
        If the folder holds something else, or cannot be written.
    """
    plan = plan_of(sources, recipe, out, part_bytes=part_bytes)
    report = finished_report(out, plan)
    if report is not None:
        return report
    with unfinished(out, plan) as work:
        try:
            run = _Run(sources, recipe, engine, PartPaths(out, work), part_bytes, progress)
            report = run.go(plan)
        except DataError:  # it would come again
            finish_folder(work)
            raise
        finish_folder(work)
    return report


@dataclass
class _Run:
    """One build."""

    sources: Sequence[Source]
    recipe: Recipe
    engine: Engine
    places: PartPaths
    part_bytes: int
    progress: Progress | None

    def go(self, plan: dict[str, Any]) -> BuildReport:
        parts = self._parts()
        self._first_pass(parts)
        first = {part: Record.load(self.places.first(part)) for part in parts}
        failures = self._failures(first)
        sound = [part for part in parts if part.piece_of not in failures]
        columns = [columns_of(first[part].arrays, first[part].facts["labels"]) for part in sound]
        sizes, whole = [len(some) for some in columns], Columns.join(columns)
        del columns  # they are in whole
        choice = finish(self.recipe, whole)
        kept = choice.splits >= 0
        story = Story(
            self.recipe,
            [str(source.path) for source in self.sources],
            self._stats(first[part] for part in sound),
            choice.stats,
            StepStats.empty(len(self.recipe.steps)),
            failures,
        )
        if not kept.any():
            story.first.add(choice.stats)
            raise DataError(nothing_left(story.sources, story.first, failures))
        sample = ScaleSample(whole.page[kept], whole.points[kept])
        notes = dict.fromkeys(note for part in sound for note in first[part].facts["notes"])
        notes |= dict.fromkeys(
            (*self._passed(first[part] for part in sound), *shared_out(self.recipe, whole, choice))
        )
        del first, whole, kept  # of millions of drawings; what follows needs the room
        self._second_pass(sound, sizes, choice, sample)
        second = {part: Record.load(self.places.second(part)) for part in sound}
        story = replace(story, second=self._stats(second.values()))
        return self._finish(plan, story, list(notes), second, sample)

    # The passes ----------------------------------------------------------------------------------

    def _parts(self) -> list[ShardPart]:
        parts = parts_of(self.sources, self.part_bytes)
        return with_lines(parts, self.engine.map(count_lines, uncounted(parts)))

    def _first_pass(self, parts: list[ShardPart]) -> None:
        recipe = self.recipe.portable()
        missing = [part for part in parts if not self.places.first(part).is_file()]
        jobs = (FirstJob(recipe, part, self.places) for part in missing)
        self._wait(self.engine.map(first_of_part, jobs), parts, missing, 0)

    def _second_pass(
        self, parts: list[ShardPart], sizes: list[int], choice: SplitChoice, sample: ScaleSample
    ) -> None:
        recipe, toml = self.recipe.portable(), self.recipe.to_toml(beside=self.places.shards.parent)
        below = None if sample.is_all else int(sample.limit)
        begins = dict(zip(parts, offsets_from_lengths(sizes).tolist(), strict=False))
        counts = dict(zip(parts, sizes, strict=True))
        missing = [part for part in parts if not self.places.second(part).is_file()]
        jobs = (
            SecondJob(recipe, part, self.places, choice.part(begins[part], counts[part]), toml, below)
            for part in missing
        )
        self._wait(self.engine.map(second_of_part, jobs), parts, missing, 1)

    def _wait(
        self, sizes: Iterator[int], parts: list[ShardPart], missing: list[ShardPart], before: int
    ) -> None:
        """Wait for the jobs of a pass, before which there was another one, or none."""
        total = sum(part.size for part in parts)
        done = (before + 1) * total - sum(part.size for part in missing)
        for size in sizes:
            done += size
            if self.progress:
                self.progress(done, 2 * total)

    # What they have found ------------------------------------------------------------------------

    def _failures(self, first: dict[ShardPart, Record]) -> dict[str, str]:
        """Return the files that cannot be read, each with a sentence; raise the sentence of a single file."""
        found: dict[str, str] = {}
        for record in first.values():
            found = record.facts["failures"] | found
        if found and sum(max(1, len(source.files)) for source in self.sources) == 1:
            raise DataError(next(iter(found.values())))
        return found

    def _passed(self, records: Iterable[Record]) -> tuple[str, ...]:
        """Return notes about what was ignored in the drawings."""
        found = Counter[str]()
        for record in records:
            found.update(record.facts["passed"])
        return ignored_notes(found)

    def _stats(self, records: Iterable[Record]) -> StepStats:
        whole = StepStats.empty(len(self.recipe.steps))
        for record in records:
            whole.add(record.stats)
        return whole

    def _finish(
        self,
        plan: dict[str, Any],
        story: Story,
        notes: list[str],
        second: dict[ShardPart, Record],
        sample: ScaleSample,
    ) -> BuildReport:
        """Write the report and the manifest."""
        out = self.places.shards
        for record in second.values():
            for name in SPLIT_NAMES:
                sample.builder.add({name: sample_of(record, name)})
        known = sample.corpus()
        known = replace(known, splits={name: split for name, split in known.splits.items() if len(split)})
        if not sample.is_all:
            notes = [*notes, f"The scale factor is that of a sample of {counted(len(known), 'drawing')}."]
        totals = {
            name: sum(record.facts["splits"][name] for record in second.values()) for name in SPLIT_NAMES
        }
        summary = CorpusSummary(
            {name: n for name, n in totals.items() if n},
            max(record.facts["n_max"] for record in second.values()),
            known.scale_factor,
        )
        report = build_report(story, summary, (*notes, *scale_notes(known.splits)), out)
        files = {name: path for name, path in report.files.items() if name != "drawings"}
        report = replace(report, files=files | {"manifest": str(out / MANIFEST)})
        with ExitStack() as stack:
            write_report(report, story, out, stack)
        write_manifest(out, plan, [self._told(part, record) for part, record in second.items()], report)
        return report

    def _told(self, part: ShardPart, record: Record) -> dict[str, Any]:
        """Return the result of a part for the manifest."""
        shard = self.places.shard(part)
        there = shard.is_file()
        return {
            "shard": shard.name if there else None,
            "bytes": shard.stat().st_size if there else 0,
            "drawings": record.facts["splits"],
            "from": part.origin,
        }
