from __future__ import annotations

import csv
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image, ImageDraw

from limner.corpus.corpus import Corpus
from limner.corpus.corpus import Split as Drawings
from limner.corpus.load import load_corpus
from limner.corpus.ndjson import ndjson_chunks
from limner.corpus.npz_writer import write_npz
from limner.corpus.rejections import Rejected
from limner.errors import DataError, LimnerError
from limner.recipes.build import build
from limner.recipes.engine import Processes
from limner.recipes.output import RECIPE_KEY
from limner.recipes.recipe import Recipe, load_recipe
from limner.recipes.steps.augment import AugmentStep
from limner.recipes.steps.geometry import RescaleStep
from limner.recipes.steps.shape import SeparateStep
from limner.recipes.steps.size import ShortStrokesStep, SizeStep
from limner.recipes.steps.split import SplitStep
from limner.strokes.drawing import Drawing

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 10 20 L 13 24" fill="none" stroke="black"/></svg>'


def write_lines(path: Path, *drawings: object, word: str = "cat") -> Path:
    records = [{"word": word, "key_id": i, "drawing": drawing} for i, drawing in enumerate(drawings)]
    path.write_text("\n".join(json.dumps(record) for record in records))
    return path


def lines(n: int) -> list[list[list[list[int]]]]:
    return [[[[0, i], [0, i]]] for i in range(1, n + 1)]


def test_sources_are_merged(tmp_path: Path) -> None:
    npz = tmp_path / "a.npz"
    short, long = np.ones((2, 3), np.float32), np.ones((4, 3), np.float32)
    splits = {"train": Drawings.from_arrays([short] * 3), "test": Drawings.from_arrays([long])}
    write_npz(Corpus(splits), npz)
    cats = write_lines(tmp_path / "cats.ndjson", *lines(30))
    dogs = write_lines(tmp_path / "dogs.ndjson", *lines(10), word="dog")
    report = build([npz, cats, str(dogs)], tmp_path / "all.parquet", seed=5)
    corpus = load_corpus(tmp_path / "all.parquet")
    assert report.kept == len(corpus) == 44
    assert report.splits == {"train": 43, "test": 1}  # 40 without a split are few
    assert (report.n_max, report.scale_factor) == (corpus.n_max, corpus.scale_factor)
    assert (report.dropped, report.reasons) == ((), {})
    assert corpus.label_names == ("cat", "dog")
    labels = [corpus.drawing("train", i).label for i in range(39)]
    assert labels[:3] == [None] * 3
    assert corpus.splits["train"].sources[:3] == ("a.npz#0", "a.npz#1", "a.npz#2")
    for i, label in enumerate(labels[3:], start=3):
        assert corpus.splits["train"].sources[i].startswith(f"{label}s.ndjson#")


def test_bad_drawings_are_dropped_and_reported(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *lines(2), None, [[[1], [1, 2]]], [], None)
    report = build([path], tmp_path / "a.npz")
    assert report.kept == 2
    assert report.reasons == {
        "it has no drawing, a list of strokes": 2,
        "it has no points": 1,
        "the xs and ys of a stroke differ in length": 1,
    }
    assert Rejected("a.ndjson#4", "it has no points") in report.dropped


def test_positions_are_kept(tmp_path: Path) -> None:
    build([write_lines(tmp_path / "a.ndjson", [[[500, 501.5], [300, 300]]])], tmp_path / "a.npz")
    assert load_corpus(tmp_path / "a.npz").splits["train"].rows.tolist() == [[500, 300, 0], [1.5, 0, 1]]


def test_a_corpus_of_one_drawing_is_valid(tmp_path: Path) -> None:
    report = build([write_lines(tmp_path / "a.ndjson", *lines(1))], tmp_path / "a.npz")
    assert report.splits == {"train": 1}


def test_lost_labels_are_noted(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *lines(3))
    assert any("no labels" in note for note in build([path], tmp_path / "a.npz").notes)
    assert not any("no labels" in note for note in build([path], tmp_path / "a.parquet").notes)


