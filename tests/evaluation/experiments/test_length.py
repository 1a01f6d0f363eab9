"""Verdicts on long drawings, on figures that leave no doubt."""

from __future__ import annotations

import torch
from tests.evaluation.experiments.conftest import outcome

from limner.evaluation.experiments.length import LENGTH, LENGTHS, POSITIONS, RECURRENT, TRANSFORMER
from limner.evaluation.experiments.measure import Reading
from limner.evaluation.experiments.measures.lengths import FIGURE
from limner.evaluation.experiments.results import Outcome, Results
from limner.models.build import build_model


def _measured(variant: str, first: float, last: float) -> Outcome:
    readings = (Reading(10.0, {FIGURE: first}), Reading(90.0, {FIGURE: 9.9}), Reading(200.0, {FIGURE: last}))
    return outcome(variant, 1, {LENGTHS.name: readings, POSITIONS.name: readings})


def _verdicts(*found: Outcome) -> list[bool | None]:
    return [claim.holds for claim in LENGTH.claims(Results(found, {}))]


def test_a_recurrent_network_that_loses_the_thread() -> None:
    assert _verdicts(_measured(RECURRENT, 1, 2), _measured(TRANSFORMER, 1, 1.1)) == [True, True, True]


def test_one_that_does_not() -> None:
    assert _verdicts(_measured(RECURRENT, 2, 1), _measured(TRANSFORMER, 1.8, 1)) == [False, False, False]


def test_networks_have_nearly_as_many_weights() -> None:
    counts = []
    for variant in LENGTH.variants:
        with torch.device("meta"):
            counts.append(sum(p.numel() for p in build_model(variant.config.model).parameters()))
    assert max(counts) < 1.05 * min(counts)
