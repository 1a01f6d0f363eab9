from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.builder import CorpusBuilder
from limner.corpus.load import load_corpora, load_corpus
from limner.corpus.opening import open_sources
from limner.recipes.build import build

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 1 2 L 13 {}" fill="none" stroke="black"/></svg>'


def write_svg(path: Path, y: int = 24) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SVG.format(y))


def names_of(*paths: Path) -> list[str]:
    corpus = load_corpora(paths)
    return sorted(source for split in corpus.splits.values() for source in split.sources)


def test_sketchbooks_with_numbered_pages_are_told_apart(tmp_path: Path) -> None:
    for book in ("sb44", "sb45", "sb46"):
        write_svg(tmp_path / book / "art" / "001.svg")
    write_svg(tmp_path / "sb46" / "art" / "002.svg")
    books = [tmp_path / book / "art" for book in ("sb44", "sb45", "sb46")]
    pages = ["sb44/art/001.svg#0", "sb45/art/001.svg#0", "sb46/art/001.svg#0", "sb46/art/002.svg#0"]
    assert names_of(*books) == pages
    report = build(books, tmp_path / "out.parquet")
    assert report.kept == 4
    corpus = load_corpus(tmp_path / "out.parquet")
    assert sorted(s for split in corpus.splits.values() for s in split.sources) == pages


def test_only_those_that_are_alike_are_renamed(tmp_path: Path) -> None:
    for name in ("a/x.svg", "b/x.svg", "c/y.svg"):
        write_svg(tmp_path / name)
    found = names_of(tmp_path / "a" / "x.svg", tmp_path / "b", tmp_path / "c" / "y.svg")
    assert found == ["a/x.svg#0", "b/x.svg#0", "y.svg#0"]
    assert names_of(tmp_path / "a", tmp_path / "c") == ["x.svg#0", "y.svg#0"]


def test_one_place_that_is_named_twice_is_the_same_place(tmp_path: Path) -> None:
    write_svg(tmp_path / "a" / "x.svg")
    assert names_of(tmp_path / "a", tmp_path / "a" / "x.svg") == ["x.svg#0", "x.svg#0"]


@pytest.mark.parametrize("suffix", [".ndjson", ".npz"])
def test_files_of_many_drawings_are_named_from_their_folder(tmp_path: Path, suffix: str) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        if suffix == ".npz":
            np.savez(tmp_path / name / "cat.npz", train=np.ones((1, 2, 3)))
        else:
            (tmp_path / name / "cat.ndjson").write_text(json.dumps({"drawing": [[[1, 4], [2, 6]]]}))
    assert names_of(tmp_path) == [f"a/cat{suffix}#0", f"b/cat{suffix}#0"]
    assert names_of(tmp_path / "a", tmp_path / "b") == [f"a/cat{suffix}#0", f"b/cat{suffix}#0"]
    build([tmp_path], tmp_path / "shards")
    assert names_of(tmp_path / "shards") == [f"a/cat{suffix}#0", f"b/cat{suffix}#0"]


def test_what_is_left_out_has_the_same_names(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_svg(tmp_path / name / "x.svg")
        (tmp_path / name / "y.svg").write_text("<svg")
    builder = CorpusBuilder(strict=False)
    for source in open_sources([tmp_path / "a", tmp_path / "b"]):
        source.read(builder)
    assert [one.source for one in builder.rejected] == ["a/y.svg#0", "b/y.svg#0"]


@pytest.mark.slow
def test_pages_of_several_books_go_to_several_splits(tmp_path: Path) -> None:
    for book in range(60):
        write_svg(tmp_path / f"book{book}" / "001.svg", y=20 + book)
    report = build([tmp_path / f"book{book}" for book in range(60)], tmp_path / "a.npz")
    assert set(report.splits) == {"train", "valid", "test"}
