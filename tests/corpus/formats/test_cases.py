"""Small files that people have, each read as it is meant."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.corpus.formats.conftest import COLUMNS, ROWS, STROKES, SVG, binary

from limner.corpus.formats.inkml import Channels, points_of
from limner.corpus.load import load_corpus
from limner.corpus.ndjson import ndjson_chunks
from limner.corpus.rows import SEEMS_DOWN
from limner.errors import DataError
from limner.recipes.build import build
from limner.strokes.drawing import Drawing
from limner.strokes.formats import stroke3_to_stroke5

POINTS = [{"x": x, "y": y, "t": t, "pressure": 0.5} for t, (x, y) in enumerate(STROKES[0])]


def rows(path: Path, **options: Any) -> list[list[list[float]]]:
    corpus = load_corpus(path, **options)
    return [row.tolist() for split in corpus.splits.values() for row in split]


def test_stroke5_is_read_as_from_stroke5(cases: Path) -> None:
    corpus = load_corpus(cases / "60-stroke5.npz")
    with np.load(cases / "60-stroke5.npz", allow_pickle=True) as members:
        wanted = [Drawing.from_stroke5(one) for one in members["train"]]
    found = [corpus.drawing("train", i).replace(source=None) for i in range(12)]
    assert found == wanted


@pytest.mark.parametrize(
    ("name", "n", "points"),
    [
        ("62-drawing-as-string.ndjson", 12, 5),
        ("63-array.json", 12, 5),
        ("65-kaggle.csv", 12, 5),
        ("66-quickdraw.bin", 5, 8),
        ("67-ink.inkml", 1, 5),
        ("69-unipen.unp", 1, 4),
        ("72-object-array.npy", 12, 21),
    ],
)
def test_cases(cases: Path, name: str, n: int, points: int) -> None:
    corpus = load_corpus(cases / name)
    assert (len(corpus), corpus.n_max) == (n, points)
    assert corpus.splits["train"].strokes_mean == 2


@pytest.mark.slow
def test_a_pen_that_is_down(cases: Path) -> None:
    path = cases / "73-pen-inverted.npz"
    assert SEEMS_DOWN in load_corpus(path).notes
    turned = load_corpus(path, pen="down")
    assert SEEMS_DOWN not in turned.notes
    assert turned.splits["train"].strokes_mean == 2
    assert SEEMS_DOWN not in load_corpus("doodles").notes


@pytest.mark.parametrize("start", [False, True])
@pytest.mark.parametrize("length", [None, 9])
def test_stroke5_ragged_and_padded(tmp_path: Path, start: bool, length: int | None) -> None:
    block = np.stack([stroke3_to_stroke5(np.array(ROWS), length, start_token=start)] * 3)
    np.savez(tmp_path / "a.npz", train=block)
    assert rows(tmp_path / "a.npz") == [ROWS] * 3


@pytest.mark.parametrize(
    "value",
    [
        {"drawings": [COLUMNS]},
        {"drawings": [{"word": "cat", "drawing": json.dumps(COLUMNS)}]},
        {"cat": [COLUMNS]},
        COLUMNS,
        STROKES,
        [STROKES],
        {"strokes": STROKES},
        {"paths": [[v for point in stroke for v in point] for stroke in STROKES[:1]] + [[5, 5, 6, 50]]},
        [[{"x": x, "y": y} for x, y in stroke] for stroke in STROKES],
        {"strokes": [{"points": [{"x": x, "y": y} for x, y in stroke]} for stroke in STROKES]},
        [[ROWS[0], ROWS[1], ROWS[2], ROWS[3], ROWS[4]]],
    ],
)
def test_layouts_of_json(tmp_path: Path, value: Any) -> None:
    (tmp_path / "a.json").write_text(json.dumps(value))
    assert rows(tmp_path / "a.json") == [ROWS]


def test_times_and_pressure_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(json.dumps({"strokes": [POINTS]}))
    assert rows(tmp_path / "a.ndjson") == [ROWS[:3]]


def test_classes_of_the_binary_form_are_their_files(tmp_path: Path) -> None:
    (tmp_path / "cat.bin").write_bytes(binary(COLUMNS, COLUMNS))
    (tmp_path / "owl.bin").write_bytes(binary(COLUMNS))
    assert load_corpus(tmp_path).label_names == ("cat", "owl")


def test_differences_of_ink() -> None:
    """The example of the Recommendation, section 3.3.2."""
    found = points_of("1125 18432,'23'43,\"7\"-8,3-5,7 -3", Channels())
    assert found.tolist() == [[1125, 18432], [1148, 18475], [1178, 18510], [1211, 18540], [1251, 18567]]


@pytest.mark.slow
def test_an_archive_cannot_lead_out_nor_swell(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.svg", SVG)
        archive.writestr("__MACOSX/._evil.svg", "x")
    assert rows(tmp_path / "a.zip") == [ROWS]
    assert sorted(os.listdir(tmp_path)) == ["a.zip"]  # noqa: PTH208
    with (
        zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.svg", "w") as member,
    ):
        for _ in range(300):
            member.write(bytes(1 << 20))
    with pytest.raises(DataError, match=r"b\.zip would unpack"):
        load_corpus(tmp_path / "b.zip")


class Room:
    """Asks for 64 GB when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return np.zeros(1).__reduce__()[0], (np.ndarray, (1 << 36,), b"b")


