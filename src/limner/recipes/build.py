"""Build a corpus file from drawings in any format, by a recipe."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from limner.corpus.corpus import SPLIT_NAMES
from limner.corpus.disambiguate import open_sources
from limner.corpus.formats.format import Pen, ReadOptions
from limner.corpus.reading import passed_notes
from limner.errors import DataError
from limner.recipes.columns import Columns
from limner.recipes.engine import InProcess, local_engine
from limner.recipes.messages import nothing_left, shared_out
from limner.recipes.output import Output, checked_suffix
from limner.recipes.passes import First, FirstDone, Second, first_pass, second_pass
from limner.recipes.recipe import Recipe, load_recipe
from limner.recipes.report import BuildReport, Story, build_report
from limner.recipes.report_files import write_report
from limner.recipes.scratch import scratch_beside
from limner.recipes.spill import forget, get
from limner.recipes.stages import finish
from limner.recipes.step_stats import StepStats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from limner.corpus.source import Source
    from limner.recipes.engine import Engine
    from limner.recipes.spill import Spilled
    from limner.recipes.stages import SplitChoice

__all__ = ["BuildReport", "build"]


def build(
    sources: Sequence[str | Path],
    out: str | Path,
    *,
    recipe: Recipe | str | Path | None = None,
    choices: str | Path | None = None,
    seed: int | None = None,
    recognized_only: bool = False,
    pen: Pen = "lift",
    engine: Engine | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> BuildReport:
    """Read drawings from several sources and write them as one corpus, as a recipe says.

    Splits of the same name are joined; drawings without one are shared out together. Bad drawings, and files
    that cannot be read beside others, are left out and reported. A report, the recipe and a table of the
    drawings lie beside the corpus. The same recipe gives the same bytes.

    Parameters
    ----------
    sources : sequence of str or Path
        As for :func:`limner.corpus.load.load_corpus`; pictures too, if the recipe begins with ``scan``.
    out : str or Path
        A corpus file; ``.parquet`` keeps labels and sources. A name without suffix is a folder of shards;
        see :func:`limner.recipes.shards.build.build_shards`.
    recipe : Recipe, str or Path, optional
        A TOML file, or a name of a recipe that comes along; nothing is changed unless given.
    choices : str or Path, optional
        A table of choices, as maps save it, which is followed before the recipe.
    seed : int, optional
        The recipe's own unless given.
    recognized_only : bool
        Whether drawings that the QuickDraw game did not recognise are left out.
    pen : str
        As for :func:`limner.corpus.load.load_corpus`.
    engine : Engine, jobs : int, optional
        Who does the work, or how many processes; as many as pay unless given.
    progress : callable, optional
        Is told how many bytes have been read, of how many.

    Raises
    ------
    LimnerError
        If the only file is damaged, the recipe is wrong, no drawing is left, or nothing can be written.
    """
    target = Path(out)
    suffix = checked_suffix(target)
    plan = _plan(recipe, choices, seed)
    found = open_sources(sources, ReadOptions(recognized_only, pen, plan.scan))
    with ExitStack() as stack:
        runner: Engine = engine or stack.enter_context(local_engine(found, jobs))
        if not suffix:
            from limner.recipes.shards.build import build_shards

            return build_shards(found, target, plan, runner, progress=progress)
        folder = stack.enter_context(scratch_beside(target)) if suffix == ".parquet" else None
        first = _First(plan, found, folder).run(runner, progress)
        return _write(first, target, runner, [str(source) for source in sources], stack)


def _plan(recipe: Recipe | str | Path | None, choices: str | Path | None, seed: int | None) -> Recipe:
    found = Recipe() if recipe is None else recipe
    plan = found if isinstance(found, Recipe) else load_recipe(found)
    plan = plan if choices is None else plan.choosing(Path(choices))
    return plan if seed is None else replace(plan, seed=seed)


@dataclass
class _First:
    """The first pass over all sources, and its results."""

    recipe: Recipe
    sources: list[Source]
    folder: Path | None
    places: list[Spilled] = field(default_factory=list)
    columns: list[Columns] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    """Drawings that lie in each place."""
    notes: dict[str, None] = field(default_factory=dict)
    passed: Counter[str] = field(default_factory=Counter)
    """What was passed over in the drawings."""
    failures: dict[str, str] = field(default_factory=dict)
    stats: StepStats = field(init=False)

    def __post_init__(self) -> None:
        self.stats = StepStats.empty(len(self.recipe.steps))

    def run(self, engine: Engine, progress: Callable[[int, int], object] | None) -> _First:
        """Read all sources; a damaged file is left out as a whole, unless it is the only one."""
        alone = sum(max(1, len(source.files)) for source in self.sources) == 1
        total, done = sum(source.size for source in self.sources), 0
        results = engine.map(first_pass, self._jobs())
        for _, of_file in groupby(results, key=lambda result: result.shard.path):
            file = _First(self.recipe, [], None)
            for result in of_file:
                file._add(result)
                if alone and file.failures:
                    raise DataError(next(iter(file.failures.values())))
                done += result.shard.size
                if progress:
                    progress(done, total)
            self._join(file)
        return self

    def _jobs(self) -> Iterator[First]:
        portable, number = self.recipe.portable(), 0
        for source in self.sources:
            for shard in source.shards():
                yield First(portable, shard, f"{number:08d}", self.folder)
                number += 1

    def _add(self, result: FirstDone) -> None:
        self.places.append(result.kept)
        self.columns.append(result.columns)
        self.sizes.append(result.n)
        self.stats.add(result.stats)
        self.notes |= dict.fromkeys(result.notes)
        self.passed.update(dict(result.passed))
        if result.failure is not None:
            self.failures.setdefault(result.shard.path, result.failure)

    def _join(self, file: _First) -> None:
        if file.failures:
            self.failures |= file.failures
            forget(file.places)
            return
        self.places += file.places
        self.columns += file.columns
        self.sizes += file.sizes
        self.stats.add(file.stats)
        self.notes |= file.notes
        self.passed.update(file.passed)


def _write(first: _First, out: Path, engine: Engine, sources: list[str], stack: ExitStack) -> BuildReport:
    """Choose among the drawings that were read; write the corpus and the files beside it."""
    recipe = first.recipe
    columns, choice = _chosen(recipe, first, sources)
    output, shared = Output(out, recipe, columns, choice, stack), shared_out(recipe, columns, choice)
    del columns  # of millions of drawings; what follows needs the room
    stats = _second(recipe, first, choice, engine, first.folder, output)
    notes = (*first.notes, *passed_notes(first.passed.items()), *shared, *output.close())
    story = Story(recipe, sources, first.stats, choice.stats, stats, first.failures)
    report = build_report(story, output.summary, notes, out)
    write_report(report, story, out, stack)
    return report


def _chosen(recipe: Recipe, first: _First, sources: Sequence[str | Path]) -> tuple[Columns, SplitChoice]:
    """Decide which drawings stay, and in which split.

    Raises
    ------
    DataError
        If none is left.
    """
    columns = Columns.join(first.columns)
    first.columns.clear()
    choice = finish(recipe, columns) if len(columns) else None
    if choice is None or not (choice.splits >= 0).any():
        if choice is not None:
            first.stats.add(choice.stats)
        raise DataError(nothing_left(sources, first.stats, first.failures))
    return columns, choice


def _second(
    recipe: Recipe, first: _First, choice: SplitChoice, engine: Engine, folder: Path | None, output: Output
) -> StepStats:
    """Apply the choice and write the drawings: train in order of reading, then valid, then test."""
    stats = StepStats.empty(len(recipe.steps))
    shared = folder is not None and not isinstance(engine, InProcess)
    runner, away = (engine, True) if recipe.after or shared else (InProcess(), False)
    later: dict[str, list[Spilled]] = {name: [] for name in SPLIT_NAMES[1:]}

    def jobs() -> Iterator[Second]:
        begin, portable = 0, recipe.portable()
        for number, (place, size) in enumerate(zip(first.places, first.sizes, strict=True)):
            yield Second(portable, place, choice.part(begin, size), f"{number:08d}", folder, away)
            begin += size

    for done in runner.map(second_pass, jobs()):
        stats.add(done.stats)
        train, *others = done.splits
        output.add(get(train))
        forget([train])
        for name, place in zip(later, others, strict=True):
            later[name].append(place)
    for place in (place for places in later.values() for place in places):
        output.add(get(place))
    return stats