def test_a_damaged_svg_in_a_folder_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.svg").write_text(SVG)
    (tmp_path / "in" / "bad.svg").write_text("<svg")
    report = build([tmp_path / "in"], tmp_path / "a.npz")
    assert (report.kept, report.dropped[0].source) == (1, "bad.svg#0")
    with pytest.raises(DataError, match=r"bad\.svg"):
        build([tmp_path / "in" / "bad.svg"], tmp_path / "b.npz")


def test_damaged_files_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *lines(2))
    path.write_text(path.read_text() + '\n{"drawing": [[[1, 2')
    with pytest.raises(DataError, match=r"a\.ndjson, line 3"):
        build([path], tmp_path / "a.npz")
    assert [file.name for file in tmp_path.iterdir()] == ["a.ndjson"]


@pytest.mark.parametrize("drawings", [[], [None, None, [[[1], []]]]])
def test_nothing_left_is_refused(tmp_path: Path, drawings: list[object]) -> None:
    path = write_lines(tmp_path / "a.ndjson", *drawings)
    with pytest.raises(
        DataError, match=r"a\.ndjson: (no drawing is left; 3 drawings dropped|there are no drawings)"
    ):
        build([path], tmp_path / "a.npz")
    assert not (tmp_path / "a.npz").exists()


def test_another_suffix_is_refused_before_reading(tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match=r"a\.csv: a corpus is written as \.npz, .*\.parquet"):
        build([tmp_path / "missing.npz"], tmp_path / "a.csv")


def test_progress_counts_bytes(tmp_path: Path) -> None:
    sizes = [write_lines(tmp_path / name, *lines(1)).stat().st_size for name in ("a.ndjson", "b.ndjson")]
    calls: list[tuple[int, int]] = []
    build(
        [tmp_path, tmp_path / "a.ndjson"],
        tmp_path / "out" / "a.npz",
        progress=lambda *call: calls.append(call),
    )
    total = sum(sizes) + sizes[0]
    assert calls == [(sizes[0], total), (sum(sizes), total), (total, total)]


def test_recognized_only(tmp_path: Path) -> None:
    records = [{"recognized": i % 2 == 0, "drawing": line} for i, line in enumerate(lines(10))]
    (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, records)))
    assert build([tmp_path / "a.ndjson"], tmp_path / "a.npz", recognized_only=True).kept == 5


def test_the_same_build_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *lines(60))
    for name in ("a.npz", "b.npz", "c.npz"):
        build([path], tmp_path / name, seed=4 if name == "c.npz" else 3)
    first, second, other = ((tmp_path / name).read_bytes() for name in ("a.npz", "b.npz", "c.npz"))
    assert first == second != other


RECIPE = Recipe(
    "small",
    "For a test.",
    1,
    (
        ShortStrokesStep(min_length=2.0),
        RescaleStep(box=100.0),
        SizeStep(min_points=3),
        SplitStep(),
        AugmentStep(copies=1),
    ),
)


def test_a_recipe_is_followed_and_remembered(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *lines(40), [[[0, 9, 9], [0, 0, 9]]])
    report = build([path], tmp_path / "a.parquet", recipe=RECIPE)
    assert report.kept == 2  # with its copy
    assert report.reasons == {"fewer than 3 points": 39, "no stroke is left": 1}
    assert [(s.step, s.drawings, s.dropped) for s in report.steps] == [
        ("read", 41, {}),
        ("short-strokes", 40, {"no stroke is left": 1}),
        ("rescale", 40, {}),
        ("size", 1, {"fewer than 3 points": 39}),
        ("split", 1, {}),
        ("augment", 2, {}),
    ]
    assert load_recipe(tmp_path / "a.recipe.toml") == RECIPE
    noted = pq.read_schema(tmp_path / "a.parquet").metadata[RECIPE_KEY.encode()].decode()
    assert noted == (tmp_path / "a.recipe.toml").read_text()
    again = build([path], tmp_path / "b.parquet", recipe=tmp_path / "a.recipe.toml")
    assert replace(again, files={}) == replace(report, files={})
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_build_leaves_its_report(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *lines(30), None)
    report = build([path], tmp_path / "out" / "cats.npz")
    names = ["cats.drawings.csv", "cats.npz", "cats.recipe.toml", "cats.report.html", "cats.report.json"]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == names
    summary = json.loads((tmp_path / "out" / "cats.report.json").read_text())
    assert summary["kept"] == report.kept == 30
    assert summary["recipe"] == {"name": "as-it-is", **Recipe().to_dict()}
    assert summary["steps"][0]["dropped"] == {"it has no drawing, a list of strokes": 1}
    assert summary["histograms"]["after"]["points_of_a_drawing"]["counts"] == {"2": 30}
    page = (tmp_path / "out" / "cats.report.html").read_text()
    assert "30 drawings out of 30" in page
    assert "$" not in page


