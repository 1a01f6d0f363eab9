"""Measurements are taken once of the same weights in the same way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.experiments.conftest import finished, labelled

from limner.evaluation.experiments.measure import (
    FOLDER,
    Finding,
    Finished,
    Reading,
    Sheet,
    readings_of,
    sheet_path,
)


@dataclass
class Counting:
    """Counts how often it was asked to measure."""

    version: int = 1
    name: str = "counting"
    title: str = "How often"
    taken: list[int] = field(default_factory=list)

    def basis(self) -> dict[str, Any]:
        return {"version": self.version, "edges": (1, 2)}  # a tuple is a list in JSON

    def take(self, finished: Finished) -> Finding:
        self.taken.append(self.version)
        drawings = [finished.corpus.drawing("train", i) for i in range(4)]
        readings = (Reading(0.5, {"times": len(self.taken)}), Reading("best", {"times": 0.0}))
        return Finding(readings, Sheet(drawings, 2, ["a", "b"]))


@pytest.fixture
def training() -> Finished:
    return finished(labelled())


def test_kept_and_taken_again(training: Finished, tmp_path: Path) -> None:
    measure = Counting()
    first = readings_of(measure, tmp_path, training)
    assert first == readings_of(measure, tmp_path, training)
    assert measure.taken == [1]
    assert sheet_path(tmp_path, "counting").read_bytes().startswith(b"\x89PNG")
    measure.version = 2
    assert readings_of(measure, tmp_path, training) != first
    later = replace(training.model.card, training={"step": 8})
    training.model.card = later
    readings_of(measure, tmp_path, training)
    assert measure.taken == [1, 2, 2]
    kept = json.loads((tmp_path / FOLDER / "counting.json").read_text())
    assert kept["basis"] == {"step": 8, "version": 2, "edges": [1, 2]}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"basis": 3}'])
def test_a_damaged_file_is_written_anew(text: str, training: Finished, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "counting.json").write_text(text)
    measure = Counting()
    assert readings_of(measure, tmp_path, training)[0].figures == {"times": 1}
    assert readings_of(measure, tmp_path, training)[0].figures == {"times": 1}
