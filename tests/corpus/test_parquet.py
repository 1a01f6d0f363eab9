from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.corpus.reads import ReadBack, read_back

from limner.corpus import parquet
from limner.corpus.builder import CorpusBuilder
from limner.corpus.corpus import SPLIT_NAMES, Corpus, Split
from limner.corpus.parquet import read_parquet
from limner.corpus.parquet_writer import write_parquet
from limner.errors import DataError

NAMES = ("cat", "dog", "Tour d'Eiffel")
TWO = [[[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]], [[5.0, 6.0, 1.0]]]
TRIPLES = pa.list_(pa.list_(pa.float32()))


def read(path: Path, *, strict: bool = True) -> ReadBack:
    return read_back(partial(read_parquet, path), strict=strict)


def read_corpus(path: Path) -> Corpus:
    builder = CorpusBuilder()
    read_parquet(path, builder)
    return builder.corpus()


def write(path: Path, stroke3: Any, kind: pa.DataType = TRIPLES, **columns: Any) -> Path:
    pq.write_table(pa.table({"stroke3": pa.array(stroke3, kind), **columns}), path)
    return path


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    splits = {}
    for name in draw(st.lists(st.sampled_from(SPLIT_NAMES), unique=True, min_size=1)):
        lengths = draw(st.lists(st.integers(1, 6), min_size=1, max_size=7))
        numbers = st.floats(-1e6, 1e6, width=32)
        rows = [draw(arrays(np.float32, (length, 3), elements=numbers)) for length in lengths]
        for row in rows:
            row[:, 2] = row[:, 2] > 0
        labels = draw(st.lists(st.integers(-1, 2), min_size=len(rows), max_size=len(rows)))
        splits[name] = Split.from_arrays(rows, labels, [f"f.ndjson#{i}é" for i in range(len(rows))])
    return Corpus(splits, NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("group", [3, 10_000])
@settings(max_examples=40, deadline=None)
@given(corpus=corpora())
def test_round_trip(group: int, corpus: Corpus) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "GROUP", group)
        path = Path(folder, "a.parquet")
        assert write_parquet(corpus, path) == ()
        again = read_corpus(path)
    assert list(again.splits) == list(corpus.splits)
    for name, split in corpus.splits.items():
        np.testing.assert_array_equal(again.splits[name].rows, split.rows)
        np.testing.assert_array_equal(again.splits[name].offsets, split.offsets)
        assert again.splits[name].sources == split.sources
        for i in range(len(split)):
            assert again.drawing(name, i).label == corpus.drawing(name, i).label


def test_others_see_lists_of_triples(tmp_path: Path) -> None:
    split = Split.from_arrays([np.array(rows, np.float32) for rows in TWO], [0, -1], ["f#7", "f#8"])
    write_parquet(Corpus({"valid": split}, NAMES), tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == [
        {"stroke3": TWO[0], "label": "cat", "source": "f#7", "split": "valid"},
        {"stroke3": TWO[1], "label": None, "source": "f#8", "split": "valid"},
    ]


def test_the_bytes_depend_on_the_drawings_alone(tmp_path: Path) -> None:
    corpus = Corpus({"train": Split.from_arrays([np.ones((2, 3), np.float32)])})
    write_parquet(corpus, tmp_path / "a.parquet")
    write_parquet(corpus, tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


@pytest.mark.parametrize(
    "kind",
    [
        TRIPLES,
        pa.list_(pa.list_(pa.float64(), 3)),
        pa.large_list(pa.large_list(pa.int16())),
        pa.list_(pa.list_(pa.int64())),
    ],
    ids=str,
)
def test_files_of_others(tmp_path: Path, kind: pa.DataType) -> None:
    reading = read(write(tmp_path / "a.parquet", TWO, kind, extra=["x", "y"], label=[3, 5]))
    part = reading.parts[None]
    assert part.rows.tolist() == TWO[0] + TWO[1]
    assert part.sources == ("a.parquet#0", "a.parquet#1")
    assert reading.label_names == ("3", "5")


def test_splits_in_any_order(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "a.parquet", TWO * 2, split=["test", "train", "train", None]))
    assert {key: part.lengths.tolist() for key, part in reading.parts.items()} == {
        "train": [1, 2],
        "test": [2],
        None: [1],
    }


BAD: list[tuple[Any, str]] = [
    (None, "not numbers"),
    ([None], "not numbers"),
    ([[1.0, None, 1.0]], "not numbers"),
    ([[1.0, 2.0]], "three wide"),
    ([[1.0, 2.0, 0.0, 1.0]], "three wide"),
    ([[float("nan"), 2.0, 1.0]], "finite"),
    ([[1.0, float("inf"), 1.0]], "finite"),
    ([[1.0, 1e35, 1.0]], "too large"),
    ([[1.0, 2.0, 0.5]], "lift"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_a_bad_drawing(tmp_path: Path, bad: Any, reason: str) -> None:
    path = write(
        tmp_path / "a.parquet", [TWO[0], bad, TWO[1]], source=["f#0", "f#1", "f#2"], label=["a", "b", "c"]
    )
    with pytest.raises(DataError, match=rf"a\.parquet, row 1: .*{reason}"):
        read(path)
    reading = read(path, strict=False)
    assert reading.parts[None].sources == ("f#0", "f#2")
    assert [reading.label_names[label] for label in reading.parts[None].labels] == ["a", "c"]
    assert [one.source for one in reading.rejected] == ["f#1"]


def test_a_drawing_without_points_is_left_out(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "a.parquet", [TWO[0], []]))
    assert len(reading) == 1
    assert [one.reason for one in reading.rejected] == ["it has no points"]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.float32(), pa.list_(pa.float32()), pa.list_(pa.list_(pa.string()))]
)
def test_another_type_is_refused(tmp_path: Path, kind: pa.DataType) -> None:
    with pytest.raises(DataError, match=r"a\.parquet: the column stroke3 does not hold"):
        read(write(tmp_path / "a.parquet", [None], kind))


def test_a_missing_column_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"points": [1]}), tmp_path / "a.parquet")
    with pytest.raises(DataError, match=r"a\.parquet has no column stroke3"):
        read(tmp_path / "a.parquet")


def test_a_strange_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.parquet: a split is called train, valid or test, not 'dev'"):
        read(write(tmp_path / "a.parquet", TWO, split=["dev", "train"]))


def test_an_empty_file_has_no_drawings(tmp_path: Path) -> None:
    assert len(read(write(tmp_path / "a.parquet", []))) == 0


def test_every_cut_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", TWO)
    whole = path.read_bytes()
    for length in range(0, len(whole), 11):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"a\.parquet is not a whole"):
            read(path)