def test_the_table_says_where_every_drawing_is_from(tmp_path: Path) -> None:
    page = [[[0, 9, 9], [0, 0, 9]], [[50, 60], [50, 60]]]
    path = write_lines(tmp_path / "a.ndjson", page, page)
    build([path], tmp_path / "a.npz", recipe=Recipe("apart", "", 0, (SeparateStep(), RescaleStep())))
    with (tmp_path / "a.drawings.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["source"] for row in rows} == {f"a.ndjson#{i}/box-{k}" for i in (0, 1) for k in (1, 2)}
    one = next(row for row in rows if row["source"] == "a.ndjson#1/box-2")
    assert [one[name] for name in ("page", "label", "x", "y", "width", "height", "strokes", "points")] == [
        *("a.ndjson#1", "cat", "50", "50", "10", "10", "1", "2"),
    ]
    corpus = load_corpus(tmp_path / "a.npz")
    assert len(corpus.splits[one["split"]][int(one["index"])]) == 2


@pytest.mark.slow
def test_two_processes_write_what_one_writes(tmp_path: Path) -> None:
    sources = [write_lines(tmp_path / f"{i}.ndjson", *lines(40), word=f"w{i}") for i in range(5)]
    recipe = Recipe("copies", "", 2, (RescaleStep(), SplitStep(), AugmentStep(copies=2)))
    with Processes(2) as two:
        for name in ("a.npz", "a.parquet"):
            build(sources, tmp_path / "one" / name, recipe=recipe, jobs=1)
            build(sources, tmp_path / "two" / name, recipe=recipe, engine=two)
    for file in (tmp_path / "one").iterdir():
        if file.suffix not in (".html", ".json"):  # they name the place
            assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


@pytest.mark.slow
def test_chunks_of_a_file_are_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_lines(tmp_path / "a.ndjson", *lines(50))
    build([path], tmp_path / "a.parquet", recipe="quickdraw")
    monkeypatch.setattr("limner.corpus.ndjson.ndjson_chunks", partial(ndjson_chunks, size=200))
    monkeypatch.setattr("limner.corpus.parquet_writer.GROUP", 7)
    build([path], tmp_path / "b.parquet", recipe="quickdraw")
    one, two = (pq.read_table(tmp_path / name).to_pylist() for name in ("a.parquet", "b.parquet"))
    assert one == two
    path.write_text(path.read_text() + "\n[broken")
    with pytest.raises(DataError, match=r"a\.ndjson, line 51 is not JSON"):
        build([path], tmp_path / "c.parquet")


def test_damaged_files_among_others_are_left_out_whole_and_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b", "c"):
        write_lines(tmp_path / "in" / f"{name}.ndjson", *lines(5))
    broken = tmp_path / "in" / "b.ndjson"
    broken.write_text(broken.read_text() + '\n{"drawing": [[[1, 2')
    report = build([tmp_path / "in"], tmp_path / "a.parquet")
    assert report.kept == 10
    assert list(report.failures) == [str(broken)]
    assert "line 6" in report.failures[str(broken)]
    assert not any(
        source.startswith("b.") for source in load_corpus(tmp_path / "a.parquet").splits["train"].sources
    )
    for name in ("a", "c"):
        (tmp_path / "in" / f"{name}.ndjson").write_text("{")
    with pytest.raises(DataError, match="no file can be read"):
        build([tmp_path / "in"], tmp_path / "b.parquet")
    assert sorted(file.name for file in tmp_path.iterdir() if file.name.startswith(("b", "."))) == []


def test_nothing_left_by_the_recipe_is_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *lines(3))
    with pytest.raises(DataError, match=r"no drawing is left; 3 drawings dropped, .* fewer than 99 points"):
        build([path], tmp_path / "a.npz", recipe=Recipe("none", "", 0, (SizeStep(min_points=99),)))
    assert [file.name for file in tmp_path.iterdir()] == ["a.ndjson"]


