from __future__ import annotations

import json
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.corpus.formats.format import DrawingRecord, ReadOptions
from limner.corpus.formats.json_file import read_json
from limner.corpus.load import load_corpus
from limner.errors import DataError
from limner.recipes.build import build
from limner.strokes.drawing import Drawing

BODY = [[[0, 0, 10, 0], [10, 0, 10, 20]], [[30, 30, 31, 31]]]
EYE = [[[5, 5, 6, 5], [8, 8, 9, 9]]]


def write(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def read_birds(path: Path) -> list[np.ndarray]:
    found = list(read_json(path, ReadOptions()))
    assert all(isinstance(one, DrawingRecord) for one in found)
    return [one.rows for one in found if isinstance(one, DrawingRecord)]


def test_parts_strokes_and_segments(tmp_path: Path) -> None:
    (rows,) = read_birds(write(tmp_path / "a.json", {"all_strokes": [BODY, [], EYE], "partsUsed": ["body"]}))
    assert Drawing.from_stroke3(rows).to_polylines() == [
        [(0, 0), (10, 0), (10, 20)],
        [(30, 30), (31, 31)],
        [(5, 5), (6, 5), (8, 8), (9, 9)],
    ]


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(-999, 999), st.integers(-999, 999)), min_size=2, max_size=9))
def test_segments_that_meet_are_their_points(points: list[tuple[int, int]]) -> None:
    segments = [[*a, *b] for a, b in pairwise(points)]
    with tempfile.TemporaryDirectory() as folder:
        (rows,) = read_birds(write(Path(folder, "a.json"), {"all_strokes": [[segments]]}))
    assert np.cumsum(rows[:, :2], axis=0).tolist() == [list(point) for point in points]


def test_a_list_of_drawings(tmp_path: Path) -> None:
    found = list(read_birds(write(tmp_path / "a.json", [{"all_strokes": [BODY]}, {"all_strokes": [EYE]}])))
    assert [len(rows) for rows in found] == [5, 4]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ('{"all_strokes": [[', "is not JSON"),
        ({"all_strokes": [[[[1, 2, 3]]]]}, "a segment is not four numbers"),
        ({"all_strokes": [[[[1, 2, 3, "4"]]]]}, "not numbers"),
        ({"all_strokes": [[5]]}, "are not lists"),
        ({"all_strokes": [[[[1, 2, 3, float("nan")]]]]}, "not a finite number"),
    ],
)
def test_damage_is_named(tmp_path: Path, value: Any, sentence: str) -> None:
    with pytest.raises(DataError, match=rf"a\.json.*{sentence}"):
        load_corpus(write(tmp_path / "a.json", value))


def test_a_folder_of_birds_by_its_recipe(tmp_path: Path) -> None:
    """Strokes of one segment go, the longest side is 255, and shares are 85 / 10 / 5."""
    (tmp_path / "in").mkdir()
    for i in range(40):
        bird = [[[0, 0, 40, i], [40, i, 90, 100 + i], [90, 100 + i, 3, 7]], [[1, 1, 2, 2]]]
        write(tmp_path / "in" / f"{i:02d}.json", {"all_strokes": [bird]})
    write(tmp_path / "in" / "notes.json", {"what": "no drawing"})
    report = build([tmp_path / "in"], tmp_path / "a.npz", recipe="creative-birds")
    assert report.splits == {"train": 34, "valid": 4, "test": 2}
    corpus = load_corpus(tmp_path / "a.npz")
    assert corpus.dtype == "int16"
    for i in range(34):
        drawing = corpus.drawing("train", i)
        assert len(drawing) == 1
        assert (drawing.bounds[0], drawing.bounds[1], max(drawing.bounds[2:])) == (0, 0, 255)
