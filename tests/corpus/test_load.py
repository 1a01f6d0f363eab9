from __future__ import annotations

import gzip
import json
import shutil
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.corpus import Corpus, Split
from limner.corpus.load import load_corpora, load_corpus
from limner.corpus.parquet_writer import write_parquet
from limner.errors import DataError


def write_lines(path: Path, *drawings: object) -> Path:
    path.write_text("\n".join(json.dumps({"word": "cat", "drawing": drawing}) for drawing in drawings))
    return path


def test_a_file_without_splits_is_shared_out_always_in_the_same_way(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *[[[[0, i], [0, i]]] for i in range(1, 61)])
    one, two = load_corpus(path), load_corpus(str(path))
    assert {name: len(split) for name, split in one.splits.items()} == {"train": 54, "valid": 3, "test": 3}
    assert one.splits["test"].sources == two.splits["test"].sources
    assert one.drawing("train", 0).label == "cat"
    assert "seed 0" in one.notes[0]


@pytest.mark.parametrize("n", [1, 2, 3, 49])
def test_of_few_drawings_none_is_set_aside(tmp_path: Path, n: int) -> None:
    path = write_lines(tmp_path / "a.ndjson", *[[[[0, 5], [0, 9]]]] * n)
    corpus = load_corpus(path)
    assert {name: len(split) for name, split in corpus.splits.items()} == {"train": n}
    assert f"Nothing was set aside of {n} drawing" in corpus.notes[0]


def test_some_of_few_are_set_aside_where_that_is_asked_for(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *[[[[0, 5], [0, 9]]]] * 8)
    splits = load_corpora([path], 0.05).splits
    assert {name: len(split) for name, split in splits.items()} == {"train": 6, "valid": 1, "test": 1}


def test_drawings_know_which_of_several_sources_they_come_from(tmp_path: Path) -> None:
    """Through the joining of splits and the sharing out of what has none."""
    np.savez(tmp_path / "a.npz", train=np.ones((5, 2, 3), "i2"), valid=np.ones((2, 2, 3), "i2"))
    write_lines(tmp_path / "b.ndjson", *[[[[0, i], [0, i]]] for i in range(1, 61)])
    corpus = load_corpora([tmp_path / "a.npz", tmp_path / "b.ndjson"])
    for split in corpus.splits.values():
        names = [source.partition("#")[0] for source in split.sources]
        assert [["a.npz", "b.ndjson"][k] for k in split.origins] == names
    assert corpus.splits["train"].origins.tolist() == [0] * 5 + [1] * 54
    assert not load_corpus(tmp_path / "b.ndjson").splits["train"].origins.any()


def test_one_point_drawings_load(tmp_path: Path) -> None:
    np.savez(tmp_path / "dots.npz", train=np.array([[[0, 0, 1]], [[0, 0, 1]]], "i2"))
    corpus = load_corpus(tmp_path / "dots.npz")
    assert (corpus.n_max, corpus.scale_factor) == (1, 1.0)
    assert corpus.notes[-1] == "The offsets do not vary, so the scale factor is 1."


def test_drawings_without_points_are_noted(save_npz: Callable[..., Path]) -> None:
    corpus = load_corpus(save_npz(train=[np.ones((2, 3)), np.zeros((0, 3))]))
    assert corpus.notes[-1] == "1 drawing without points left out."


@pytest.mark.parametrize("drawings", [[], [np.zeros((0, 3))]])
def test_no_drawings_at_all_is_refused(save_npz: Callable[..., Path], drawings: list[np.ndarray]) -> None:
    with pytest.raises(DataError, match=r"small\.npz holds no drawings"):
        load_corpus(save_npz(train=drawings))


def test_an_empty_file_of_lines_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text("\n\n")
    with pytest.raises(DataError, match=r"a\.ndjson holds no drawings"):
        load_corpus(tmp_path / "a.ndjson")


