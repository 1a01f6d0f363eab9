from __future__ import annotations

import os
import pickle
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.corpus.reads import ReadBack, read_back

from limner.corpus.npz import read_npz
from limner.corpus.rejections import Rejected
from limner.errors import DataError

SaveNpz = Callable[..., Path]
TWO = [np.array([[1, 2, 0], [3, 4, 1]], "i2"), np.array([[5, 6, 1]], "i2")]
ROWS = [[1, 2, 0], [3, 4, 1], [5, 6, 1]]


def read(path: Path, *, strict: bool = True) -> ReadBack:
    return read_back(partial(read_npz, path), strict=strict)


def test_the_three_splits(save_npz: SaveNpz) -> None:
    reading = read(save_npz(train=TWO, valid=TWO[:1], test=TWO[1:]))
    assert {key: len(part) for key, part in reading.parts.items()} == {"train": 2, "valid": 1, "test": 1}
    train = reading.parts["train"]
    assert train.rows.tolist() == ROWS
    assert train.sources == ("small.npz#0", "small.npz#1")
    assert train.labels.tolist() == [-1, -1]
    assert (reading.dtypes, reading.notes) == (("int16",), ())


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", ">i2", "i4", "i8", "f2", "f4", "f8", "O"])
def test_all_number_formats(save_npz: SaveNpz, dtype: str) -> None:
    reading = read(save_npz(train=[drawing.astype(dtype) for drawing in TWO]))
    assert reading.parts["train"].rows.tolist() == ROWS
    assert reading.dtypes == (np.dtype(dtype).name,)


def test_formats_may_be_mixed(save_npz: SaveNpz) -> None:
    reading = read(save_npz(train=[TWO[0].astype("f8"), [[5, 6, 1]]]))
    assert reading.parts["train"].rows.tolist() == ROWS
    assert reading.dtypes == ("float64", "object")


@pytest.mark.parametrize("dtype", ["i2", "f8", "O"])
def test_drawings_of_equal_length_are_one_block(tmp_path: Path, dtype: str) -> None:
    np.savez_compressed(tmp_path / "block.npz", train=np.array([TWO[0], TWO[0] * 1]).astype(dtype))
    reading = read(tmp_path / "block.npz")
    assert reading.parts["train"].rows.tolist() == ROWS[:2] * 2
    assert reading.parts["train"].lengths.tolist() == [2, 2]


def test_a_single_array_belongs_to_no_split(save_npz: SaveNpz) -> None:
    reading = read(save_npz(arr_0=TWO))
    assert list(reading.parts) == [None]
    assert reading.parts[None].rows.tolist() == ROWS


def test_stray_members_and_missing_splits_are_noted(tmp_path: Path) -> None:
    train = np.empty(2, object)
    train[:] = TWO
    np.savez(tmp_path / "look.npz", train=train, encoding="latin1", allow_pickle=True)
    reading = read(tmp_path / "look.npz")
    assert len(reading) == 2
    assert reading.notes[1:] == ("The file has no valid split.", "The file has no test split.")
    assert "encoding" in reading.notes[0]


def test_drawings_without_points_are_left_out(save_npz: SaveNpz) -> None:
    empties = [np.zeros((0, 3), "i2"), np.zeros(0), []]
    reading = read(save_npz(train=[TWO[0], *empties, TWO[1]], valid=[]))
    assert reading.parts["train"].rows.tolist() == ROWS
    assert reading.parts["train"].sources == ("small.npz#0", "small.npz#4")
    assert [one.source for one in reading.rejected] == ["small.npz#1", "small.npz#2", "small.npz#3"]
    assert "valid" not in reading.parts


BAD: list[tuple[Any, str]] = [
    (np.array([[np.nan, 0, 1]]), "finite"),
    (np.array([[0, np.inf, 1]]), "finite"),
    (np.array([[0, 0, np.nan]]), "finite"),
    (np.array([[0, 1e200, 1]]), "too large"),
    (np.array([[0, 0, 2]]), "lift"),
    (np.array([[0, 0, -1]], "i2"), "lift"),
    (np.array([[0, 0, 0.5]]), "lift"),
    (np.zeros((2, 2)), "three wide"),
    (np.zeros((2, 5)), "pen state"),
    (np.zeros((2, 4)), "three wide"),
    (np.zeros(3), "three wide"),
    (np.zeros((2, 3, 3)), "three wide"),
    (np.array([["1", "2", "0"]], object), "not numbers"),
    (np.array([[1, None, 0]], object), "not numbers"),
    ([[1, 2, 0], [1, 2]], "three wide"),
    (None, "not numbers"),
    ("cat", "not numbers"),
    (7, "not numbers"),
    ({}, "not numbers"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_a_bad_drawing_is_refused_by_name(save_npz: SaveNpz, bad: object, reason: str) -> None:
    path = save_npz(train=TWO, valid=[TWO[0], bad, TWO[1]])
    with pytest.raises(DataError, match=rf"small\.npz, drawing 1 of valid: .*{reason}"):
        read(path)


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_a_bad_drawing_is_dropped_if_it_is_not_strict(save_npz: SaveNpz, bad: object, reason: str) -> None:
    reading = read(save_npz(train=[TWO[0], bad, TWO[1]]), strict=False)
    assert reading.parts["train"].rows.tolist() == ROWS
    assert [one.source for one in reading.rejected] == ["small.npz#1"]
    assert reason in reading.rejected[0].reason


def test_a_block_of_objects_is_looked_at_drawing_by_drawing(tmp_path: Path) -> None:
    block = np.array([TWO[0], TWO[0]], object)
    block[1, 0, 0] = "x"
    np.savez(tmp_path / "block.npz", train=block)
    reading = read(tmp_path / "block.npz", strict=False)
    assert len(reading) == 1
    assert reading.rejected == [Rejected("block.npz#1", "the values are not numbers in even rows")]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"train": np.zeros((4, 3))}, "shape"),
        ({"train": np.array({"a": 1}, object)}, "shape"),
        ({"train": np.zeros((2, 2, 2, 3))}, "shape"),
        ({"a": np.zeros(3), "b": np.zeros(3)}, "a and b instead of train"),
        ({"arr_0": np.zeros((1, 1, 3)), "arr_1": np.zeros((1, 1, 3))}, "arr_0 and arr_1 instead"),
        ({}, "nothing instead"),
    ],
)
def test_files_without_drawings_are_refused(tmp_path: Path, members: dict[str, Any], reason: str) -> None:
    np.savez(tmp_path / "odd.npz", **members)
    with pytest.raises(DataError, match=f"odd.npz.*{reason}"):
        read(tmp_path / "odd.npz", strict=False)