@pytest.mark.slow
def test_pictures_are_read_by_a_recipe_that_scans(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for i in range(3):
        image = Image.new("L", (120, 90), 255)
        ImageDraw.Draw(image).line([(10, 10), (100, 60 + 5 * i)], fill=0, width=3)
        image.save(tmp_path / "in" / f"{i}.png")
    (tmp_path / "in" / "3.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match="holds pictures; they are read by"):
        build([tmp_path / "in"], tmp_path / "a.npz")
    report = build([tmp_path / "in"], tmp_path / "a.parquet", recipe="sketchbook", jobs=1)
    assert report.kept == 3
    assert [one.source for one in report.dropped] == ["3.png#0"]
    sources = [s for split in load_corpus(tmp_path / "a.parquet").splits.values() for s in split.sources]
    assert sorted(sources) == [f"{i}.png#0/box-1" for i in range(3)]


@pytest.mark.slow
def test_google_s_simplified_drawings_come_out(data_dir: Path, tmp_path: Path) -> None:
    """Strokes equal Google's within one unit; the rest are ties that rounding tells apart."""
    build([data_dir / "quickdraw" / "raw"], tmp_path / "a.parquet", recipe="quickdraw")
    published = {}
    for file in (data_dir / "quickdraw" / "simplified").glob("*.ndjson"):
        for record in map(json.loads, file.read_text().splitlines()):
            published[f"{file.name}#{record['key_id']}"] = record["drawing"]
    pairs = close = total = 0
    for row in pq.read_table(tmp_path / "a.parquet").to_pylist():
        if row["source"] in published:
            pairs += 1
            ours, theirs = (
                Drawing.from_stroke3(row["stroke3"]),
                Drawing.from_quickdraw(published[row["source"]]),
            )
            for a, b in zip(ours, theirs, strict=True):
                total += 1
                close += len(a) == len(b) and bool(np.abs(a - b).max() <= 1)
    assert pairs > 600
    assert close / total > 0.98


@pytest.mark.slow
def test_minn10_thins_look(data_dir: Path, tmp_path: Path) -> None:
    source = data_dir / "stroke3" / "look_i16.npz"
    build([source], tmp_path / "a.npz", recipe="slml-minn10")
    before, after = (load_corpus(path).splits["train"] for path in (source, tmp_path / "a.npz"))
    assert after.strokes_mean / before.strokes_mean == pytest.approx(0.5, abs=0.01)
    assert after.lengths.mean() / before.lengths.mean() == pytest.approx(0.69, abs=0.01)


@pytest.mark.slow
def test_the_eight_pages_become_eight_figures(data_dir: Path, tmp_path: Path) -> None:
    report = build([data_dir / "scans" / "sketchbook"], tmp_path / "a.npz", recipe="sketchbook", jobs=1)
    assert (report.kept, report.splits) == (8, {"train": 8})
    assert report.n_max < 400


@pytest.mark.slow
def test_real_sources(data_dir: Path, tmp_path: Path) -> None:
    sources = [
        data_dir / "stroke3" / "look_i16.npz",
        data_dir / "quickdraw" / "raw",
        data_dir / "svg" / "feather",
    ]
    report = build(sources, tmp_path / "all.parquet")
    assert report.kept == 1600 + 755 + len(list((data_dir / "svg" / "feather").glob("*.svg")))
    assert report.dropped == ()
