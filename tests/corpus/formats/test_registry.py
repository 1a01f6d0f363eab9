"""Every format of the table is read, recognised and written as its entry says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.corpus.formats.conftest import ROWS, SAMPLES
from tests.corpus.reads import read_back
from tests.docs import python_blocks
from tests.plugins import installed

from limner.corpus.corpus import Corpus
from limner.corpus.formats import registry
from limner.corpus.formats.format import Format, ReadOptions
from limner.corpus.formats.registry import FORMATS, format_of
from limner.corpus.load import load_corpus
from limner.corpus.opening import open_source
from limner.curation.items import open_items
from limner.errors import DataError
from limner.recipes.build import build
from limner.scan.settings import ScanSettings
from limner.studio.corpora import trainable_corpora

NAMES = list(FORMATS)
DRAWN = [name for name in NAMES if not FORMATS[name].for_pictures]


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
    if FORMATS[name].matches(path.read_bytes()):
        assert format_of(path.rename(tmp_path / "drawings")) == FORMATS[name]
    assert FORMATS[name].matches(b"hello") is False
    assert FORMATS[name].matches(b"") is False


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


@pytest.mark.parametrize("suffix", ["ndjson", "json", "inkml"])
def test_a_corpus_is_built_as_text(tmp_path: Path, suffix: str) -> None:
    report = build([sample("npz", tmp_path)], tmp_path / f"b.{suffix}")
    assert load_corpus(report.files["corpus"] if "corpus" in report.files else tmp_path / f"b.{suffix}")


def test_pictures_are_read_by_a_recipe_alone(tmp_path: Path) -> None:
    path = sample("picture", tmp_path / "in")
    for place in (path, tmp_path / "in"):
        with pytest.raises(DataError, match="limner scan"):
            open_source(place)
        source = open_source(place, ReadOptions(scan=ScanSettings()))
        assert len(read_back(source.read)) == 1
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
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install the example of the documentation as another package, and return the folder."""
    (block,) = python_blocks("docs/adding/format.md")
    (tmp_path / "xyz_format.py").write_text(block)
    installed(tmp_path, monkeypatch, "limner.formats", xyz="xyz_format:FORMAT")
    _forget_formats()
    yield tmp_path
    monkeypatch.undo()
    _forget_formats()


def _forget_formats() -> None:
    FORMATS._points = None  # entry points are looked up again
    FORMATS._loaded.clear()
    registry._by_name.cache_clear()
    registry._by_suffix.cache_clear()


def test_the_page_adds_a_format(page: Path) -> None:
    assert list(FORMATS)[-1] == "xyz"
    (page / "in").mkdir()
    path = page / "in" / "a.xyz"
    path.write_text("0 0, 10 0, 10 5\n3 3, 4 4\n\nnonsense\n\n1 1, 2 2\n")
    with pytest.raises(DataError, match=r"a\.xyz, drawing 1: "):
        load_corpus(path)
    report = build([page / "in"], page / "out.xyz")
    assert (report.kept, report.reasons) == (2, {"a point is not two numbers": 1})
    assert trainable_corpora(page) == {}
    assert len(load_corpus(page / "out.xyz")) == 2
    (page / "corpora").mkdir()
    path.rename(page / "corpora" / "a.xyz")
    assert list(trainable_corpora(page)) == ["a.xyz"]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.write] + ["xyz"])
def test_every_format_that_writes_reads_back_what_it_wrote(page: Path, name: str) -> None:
    doodles = load_corpus("doodles")
    corpus = Corpus({"train": doodles.splits["train"].take(range(5))}, doodles.label_names)
    one = FORMATS[name]
    assert one.write is not None
    path = page / f"out{one.suffix}"
    one.write(corpus, path)
    assert (format_of(path) or one).name == name
    again = load_corpus(path)
    rows = sorted((row for split in again.splits.values() for row in split), key=len)
    order = sorted(range(5), key=lambda i: len(corpus.splits["train"][i]))
    for i, row in zip(order, rows, strict=True):
        np.testing.assert_allclose(row, corpus.splits["train"][i], atol=1e-3)
    if name not in ("npz", "xyz"):  # which store no labels
        drawn = {corpus.label_names[label] for label in corpus.splits["train"].labels}
        assert set(again.label_names) == drawn


def test_an_entry_is_checked() -> None:
    with pytest.raises(ValueError, match="drawings or read"):
        Format("x", "x", (".x",), lambda head: not head)
    with pytest.raises(ValueError, match="lower case"):
        Format("x", "x", ("X",), lambda head: not head, drawings=lambda *_: ())
