"""What a hand is trained with, and whether that is done already."""

from __future__ import annotations

import math
from pathlib import Path
from typing import get_args

from limner.demo.learn_record import LearnRecord
from limner.training.api import TrainOptions
from limner.training.config import KeepBy
from limner.training.run import TrainingOutcome
from limner.training.status import read_status

WITHOUT = "fast"
"""The preset that stands in where this installation has no base for a hand."""


def ended_already(run: Path) -> TrainingOutcome | None:
    """Return how a training ended that has run to its end; None if there is still something to do."""
    status = read_status(run)
    if status is None or status.state != "finished" or status.best_step is None:
        return None
    cost = math.nan if status.best_cost is None else status.best_cost
    rule: KeepBy = next((name for name in get_args(KeepBy) if name == status.kept_by), "last")
    return TrainingOutcome(status.step, status.best_step, cost, rule, n_max=0, interrupted=False)


def options_for(record: LearnRecord) -> TrainOptions:
    """Return the settings over the preset's: ``fast`` begins with what a line is."""
    begun: TrainOptions = {"train": {"init_from": "doodles"}} if record.preset == WITHOUT else {}
    return {**begun, "seed": record.seed}