def test_the_first_bad_drawing_is_refused_and_the_way_out_is_told(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", [[[0, 1], [0, 1]]], [[[0], [0, 1]]], None)
    with pytest.raises(DataError, match=r"a\.ndjson, line 2: .*limner build"):
        load_corpus(path)


@pytest.mark.slow
def test_all_simplified_quickdraw(data_dir: Path) -> None:
    corpus = load_corpus(data_dir / "quickdraw" / "simplified")
    assert len(corpus) == 6475
    assert len(corpus.label_names) == 259
    assert len({source for split in corpus.splits.values() for source in split.sources}) == 6475


@pytest.mark.slow
def test_all_svg_files(data_dir: Path) -> None:
    corpus = load_corpus(data_dir / "svg")
    assert len(corpus) == len(list((data_dir / "svg").rglob("*.svg")))
    assert corpus.label_names == ("feather", "kanji")


@pytest.mark.slow
def test_doodles_need_no_file() -> None:
    corpus = load_corpus("doodles")
    assert {name: len(split) for name, split in corpus.splits.items()} == {
        "train": 8000,
        "valid": 1000,
        "test": 1000,
    }
    assert corpus.drawing("train", 0).label in corpus.label_names
    assert len(set(corpus.splits["valid"].labels.tolist())) == len(corpus.label_names)


@pytest.mark.slow
def test_a_corpus_takes_little_more_room_than_its_rows(tmp_path: Path) -> None:
    """While it is loaded, too; numpy tells tracemalloc of its arrays."""
    train = Split.from_arrays([np.tile(np.array([[1, 2, 0]], np.float32), (40, 1))] * 1000)
    names = [f"cat.ndjson#{i:016}" for i in range(len(train))]
    corpus = Corpus({"train": replace(train, sources=names, labels=train.labels + 1)}, ("cat",))
    write_parquet(corpus, tmp_path / "part-000.parquet")
    for k in range(1, 100):
        shutil.copy(tmp_path / "part-000.parquet", tmp_path / f"part-{k:03}.parquet")
    load_corpus(tmp_path / "part-000.parquet")  # whatever is imported
    tracemalloc.start()
    loaded = load_corpus(tmp_path)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    raw = loaded.splits["train"].rows.nbytes
    assert len(loaded) == 100_000
    assert raw < held < 1.15 * raw
    assert peak < 1.5 * raw


SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


def test_a_folder_is_read_but_for_the_files_that_cannot_be(tmp_path: Path) -> None:
    for i in range(4):
        (tmp_path / f"{i}.svg").write_text(SVG.format('<text>a</text><path d="M0 0h5v5"/>'))
    (tmp_path / "4.svgz").write_bytes(gzip.compress(SVG.format('<path d="M0 0h5v5"/>').encode()))
    (tmp_path / "bad.svg").write_text("<svg")
    (tmp_path / "empty.svg").write_text(SVG.format(""))
    with pytest.raises(DataError, match=r"bad\.svg is damaged"):
        load_corpus(tmp_path)
    corpus = load_corpus(tmp_path, spares_files=True)
    assert len(corpus) == 5
    said = "\n".join(corpus.notes)
    assert "2 files that cannot be read left out." in said
    assert "bad.svg is damaged" in said
    assert "empty.svg draws no lines" in said
    assert "Passed over: texts (4)." in corpus.notes


def test_a_folder_of_nothing_but_bad_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        (tmp_path / name).write_text("<svg")
    with pytest.raises(DataError, match=r"none of 2 files can be read\. .*a\.svg is damaged"):
        load_corpus(tmp_path, spares_files=True)


def test_a_bad_file_of_many_drawings_is_left_out_whole(tmp_path: Path) -> None:
    write_lines(tmp_path / "good.ndjson", *[[[[0, 5], [0, 9]]]] * 3)
    (tmp_path / "bad.ndjson").write_text('{"drawing": [[[0, 1], [0, 1]]]}\n{')
    corpus = load_corpus(tmp_path, spares_files=True)
    assert len(corpus) == 3
    assert any("bad.ndjson" in note for note in corpus.notes)


def test_all_drawings_of_a_file_without_splits_may_be_for_testing(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *[[[[0, i], [0, i]]] for i in range(1, 26)])
    corpus = load_corpus(path, share_out=False)
    assert {name: len(split) for name, split in corpus.splits.items()} == {"test": 25}
    np.savez(tmp_path / "a.npz", train=np.ones((5, 2, 3), "i2"))
    assert list(load_corpus(tmp_path / "a.npz", share_out=False).splits) == ["train"]
