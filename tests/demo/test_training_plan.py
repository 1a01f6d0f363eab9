"""What a hand is trained with, and whether that is done already."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from limner.demo.learn_record import LearnRecord
from limner.demo.training_plan import ended_already, options_for
from limner.training import status
from limner.training.run import TrainingOutcome
from limner.training.status import RunStatus


def test_what_the_training_begins_with() -> None:
    record = LearnRecord(("a",), ("a",), "svg", "fast", 7, 10.0)
    assert options_for(record) == {"train": {"init_from": "doodles"}, "seed": 7}
    assert options_for(replace(record, preset="hand")) == {"seed": 7}


def test_a_training_that_has_ended(tmp_path: Path) -> None:
    def ended(state: status.State) -> TrainingOutcome | None:
        values = RunStatus(state, step=9, best_step=8, best_cost=0.5, kept_by="nll")
        (tmp_path / "status.json").write_text(json.dumps(asdict(values)))
        return ended_already(tmp_path)

    assert ended_already(tmp_path) is None
    assert ended("interrupted") is None
    assert ended("finished") == TrainingOutcome(9, 8, 0.5, "nll", 0, interrupted=False)
