from __future__ import annotations

import io
import tempfile
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.corpus.reads import read_back

from limner.corpus.corpus import SPLIT_NAMES, Corpus, Split
from limner.corpus.load import load_corpus
from limner.corpus.npz import read_npz
from limner.corpus.npz_writer import write_npz
from limner.errors import LimnerError

WHOLE = st.integers(-32768, 32767)
ANY = st.floats(-1e6, 1e6, width=32)


@st.composite
def corpora(draw: st.DrawFn, numbers: st.SearchStrategy[float]) -> Corpus:
    splits = {}
    for name in draw(st.lists(st.sampled_from(SPLIT_NAMES), unique=True)):
        lengths = draw(st.lists(st.integers(1, 6), max_size=4))
        rows = [draw(arrays(np.float32, (length, 3), elements=numbers)) for length in lengths]
        for row in rows:
            row[:, 2] = row[:, 2] > 0
        splits[name] = Split.from_arrays(rows)
    return Corpus(splits)


@pytest.mark.slow
@pytest.mark.parametrize("numbers", [WHOLE, ANY], ids=["whole", "any"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_round_trip(numbers: st.SearchStrategy[float], data: st.DataObject) -> None:
    corpus = data.draw(corpora(numbers))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.npz")
        write_npz(corpus, path)
        parts = read_back(partial(read_npz, path)).parts
        with np.load(path, allow_pickle=True) as numpys:
            by_numpy = {name: numpys[name] for name in SPLIT_NAMES}
    assert set(parts) == {name for name, split in corpus.splits.items() if len(split)}
    for name, part in parts.items():
        np.testing.assert_array_equal(part.rows, corpus.splits[str(name)].rows)
        np.testing.assert_array_equal(part.offsets, corpus.splits[str(name)].offsets)
    for name, array in by_numpy.items():
        drawings = corpus.splits.get(name, Split.from_arrays([]))
        assert (array.dtype, array.shape) == (np.dtype("O"), (len(drawings),))
        for one, other in zip(array, drawings, strict=True):
            np.testing.assert_array_equal(one, other)


def one_drawing(*rows: tuple[float, float, float]) -> Corpus:
    return Corpus({"train": Split.from_arrays([np.array(rows, np.float32)])})


@pytest.mark.parametrize(
    ("x", "dtype"), [(32767, "int16"), (-32768, "int16"), (32768, "float32"), (0.5, "float32")]
)
def test_whole_numbers_are_written_as_int16(tmp_path: Path, x: float, dtype: str) -> None:
    write_npz(one_drawing((x, 0, 1)), tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=True) as numpys:
        assert numpys["train"][0].dtype == dtype
        assert numpys["train"][0].tolist() == [[x, 0, 1]]
        assert numpys["train"][0].flags.writeable


def test_the_bytes_depend_on_the_drawings_alone(tmp_path: Path) -> None:
    write_npz(one_drawing((1, 2, 1)), tmp_path / "a.npz")
    write_npz(one_drawing((1, 2, 1)), tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_the_pickle_names_what_numpy_1_and_2_both_have(tmp_path: Path) -> None:
    write_npz(one_drawing((1, 2, 1)), tmp_path / "a.npz")
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        content = archive.read("train.npy")
    assert b"numpy.core.multiarray" in content
    assert b"numpy._core" not in content
    assert np.lib.format.read_magic(io.BytesIO(content)) == (1, 0)


def test_lost_labels_are_told(tmp_path: Path) -> None:
    split = Split.from_arrays([np.ones((1, 3), np.float32)], [0])
    assert write_npz(Corpus({"train": split}), tmp_path / "a.npz") == ()
    assert "no labels" in write_npz(Corpus({"train": split}, ("cat",)), tmp_path / "a.npz")[0]


def test_an_unwritable_place_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LimnerError, match="Cannot write"):
        write_npz(one_drawing((1, 2, 1)), tmp_path / "file" / "a.npz")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.slow
def test_a_published_file_survives(data_dir: Path, tmp_path: Path) -> None:
    corpus = load_corpus(data_dir / "stroke3" / "short_kanji.npz")
    write_npz(corpus, tmp_path / "again.npz")
    again = load_corpus(tmp_path / "again.npz")
    assert again.scale_factor == corpus.scale_factor
    assert (again.dtype, again.n_max, again.notes) == ("int16", 88, ())
    for name, split in corpus.splits.items():
        np.testing.assert_array_equal(again.splits[name].rows, split.rows)