def test_what_asks_for_room_is_no_array(tmp_path: Path) -> None:
    drawings = np.empty(2, object)
    drawings[0], drawings[1] = np.array(ROWS), Room()
    np.savez(tmp_path / "a.npz", train=drawings)
    with pytest.raises(DataError, match=r"a\.npz, drawing 1 of train: it is no array"):
        load_corpus(tmp_path / "a.npz")


@pytest.mark.parametrize(("name", "protocol"), [("a.pkl", 0), ("a.pickle", 1), ("drawings", 4)])
def test_a_pickle_is_refused_with_the_way_out(tmp_path: Path, name: str, protocol: int) -> None:
    (tmp_path / name).write_bytes(pickle.dumps([ROWS], protocol))
    with pytest.raises(DataError, match=r"pickle\.load.*numpy\.savez") as caught:
        load_corpus(tmp_path / name)
    assert len(str(caught.value)) <= 300


def test_a_line_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("limner.corpus.ndjson.LONGEST", 1000)
    monkeypatch.setattr("limner.corpus.ndjson.ndjson_chunks", partial(ndjson_chunks, size=100))
    line = json.dumps({"drawing": COLUMNS})
    (tmp_path / "a.ndjson").write_text(f'{line}\n{{"drawing": "{"x" * 2000}"}}\n{line}\n')
    with pytest.raises(DataError, match=r"a\.ndjson, line 2 is longer than 1,000 bytes"):
        load_corpus(tmp_path / "a.ndjson")


@pytest.mark.parametrize("head", [b"[" * 100_000, b'{"a":' * 20_000, b'"' * 100_000])
def test_no_beginning_takes_long_to_recognise(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "a.json").write_bytes(head)
    with pytest.raises(DataError, match=r"a\.json"):
        load_corpus(tmp_path / "a.json")


@pytest.mark.slow
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    folder = tmp_path / name
    folder.mkdir()
    (folder / f"{name}.inkml").write_text("<ink><trace>1 2, 3 4</trace></ink>")
    (folder / f"{name}.ndjson").write_text(json.dumps({"drawing": COLUMNS}))
    for out in (f"{name}.parquet", f"{name}.npz", f"{name}.ndjson", f"{name}-shards"):
        report = build([folder / f"{name}.inkml", folder / f"{name}.ndjson"], tmp_path / out)
        assert report.kept == 2
        corpus = load_corpus(tmp_path / out)
        assert len(corpus) == 2
    found = load_corpus(tmp_path / f"{name}.parquet")
    assert {source for split in found.splits.values() for source in split.sources} == {
        r"caf\udce9.inkml#0",
        r"caf\udce9.ndjson#0",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        '[[step]]\nstep = "rescale"\nbox = 1e308\n',
        '[[step]]\nstep = "augment"\ncopies = 100_000_000_000\n',
        "seed = " + "9" * 10_000,
        "x = " + "[" * 20_000,
        ".".join(["a"] * 20_000) + " = 1",
        "a.b.c = 1",
        "step.a = 1",
        '"' + "k" * 5000 + '" = 1',
        '[[step]]\nstep = "choose"\ntable = "a\\u0000b"\n',
    ],
    ids=range(9),
)
def test_a_hostile_recipe_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.toml").write_text(text)
    (tmp_path / "a.json").write_text(json.dumps(COLUMNS))
    with pytest.raises(DataError, match=r"r\.toml") as caught:
        build([tmp_path / "a.json"], tmp_path / "a.npz", recipe=tmp_path / "r.toml")
    assert len(str(caught.value).replace(str(tmp_path), "")) <= 300
    assert str(caught.value).isprintable()
