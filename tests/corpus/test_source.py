from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.corpus.reads import read_back

from limner.corpus.load import load_corpus
from limner.corpus.opening import open_source
from limner.corpus.source import MIXED
from limner.errors import DataError
from limner.recipes.build import build

LINE = json.dumps({"drawing": [[[1, 4], [2, 6]]]})
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 10 20 L 13 24" fill="none" stroke="black"/></svg>'


@pytest.mark.parametrize("name", ["a.ndjson", "A.NDJSON", "drawings.json", "drawings"])
def test_lines_of_json_by_suffix_or_content(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(LINE)
    source = open_source(tmp_path / name)
    assert source.kind == "ndjson"
    assert len(read_back(source.read)) == 1


def test_an_npz_by_its_content(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", train=np.ones((1, 2, 3)))
    (tmp_path / "a.npz").rename(tmp_path / "a.data")
    assert len(read_back(open_source(tmp_path / "a.data").read)) == 1


def test_an_svg_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "drawing").write_text(SVG)
    assert len(read_back(open_source(tmp_path / "drawing").read)) == 1


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"hello"])
def test_anything_else_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "photo.png").write_bytes(content)
    with pytest.raises(DataError, match=r"photo\.png is no corpus"):
        open_source(tmp_path / "photo.png")


def test_a_missing_file_is_refused_with_a_hint_if_it_is_in_the_catalogue(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.npz does not exist\.$"):
        open_source(tmp_path / "nothing.npz")
    with pytest.raises(DataError, match=r"limner data get 'quickdraw/alarm clock'$"):
        open_source("quickdraw/alarm clock")


def test_a_folder_is_read_in_order_of_names_at_any_depth(tmp_path: Path) -> None:
    for name in ("b/z.svg", "a/y.svg", "c.svg", ".hidden/x.svg", "a/.y.svg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SVG)
    (tmp_path / "README.md").write_text("Drawings.")
    source = open_source(tmp_path)
    assert [file.relative_to(tmp_path).as_posix() for file in source.files] == ["a/y.svg", "b/z.svg", "c.svg"]


def test_each_file_ticks(tmp_path: Path) -> None:
    for name in ("a.ndjson", "b.ndjson"):
        (tmp_path / name).write_text(LINE)
    ticks: list[int] = []
    source = open_source(tmp_path)
    reading = read_back(lambda builder: source.read(builder, tick=lambda: ticks.append(1)))
    assert (len(reading), len(ticks)) == (2, 2)
    assert reading.parts[None].sources == ("a.ndjson#0", "b.ndjson#0")


def test_sketchformer_s_figures_are_passed_over(tmp_path: Path) -> None:
    np.savez(tmp_path / "meta.npz", n_classes=2)
    np.savez(tmp_path / "train_000.npz", x=np.ones((1, 2, 3)), y=[0])
    np.savez(tmp_path / "train_001.npz", x=np.ones((2, 2, 3)), y=[1, 0])
    reading = read_back(open_source(tmp_path).read)
    assert {key: len(part) for key, part in reading.parts.items()} == {"train": 3}


def test_a_folder_of_several_formats_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.svg").write_text(SVG)
    (tmp_path / "c.ndjson").write_text(LINE)
    (tmp_path / "d.png").write_bytes(b"a picture, which only a recipe can read")
    source = open_source(tmp_path)
    assert source.kind == MIXED
    assert [file.name for file in source.files] == ["b.svg", "c.ndjson"]
    reading = read_back(source.read)
    assert sorted(reading.parts[None].sources) == ["a/b.svg#0", "c.ndjson#0"]
    assert reading.notes == (f"{tmp_path} holds .ndjson and .svg files; all of them are read.",)
    report = build([tmp_path], tmp_path / "out" / "a.npz")
    assert report.kept == 2
    assert build([tmp_path / "a", tmp_path / "c.ndjson"], tmp_path / "shards").kept == 2


def test_a_damaged_file_of_a_mixed_folder_can_be_spared(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG)
    (tmp_path / "b.svg").write_text("<svg")
    (tmp_path / "c.ndjson").write_text(LINE)
    (tmp_path / "d.ndjson").write_text("{")
    corpus = load_corpus(tmp_path, spares_files=True)
    assert len(corpus) == 2
    assert "2 files that cannot be read left out." in corpus.notes


def test_drawings_in_tables_beside_drawings_are_left_out_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG)
    (tmp_path / "b.json").write_text(json.dumps([{"drawing": [[[1, 4], [2, 6]]]}]))
    corpus = load_corpus(tmp_path)
    assert len(corpus) == 1
    assert corpus.notes[0].startswith("1 .json file beside the others left out; name them")
    assert len(load_corpus(tmp_path / "b.json")) == 1


def test_a_folder_without_drawings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Hello.")
    with pytest.raises(DataError, match="holds no drawings"):
        open_source(tmp_path)
