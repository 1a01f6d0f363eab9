"""Measurements are taken once of the same weights in the same way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.experiments.conftest import finished, labelled

from limner.evaluation.experiments.measurement import (
    FOLDER,
    FinishedTraining,
    Measurement,
    MeasureResult,
    MeasureSheet,
    sheet_path,
    take_measurements,
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

    def take(self, finished: FinishedTraining) -> MeasureResult:
        self.taken.append(self.version)
        drawings = [finished.corpus.drawing("train", i) for i in range(4)]
        measurements = (Measurement(0.5, {"times": len(self.taken)}), Measurement("best", {"times": 0.0}))
        return MeasureResult(measurements, MeasureSheet(drawings, 2, ["a", "b"]))


@pytest.fixture
def training() -> FinishedTraining:
    return finished(labelled())


def test_kept_and_taken_again(training: FinishedTraining, tmp_path: Path) -> None:
    measure = Counting()
    first = take_measurements(measure, tmp_path, training)
    assert first == take_measurements(measure, tmp_path, training)
    assert measure.taken == [1]
    assert sheet_path(tmp_path, "counting").read_bytes().startswith(b"\x89PNG")
    measure.version = 2
    assert take_measurements(measure, tmp_path, training) != first
    later = replace(training.model.card, training={"step": 8})
    training.model.card = later
    take_measurements(measure, tmp_path, training)
    assert measure.taken == [1, 2, 2]
    kept = json.loads((tmp_path / FOLDER / "counting.json").read_text())
    assert kept["basis"] == {"step": 8, "version": 2, "edges": [1, 2]}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"basis": 3}'])
def test_a_damaged_file_is_written_anew(text: str, training: FinishedTraining, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "counting.json").write_text(text)
    measure = Counting()
    assert take_measurements(measure, tmp_path, training)[0].figures == {"times": 1}
    assert take_measurements(measure, tmp_path, training)[0].figures == {"times": 1}
