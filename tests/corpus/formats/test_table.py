"""Every format of the table is read, recognised and written as its entry says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.corpus.formats.conftest import ROWS, SAMPLES

from limner.corpus.collector import Collector
from limner.corpus.corpus import Corpus
from limner.corpus.formats import table
from limner.corpus.formats.format import Bad, Findings, Format, Found, ReadOptions
from limner.corpus.formats.table import format_of, formats, named, register
from limner.corpus.load import load_corpus
from limner.corpus.source import open_source
from limner.curation.items import open_items
from limner.errors import DataError
from limner.recipes.build import build
from limner.scan.settings import ScanSettings
from limner.studio.corpora import trainable_corpora

NAMES = [one.name for one in formats()]
DRAWN = [name for name in NAMES if not named(name).for_pictures]


def sample(name: str, folder: Path) -> Path:
    file, write = SAMPLES[name]
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / file)
    return folder / file


def test_every_format_has_a_sample() -> None:
    assert set(SAMPLES) == set(NAMES)


@pytest.mark.parametrize("name", DRAWN)
def test_a_file_is_read(tmp_path: Path, name: str) -> None:
    corpus = load_corpus(sample(name, tmp_path))
    assert corpus.splits["train"][0].tolist() == ROWS
    if name != "parquet":  # whose rows say where they come from
        assert corpus.splits["train"].sources[0].startswith(SAMPLES[name][0])


@pytest.mark.parametrize("name", DRAWN)
def test_a_file_is_recognised_by_its_content(tmp_path: Path, name: str) -> None:
    """Without a suffix, but for what only a suffix can tell."""
    path = sample(name, tmp_path)
    if named(name).knows(path.read_bytes()):
        assert format_of(path.rename(tmp_path / "drawings")) == named(name)
    assert named(name).knows(b"hello") is False
    assert named(name).knows(b"") is False


@pytest.mark.parametrize("name", DRAWN)
def test_a_folder_is_read_and_curated_and_learnt_from(tmp_path: Path, name: str) -> None:
    sample(name, tmp_path / "in")
    (tmp_path / "in" / "README.md").write_text("Drawings.")
    (tmp_path / "in" / ".hidden.png").write_bytes(b"")
    source = open_source(tmp_path / "in")
    assert (source.kind, len(source.files)) == (name, 1)
    assert build([tmp_path / "in"], tmp_path / "out.npz").kept == 1
    assert open_items([str(tmp_path / "in")]).kind == "drawings"


@pytest.mark.parametrize("name", [name for name in DRAWN if name != "svg"])
def test_the_studio_learns_from_a_file(tmp_path: Path, name: str) -> None:
    path = sample(name, tmp_path / "corpora")
    assert trainable_corpora(tmp_path) == {path.name: path}


@pytest.mark.parametrize("name", DRAWN)
def test_a_damaged_file_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    path = sample(name, tmp_path)
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole[:3]):
        path.write_bytes(damaged)
        try:
            corpus = load_corpus(path)
        except DataError as error:
            assert path.name in str(error)  # noqa: PT017 - a text may be cut between two drawings
        else:
            assert name in ("csv", "omniglot", "unipen") and len(corpus)  # noqa: PT018


@pytest.mark.parametrize("name", [one.name for one in formats() if one.write])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    corpus = load_corpus("doodles")
    small = Corpus({"train": corpus.splits["train"].take(range(5))}, corpus.label_names)
    one = named(name)
    assert one.write is not None
    path = tmp_path / f"out{one.suffix}"
    one.write(small, path)
    again = load_corpus(path)
    rows = [row for split in again.splits.values() for row in split]
    order = sorted(range(5), key=lambda i: len(small.splits["train"][i]))
    for i, row in zip(order, sorted(rows, key=len), strict=True):
        assert np.allclose(row, small.splits["train"][i], atol=1e-3)
    if name != "npz":
        assert set(again.label_names) <= set(corpus.label_names)
        assert again.label_names


@pytest.mark.parametrize("suffix", ["ndjson", "json", "inkml"])
def test_a_corpus_is_built_as_text(tmp_path: Path, suffix: str) -> None:
    report = build([sample("npz", tmp_path)], tmp_path / f"b.{suffix}")
    assert load_corpus(report.files["corpus"] if "corpus" in report.files else tmp_path / f"b.{suffix}")


def test_pictures_are_read_by_a_recipe_alone(tmp_path: Path) -> None:
    path = sample("picture", tmp_path / "in")
    for place in (path, tmp_path / "in"):
        with pytest.raises(DataError, match="limner scan"):
            open_source(place)
        found = open_source(place, ReadOptions(scan=ScanSettings())).read(Collector(strict=True))
        assert len(found) == 1
    assert open_items([str(tmp_path / "in")]).kind == "pictures"


def test_a_folder_of_one_kind_beside_tables_and_reports(tmp_path: Path) -> None:
    """What a build leaves beside a corpus is no drawing."""
    build([sample("json", tmp_path / "in")], tmp_path / "out" / "a.npz")
    (tmp_path / "out" / "drawings.json").write_text(json.dumps({"strokes": [[[1, 2], [3, 4]]]}))
    assert open_source(tmp_path / "out").kind == "npz"


def test_curate_and_build_see_the_same(tmp_path: Path) -> None:
    """A hidden drawing among pictures, and pictures beside drawings."""
    sample("picture", tmp_path / "a")
    sample("svg", tmp_path / "a" / ".kept")
    assert open_items([str(tmp_path / "a")]).kind == "pictures"
    with pytest.raises(DataError, match="holds pictures"):
        open_source(tmp_path / "a")
    sample("omniglot", tmp_path / "a")
    assert open_items([str(tmp_path / "a")]).kind == "drawings"
    assert open_source(tmp_path / "a").kind == "omniglot"


@pytest.fixture
def dots() -> Iterator[Format]:
    """Register a format of other people: a line of numbers a drawing."""

    def read(path: Path, options: ReadOptions) -> Findings:
        del options
        for number, line in enumerate(path.read_text().split("\n")):
            if not line.isdecimal():
                yield Bad("it is no number", number)
            else:
                yield Found(np.array([[int(line), 0, 1]], np.float32), "dot", passed=(("colour", 2),))

    one = Format("dots", "dots", (".dots",), lambda head: head.startswith(b"dots"), drawings=read)
    register(one)
    yield one
    del table._TABLE["dots"]
    table._by_suffix.cache_clear()


def test_a_format_is_one_entry(tmp_path: Path, dots: Format) -> None:
    (tmp_path / "a.dots").write_text("3\nx\n5")
    with pytest.raises(DataError, match=r"a\.dots, drawing 1: it is no number"):
        load_corpus(tmp_path / "a.dots")
    report = build([tmp_path / "a.dots"], tmp_path / "a.npz")
    assert (report.kept, report.reasons) == (2, {"it is no number": 1})
    assert "Passed over: colour (4)." in report.notes
    with pytest.raises(ValueError, match="already"):
        register(dots)


def test_an_entry_is_checked() -> None:
    with pytest.raises(ValueError, match="drawings or readings"):
        Format("x", "x", (".x",), lambda head: not head)
    with pytest.raises(ValueError, match="lower case"):
        Format("x", "x", ("X",), lambda head: not head, drawings=lambda *_: ())
