from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.build import build
from limner.corpus.collector import Rejected
from limner.corpus.load import load_corpus
from limner.errors import DataError, LimnerError

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 10 20 L 13 24" fill="none" stroke="black"/></svg>'


def write_lines(path: Path, *drawings: object, word: str = "cat") -> Path:
    records = [{"word": word, "key_id": i, "drawing": drawing} for i, drawing in enumerate(drawings)]
    path.write_text("\n".join(json.dumps(record) for record in records))
    return path


def lines(n: int) -> list[list[list[list[int]]]]:
    return [[[[0, i], [0, i]]] for i in range(1, n + 1)]


def test_sources_are_merged(tmp_path: Path, save_npz: Callable[..., Path]) -> None:
    npz = save_npz("a.npz", train=[np.ones((2, 3))] * 3, test=[np.ones((4, 3))])
    cats = write_lines(tmp_path / "cats.ndjson", *lines(30))
    dogs = write_lines(tmp_path / "dogs.ndjson", *lines(10), word="dog")
    report = build([npz, cats, str(dogs)], tmp_path / "all.parquet", seed=5)
    corpus = load_corpus(tmp_path / "all.parquet")
    assert report.kept == len(corpus) == 44
    assert report.splits == {"train": 39, "valid": 2, "test": 3}
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
    with pytest.raises(LimnerError, match=r"a\.csv: a corpus is written as \.npz or \.parquet"):
        build([tmp_path / "missing.npz"], tmp_path / "a.csv")


def test_progress_counts_files(tmp_path: Path) -> None:
    for name in ("a.ndjson", "b.ndjson"):
        write_lines(tmp_path / name, *lines(1))
    calls: list[tuple[int, int]] = []
    build(
        [tmp_path, tmp_path / "a.ndjson"],
        tmp_path / "out" / "a.npz",
        progress=lambda *call: calls.append(call),
    )
    assert calls == [(1, 3), (2, 3), (3, 3)]


def test_recognized_only(tmp_path: Path) -> None:
    records = [{"recognized": i % 2 == 0, "drawing": line} for i, line in enumerate(lines(10))]
    (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, records)))
    assert build([tmp_path / "a.ndjson"], tmp_path / "a.npz", recognized_only=True).kept == 5


def test_the_same_build_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", *lines(30))
    for name in ("a.npz", "b.npz", "c.npz"):
        build([path], tmp_path / name, seed=4 if name == "c.npz" else 3)
    first, second, other = ((tmp_path / name).read_bytes() for name in ("a.npz", "b.npz", "c.npz"))
    assert first == second != other


def test_real_sources(data_dir: Path, tmp_path: Path) -> None:
    sources = [
        data_dir / "stroke3" / "look_i16.npz",
        data_dir / "quickdraw" / "raw",
        data_dir / "svg" / "feather",
    ]
    report = build(sources, tmp_path / "all.parquet")
    assert report.kept == 1600 + 755 + len(list((data_dir / "svg" / "feather").glob("*.svg")))
    assert report.dropped == ()
