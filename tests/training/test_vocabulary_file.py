"""Tokenizers on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from limner.errors import DataError
from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer, TokenSettings
from limner.training.vocabulary_file import HEADER_KEY, load_tokenizer, save_tokenizer


def _tokenizer() -> Tokenizer:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(9, 2)).astype(np.float32)
    return Tokenizer(
        TokenSettings("by-state", 6, 3, 0.5, 4), 18.5, centres, np.abs(centres) + np.float32(0.1)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "tokens.safetensors"
    save_tokenizer(_tokenizer(), found)
    return found


def test_there_and_back(path: Path) -> None:
    found, wanted = load_tokenizer(path), _tokenizer()
    assert (found.settings, found.scale) == (wanted.settings, wanted.scale)
    np.testing.assert_array_equal(found.centres, wanted.centres)
    np.testing.assert_array_equal(found.sigmas, wanted.sigmas)


def test_scale_and_settings_stand_in_the_header(path: Path) -> None:
    """For anyone to read, without limner."""
    data = path.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    told = json.loads(header["__metadata__"][HEADER_KEY])
    assert told["scale"] == 18.5
    assert told["settings"] == {"scheme": "by-state", "count": 6, "lifts": 3, "tolerance": 0.5, "seed": 4}


def test_damaged_files_are_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(DataError, match=r"tokens.safetensors cannot be read as a tokenizer"):
        load_tokenizer(path)
    with pytest.raises(DataError, match="cannot be read as a tokenizer"):
        load_tokenizer(path.with_name("none.safetensors"))


def _changed(path: Path, **changes: Any) -> None:
    header = {"format": 1, "scale": 2.0, "settings": {"scheme": "joint", "count": 9}}
    save_file(load_file(path), path, {HEADER_KEY: json.dumps({**header, **changes})})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "written by a later limner"),
        ({"scale": 0}, "cannot be understood"),
        ({"scale": "wide"}, "cannot be understood"),
        ({"settings": {"count": 10}}, "cannot be understood"),
        ({"settings": {"cuont": 9}}, "no setting 'cuont'; did you mean 'count'"),
        ({"settings": None}, "cannot be understood"),
    ],
)
def test_headers_that_do_not_fit_are_refused(path: Path, changes: dict[str, Any], said: str) -> None:
    _changed(path, **changes)
    with pytest.raises(DataError, match=said):
        load_tokenizer(path)


def test_other_safetensors_are_refused(path: Path) -> None:
    save_file({"weight": np.zeros(3, np.float32)}, path)
    with pytest.raises(DataError, match="holds no tokenizer"):
        load_tokenizer(path)
