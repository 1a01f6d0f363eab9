from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from limner.corpus.ndjson_columns import read_columns
from limner.strokes.drawing import Drawing

CAT = {"word": "cat", "key_id": "123", "recognized": True, "drawing": [[[1, 4], [2, 6]], [[9], [9]]]}
OWL = {"key_id": None, "drawing": [[[5.5, 6], [5, 7], [0, 30]]], "countrycode": {"x": [1]}}
DOG = {"word": "dog", "key_id": "é", "recognized": False, "drawing": [[[0], [0]]]}


def joined(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_sound_lines() -> None:
    found = read_columns(joined(CAT, OWL, DOG), "a", 11)
    assert found is not None
    split, names, recognised = found
    assert names == ("cat", "dog")
    assert split.labels.tolist() == [0, -1, 1]
    assert split.sources == ("a#123", "a#11", "a#é")
    assert recognised.tolist() == [True, True, False]
    expected = [Drawing.from_quickdraw(record["drawing"]).to_stroke3() for record in (CAT, OWL, DOG)]  # type: ignore[arg-type]
    np.testing.assert_array_equal(split.rows, np.concatenate(expected))
    assert split.lengths.tolist() == [3, 2, 1]


def test_whole_numbers_as_keys() -> None:
    found = read_columns(joined(CAT | {"key_id": 7}, OWL | {"key_id": 2**60}), "a", 1)
    assert found is not None
    assert found[0].sources == ("a#7", f"a#{2**60}")


def test_the_last_line_needs_no_end() -> None:
    assert read_columns(joined(CAT, OWL)[:-1], "a", 1) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n" + joined(CAT),
        joined(CAT) + b"[1, 2",
        joined(CAT, 5),
        joined(CAT) * 2 + json.dumps(CAT, indent=1).encode(),
        joined(CAT | {"drawing": None}),
        joined(CAT | {"drawing": []}),
        joined(CAT | {"drawing": [[[1], [2, 3]]]}),
        joined(CAT | {"drawing": [[[1]]]}),
        joined(CAT | {"drawing": [[[1, None], [2, 3]]]}),
        joined(CAT | {"drawing": [[[1, 1e39], [2, 3]]]}),
        joined(CAT | {"word": 5}),
        joined(CAT | {"recognized": "yes"}),
        joined(CAT | {"key_id": "7"}, CAT | {"key_id": 7}),
        b'{"word": "\xff", "drawing": [[[1], [2]]]}\n',
    ],
)
def test_anything_unusual_is_left_to_others(data: bytes) -> None:
    assert read_columns(data, "a", 1) is None
