from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.corpus.reads import ReadBack, read_back

from limner.corpus.formats.format import ReadOptions
from limner.corpus.ndjson import read_ndjson
from limner.errors import DataError
from limner.strokes.drawing import Drawing

CAT = {"word": "cat", "key_id": "123", "recognized": True, "drawing": [[[1, 4], [2, 6]], [[9], [9]]]}
OWL = {"word": "owl", "key_id": 456, "recognized": False, "drawing": [[[5.5, 6], [5, 7], [0, 30]]]}
PLAIN = {"drawing": [[[3], [4]]]}


def write(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def read(path: Path, *, strict: bool = True, recognized_only: bool = False) -> ReadBack:
    options = ReadOptions(recognized_only=recognized_only)
    return read_back(partial(read_ndjson, path, options=options), strict=strict)


def test_raw_simplified_and_plain_lines(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "zoo.ndjson", CAT, OWL, PLAIN))
    part = reading.parts[None]
    assert part[0].tolist() == [[1, 2, 0], [3, 4, 1], [5, 3, 1]]
    assert part[1].tolist() == [[5.5, 5, 0], [0.5, 2, 1]]
    assert part[2].tolist() == [[3, 4, 1]]
    assert part.sources == ("zoo.ndjson#123", "zoo.ndjson#456", "zoo.ndjson#2")
    assert reading.label_names == ("cat", "owl")
    assert part.labels.tolist() == [0, 1, -1]
    assert reading.dtypes == ("float64",)


def test_whole_coordinates_are_told(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.ndjson", CAT)).dtypes == ("int64",)


def test_recognized_only(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "a.ndjson", CAT, OWL, PLAIN), recognized_only=True)
    assert reading.parts[None].sources == ("a.ndjson#123", "a.ndjson#2")


def test_blank_lines_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(
        b"\xef\xbb\xbf\n\r\n" + json.dumps(CAT).encode() + b"\r\n\n  \n" + json.dumps(OWL).encode()
    )
    assert len(read(path)) == 2


coordinates = st.integers(-1000, 1000) | st.floats(-1000, 1000, width=32)
strokes = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.lists(coordinates, min_size=n, max_size=n), min_size=2, max_size=3).filter(
        lambda columns: len(columns) > 1
    )
)
drawings = st.lists(strokes, min_size=1, max_size=4)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(st.lists(drawings, min_size=1, max_size=5), st.booleans())
def test_many_at_once_are_the_same_as_one_by_one(lines: list[Any], with_bad: bool) -> None:
    records = [{"drawing": line} for line in lines] + [{"drawing": None}] * with_bad
    with tempfile.TemporaryDirectory() as folder:
        part = read(write(Path(folder, "a.ndjson"), *records), strict=False).parts[None]
    expected = [Drawing.from_quickdraw(line).to_stroke3() for line in lines]
    assert part.lengths.tolist() == [len(rows) for rows in expected]
    np.testing.assert_array_equal(part.rows, np.concatenate(expected))


BAD: list[Any] = [
    None,
    5,
    "x",
    {},
    [5],
    [[1, 2]],
    [[[1, 2]]],
    [[[1, 2], [1, 2], [0, 1], [5]]],
    [[[1, 2], [1]]],
    [[[1, 2], [1, 2], [0]]],
    [[[1, 2], [1, None]]],
    [[[1, 2], [1, "2"]]],
    [[[1, 2], [[1], [2]]]],
    [[[1, 2], [[1], 2]]],
    [[[1, float("nan")], [1, 2]]],
    [[[1, float("inf")], [1, 2]]],
    [[[1, 1e39], [1, 2]]],
    [[[1, 1e35], [1, 2]]],
    [[[1, 10**400], [1, 2]]],
]


@pytest.mark.parametrize("drawing", BAD, ids=lambda drawing: str(drawing)[:40])
def test_a_bad_drawing_is_one_bad_drawing(tmp_path: Path, drawing: object) -> None:
    path = write(tmp_path / "a.ndjson", CAT, {"drawing": drawing, "key_id": "7"}, OWL)
    with pytest.raises(DataError, match=r"a\.ndjson, line 2: "):
        read(path)
    reading = read(path, strict=False)
    assert reading.parts[None].sources == ("a.ndjson#123", "a.ndjson#456")
    assert [one.source for one in reading.rejected] == ["a.ndjson#7"]


@pytest.mark.parametrize("record", [5, None, [1, 2], "x", {"word": "cat"}])
def test_json_without_a_drawing_is_a_bad_drawing(tmp_path: Path, record: object) -> None:
    path = write(tmp_path / "a.ndjson", CAT, record)
    with pytest.raises(DataError, match="line 2: it has no drawing"):
        read(path)
    assert len(read(path, strict=False)) == 1


@pytest.mark.parametrize("drawing", [[], [[[], []]]])
def test_a_drawing_without_points_is_left_out(tmp_path: Path, drawing: object) -> None:
    reading = read(write(tmp_path / "a.ndjson", CAT, {"drawing": drawing}))
    assert len(reading) == 1
    assert [one.reason for one in reading.rejected] == ["it has no points"]


def test_an_empty_stroke_among_others_is_passed_over(tmp_path: Path) -> None:
    part = read(write(tmp_path / "a.ndjson", {"drawing": [[[], []], [[1], [2]]]})).parts[None]
    assert part.rows.tolist() == [[1, 2, 1]]


@pytest.mark.parametrize(
    "line",
    [
        b"hello",
        b'{"drawing": [[[1, 2], [3',
        b"{'drawing': []}",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_a_line_that_is_not_json_is_damage(tmp_path: Path, line: bytes, strict: bool) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(json.dumps(CAT).encode() + b"\n\n" + line)
    with pytest.raises(DataError, match=r"a\.ndjson, line 3 is not JSON"):
        read(path, strict=strict)


def test_real_files_by_key(data_dir: Path) -> None:
    for path in sorted((data_dir / "quickdraw" / "simplified").glob("*.ndjson"))[::40]:
        reading = read(path)
        records = [json.loads(line) for line in path.read_text().splitlines()]
        part = reading.parts[None]
        assert reading.label_names == (path.stem,)
        assert part.sources == tuple(f"{path.name}#{record['key_id']}" for record in records)
        expected = [Drawing.from_quickdraw(record["drawing"]).to_stroke3() for record in records]
        np.testing.assert_array_equal(part.rows, np.concatenate(expected))
