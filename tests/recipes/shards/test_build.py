"""Shards are the same whoever builds them, however often that was interrupted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.recipes.shards.lines import RECIPE, write_drawings

from limner.corpus.formats.format import DEFAULT_OPTIONS, ReadOptions
from limner.corpus.load import load_corpus
from limner.corpus.opening import UNFINISHED, open_source
from limner.errors import DataError, LimnerError
from limner.recipes.build import build
from limner.recipes.engine import Engine, InProcess, Processes
from limner.recipes.recipe import Recipe
from limner.recipes.report import BuildReport
from limner.recipes.shards.build import build_shards
from limner.recipes.shards.passes import first_of_part, second_of_part

T = TypeVar("T")
R = TypeVar("R")
PART = 4000  # bytes of a part
AS_IT_IS = Recipe()


class Counting:
    """Runs jobs in this process, notes which, and may be stopped after some."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.stop_after = stop_after
        self.done: list[tuple[str, str]] = []

    def map(self, function: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
        for job in jobs:
            if len(self.done) == self.stop_after:
                raise KeyboardInterrupt
            if isinstance(job, tuple):  # lines to count
                yield function(job)
                continue
            result = function(job)
            self.done.append((function.__name__, job.part.name))  # type: ignore[attr-defined]
            yield result


def make(
    sources: list[Path],
    out: Path,
    engine: Engine | None = None,
    recipe: Recipe = RECIPE,
    options: ReadOptions = DEFAULT_OPTIONS,
    **more: Any,
) -> BuildReport:
    found = [open_source(source, options) for source in sources]
    return build_shards(found, out, recipe, engine or InProcess(), **{"part_bytes": PART, **more})


def contents(folder: Path) -> dict[str, bytes]:
    """Return all that a build leaves, but for the names of folders."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".parquet"}


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    return write_drawings(tmp_path / "in" / "a.ndjson", 150)


@pytest.fixture
def several(tmp_path: Path) -> Path:
    for k, n in enumerate((5, 90, 6, 7)):
        write_drawings(tmp_path / "several" / f"{'abcd'[k]}.ndjson", n, seed=k)
    return tmp_path / "several"


# The shards --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("recipe", [AS_IT_IS, RECIPE], ids=["as it is", "all kinds of steps"])
def test_shards_are_the_corpus_of_one_file(several: Path, tmp_path: Path, recipe: Recipe) -> None:
    report = make([several], tmp_path / "shards", recipe=recipe)
    whole = build([several], tmp_path / "whole.parquet", recipe=recipe)
    one, two = load_corpus(tmp_path / "whole.parquet"), load_corpus(tmp_path / "shards")
    assert len(contents(tmp_path / "shards")) > 4
    assert list(one.splits) == list(two.splits)
    for name, split in one.splits.items():
        np.testing.assert_array_equal(split.rows, two.splits[name].rows)
        assert split.sources == two.splits[name].sources
        labels = [one.label_names[k] for k in split.labels]
        assert labels == [two.label_names[k] for k in two.splits[name].labels]
    here, there = asdict(report), asdict(whole)
    assert here.pop("files").keys() - there.pop("files").keys() == {"manifest"}
    for summary in (here, there):  # what cannot be read is listed behind the rest of what was read with it
        summary["dropped"] = sorted(summary["dropped"], key=lambda one: str(one["source"]))
    assert here == there
    assert all(Path(path).is_file() for path in report.files.values())


@pytest.mark.slow
def test_whoever_does_the_work(lines: Path, tmp_path: Path) -> None:
    with Processes(2) as two:
        reports = [make([lines], tmp_path / "one"), make([lines], tmp_path / "two", two)]
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert reports[0].steps == reports[1].steps
    assert reports[0].dropped == reports[1].dropped


@pytest.mark.slow
def test_the_size_of_parts_changes_nothing_but_the_cuts(lines: Path, tmp_path: Path) -> None:
    sizes = (1500, 20_000)
    for size in sizes:
        make([lines], tmp_path / str(size), part_bytes=size)
    one, two = (load_corpus(tmp_path / str(size)) for size in sizes)
    for name, split in one.splits.items():
        np.testing.assert_array_equal(split.rows, two.splits[name].rows)
        assert split.sources == two.splits[name].sources


@pytest.mark.slow
def test_the_manifest_says_which_input_became_which_shard(lines: Path, tmp_path: Path) -> None:
    report = make([lines], tmp_path / "shards")
    parts = json.loads(Path(report.files["manifest"]).read_text())["parts"]
    spans = [(part["from"][0]["begin"], part["from"][0]["size"]) for part in parts]
    assert [begin for begin, _ in spans] == [0, *np.cumsum([size for _, size in spans]).tolist()[:-1]]
    assert sum(size for _, size in spans) == lines.stat().st_size
    text = lines.read_bytes()
    for part, (begin, size) in zip(parts, spans, strict=True):
        table = pq.read_table(tmp_path / "shards" / part["shard"])
        assert len(table) == sum(part["drawings"].values())
        assert part["bytes"] == (tmp_path / "shards" / part["shard"]).stat().st_size
        keys = [name.partition("#")[2].partition("/")[0] for name in table["source"].to_pylist()]
        assert all(f'"{key}"'.encode() in text[begin : begin + size] for key in keys)
        assert b"limner.recipe" in table.schema.metadata


@pytest.mark.slow
def test_a_part_of_which_nothing_stays_makes_no_shard(tmp_path: Path) -> None:
    path = write_drawings(tmp_path / "a.ndjson", 60)
    dots = [json.dumps({"drawing": [[[1], [2]]], "key_id": str(i)}) + "\n" for i in range(60)]
    path.write_text("".join(dots) + path.read_text())
    report = make([path], tmp_path / "shards", part_bytes=1000)
    parts = json.loads(Path(report.files["manifest"]).read_text())["parts"]
    assert parts[0]["shard"] is None
    assert parts[-1]["shard"] is not None
    assert not (tmp_path / "shards" / "part-00000.parquet").exists()


@pytest.mark.slow
def test_progress(lines: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    make([lines], tmp_path / "shards", progress=lambda *done: told.append(done))
    total = 2 * lines.stat().st_size
    assert {of for _, of in told} == {total}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == total


def test_a_name_without_suffix_is_a_folder_of_shards(lines: Path, tmp_path: Path) -> None:
    report = build([lines], tmp_path / "shards", recipe=RECIPE)
    assert report.kept == sum(len(split) for split in load_corpus(tmp_path / "shards").splits.values())


# Going on ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("stop_after", [0, 1, 7, 12, 20])
def test_an_interrupted_build_goes_on_and_repeats_nothing(
    lines: Path, tmp_path: Path, stop_after: int
) -> None:
    make([lines], tmp_path / "whole")
    n = len(contents(tmp_path / "whole"))
    assert n > 10
    first, second = Counting(stop_after), Counting()
    with pytest.raises(KeyboardInterrupt):
        make([lines], tmp_path / "parts", first)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "parts").glob("*.parquet")}
    with pytest.raises(DataError, match=r"parts is not finished; run the same limner build again"):
        load_corpus(tmp_path / "parts")
    told: list[int] = []
    report = make([lines], tmp_path / "parts", second, progress=lambda done, _: told.append(done))
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")
    assert len(first.done) == stop_after
    assert sorted(first.done + second.done) == sorted(
        (function.__name__, f"part-{i:05d}") for function in (first_of_part, second_of_part) for i in range(n)
    )
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    assert told[0] > stop_after * PART * 0.9
    assert report.steps == make([lines], tmp_path / "whole").steps
    assert not (tmp_path / "parts" / UNFINISHED).exists()


@pytest.mark.slow
def test_interrupted_in_the_middle_of_a_job(lines: Path, tmp_path: Path) -> None:
    """What a killed process leaves half written is nothing."""
    make([lines], tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        make([lines], tmp_path / "parts", Counting(13))
    work = tmp_path / "parts" / UNFINISHED
    (work / "part-00002.second.npz").unlink(missing_ok=True)
    (tmp_path / "parts" / ".part-00002.x7.parquet").write_bytes(b"PAR1 and then nothing")
    kept = sorted(work.glob("*-kept.arrow"))[-1]
    kept.with_name(kept.name.replace("-kept.arrow", ".first.npz")).unlink()
    kept.write_bytes(kept.read_bytes()[:99])
    make([lines], tmp_path / "parts")
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")


@pytest.mark.slow
def test_a_finished_folder_is_left_as_it_is(lines: Path, tmp_path: Path) -> None:
    first, again = Counting(), Counting()
    report = make([lines], tmp_path / "shards", first)
    assert make([lines], tmp_path / "shards", again) == report
    assert not again.done
    (tmp_path / "shards" / "part-00001.parquet").unlink()
    with pytest.raises(LimnerError, match="is not empty"):
        make([lines], tmp_path / "shards")


def test_a_folder_that_was_begun_otherwise(lines: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        make([lines], tmp_path / "shards", Counting(2))
    for change in (
        {"recipe": replace(RECIPE, seed=1)},
        {"part_bytes": 5000},
        {"options": ReadOptions(recognized_only=True)},
    ):
        with pytest.raises(LimnerError, match="was begun from other files, by another recipe"):
            make([lines], tmp_path / "shards", **change)
    write_drawings(lines, 10, seed=4)
    with pytest.raises(LimnerError, match="was begun from other files, by another recipe"):
        make([lines], tmp_path / "shards")


@pytest.mark.slow
def test_two_at_once(lines: Path, tmp_path: Path) -> None:
    class Meanwhile(InProcess):
        def map(self, function: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
            with pytest.raises(LimnerError, match="is being built by another process"):
                make([lines], tmp_path / "shards")
            return super().map(function, jobs)

    make([lines], tmp_path / "shards", Meanwhile())


# What is refused ---------------------------------------------------------------------------------


def test_a_folder_with_something_in_it(lines: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("dear")
    with pytest.raises(LimnerError, match="out is not empty"):
        make([lines], tmp_path / "out")
    with pytest.raises(LimnerError, match=r"letter\.txt is a file"):
        make([lines], tmp_path / "out" / "letter.txt")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_nothing_is_left_behind_when_no_drawing_is(lines: Path, tmp_path: Path) -> None:
    recipe = Recipe.from_dict({"step": [{"step": "size", "min_points": 10_000}]}, where="here")
    with pytest.raises(DataError, match=r"a\.ndjson: no drawing is left; .* most often because"):
        make([lines], tmp_path / "new" / "shards", recipe=recipe)
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_a_damaged_file_is_left_out_whole(several: Path, tmp_path: Path, place: float) -> None:
    """However many parts it was cut into; alone it is refused."""
    text = (several / "b.ndjson").read_text().splitlines()
    text.insert(int(place * len(text)), "{")
    (several / "b.ndjson").write_text("\n".join(text))
    report = make([several], tmp_path / "shards")
    whole = build([several], tmp_path / "whole.parquet", recipe=RECIPE)
    assert report.failures == whole.failures
    assert list(report.failures) == [str(several / "b.ndjson")]
    assert report.steps == whole.steps
    assert report.splits == whole.splits
    with pytest.raises(DataError, match=r"b\.ndjson, line \d+ is not JSON"):
        make([several / "b.ndjson"], tmp_path / "alone")
    assert not (tmp_path / "alone").exists()