def test_a_pickle_that_wants_to_run_something_is_refused(save_npz: SaveNpz) -> None:
    class Touch:
        def __reduce__(self) -> tuple[Any, Sequence[str]]:
            return os.system, ("touch pwned",)

    with pytest.raises(DataError, match=r"small.npz: train asks Python for \w+.system"):
        read(save_npz(train=[Touch()]))


def test_a_pickle_that_repeats_itself_is_refused(save_npz: SaveNpz) -> None:
    large = np.zeros((100_000, 3), "i1")
    with pytest.raises(DataError, match="again and again"):
        read(save_npz(train=[large] * 10_000))


def test_some_repetition_is_fine(save_npz: SaveNpz) -> None:
    assert len(read(save_npz(train=[TWO[0]] * 500))) == 500


def test_every_cut_is_refused(save_npz: SaveNpz) -> None:
    path = save_npz(train=TWO, valid=TWO)
    whole = path.read_bytes()
    for length in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"small\.npz"):
            read(path, strict=False)


def test_flipped_bytes_are_refused_or_harmless(save_npz: SaveNpz) -> None:
    path = save_npz(train=TWO)
    whole = path.read_bytes()
    refused = 0
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            read(path)
        except DataError:
            refused += 1
    assert refused > len(whole) / 6  # dates and the like do not matter


def test_damaged_pickles_are_refused(tmp_path: Path) -> None:
    stream = pickle.dumps(np.array([*TWO, None], object)[:-1], 4)
    np.savez(tmp_path / "a.npz", train=np.array([None]))
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        header = archive.read("train.npy").split(b"\n")[0] + b"\n"
    for length in range(0, len(stream), 5):
        with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
            archive.writestr("train.npy", header + stream[:length])
        with pytest.raises(DataError, match=r"b\.npz: train is damaged"):
            read(tmp_path / "b.npz")


# Sketchformer's chunks --------------------------------------------------------------------------


def save_chunk(path: Path, y: Any, **members: Any) -> Path:
    x = np.empty(2, object)
    x[:] = TWO
    np.savez(path, x=x, y=y, **members)
    return path


@pytest.mark.parametrize("names", [np.array(["cat", "dog", "owl"]), np.array(["cat", "dog", "owl"], object)])
@pytest.mark.parametrize(("name", "split"), [("train_007", "train"), ("valid", "valid"), ("rest", None)])
def test_a_chunk_has_labels(tmp_path: Path, names: np.ndarray, name: str, split: str | None) -> None:
    path = save_chunk(tmp_path / f"{name}.npz", [2, 0], label_names=names, std=2.0, mean=0.0)
    reading = read(path)
    part = reading.parts[split]
    assert [reading.label_names[label] for label in part.labels] == ["owl", "cat"]
    assert part.rows.tolist() == ROWS
    assert "mean and std" in reading.notes[0]


def test_labels_without_names_are_numbers(tmp_path: Path) -> None:
    reading = read(save_chunk(tmp_path / "a.npz", [30, 5]))
    assert reading.label_names == ("5", "30")
    assert reading.parts[None].labels.tolist() == [1, 0]


@pytest.mark.parametrize("y", [[0], [0, 3], [0, -1], [[0], [1]], [0, 0.5], np.array(["a", None])])
def test_labels_that_do_not_fit_are_refused(tmp_path: Path, y: Any) -> None:
    with pytest.raises(DataError, match="labels y do not fit"):
        read(save_chunk(tmp_path / "a.npz", y, label_names=np.array(["cat", "dog"])))


# Real files -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "splits", "dtype", "n_max"),
    [
        ("aaron_sheep", [7400, 300, 300], "int16", 250),
        ("omniglot", [30000, 1000, 1000], "int16", 157),
        ("short_kanji", [10000, 600, 500], "int16", 88),
        ("look_i16", [1300, 300], "int16", 493),
        ("look_i16__minn10_epsilon1", [1300, 300], "int16", 234),
    ],
)
def test_published_files(data_dir: Path, name: str, splits: list[int], dtype: str, n_max: int) -> None:
    path = data_dir / "stroke3" / f"{name}.npz"
    reading = read(path)
    assert [len(part) for part in reading.parts.values()] == splits
    assert reading.dtypes == (dtype,)
    assert max(int(part.lengths.max()) for part in reading.parts.values()) == n_max
    with np.load(path, allow_pickle=True, encoding="latin1") as numpys:
        for key, part in reading.parts.items():
            np.testing.assert_array_equal(part.rows, np.concatenate(list(numpys[key])))
