"""Verdicts on long drawings, on figures that leave no doubt."""

from __future__ import annotations

import torch
from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.drawing_length import LENGTH, LENGTHS, POSITIONS, RECURRENT, TRANSFORMER
from limner.evaluation.experiments.measurement import Measurement
from limner.evaluation.experiments.measures.nll_by_length import FIGURE
from limner.evaluation.experiments.results import ExperimentResults, VariantResult
from limner.models.build import build_model


def _measured(variant: str, first: float, last: float) -> VariantResult:
    measurements = (
        Measurement(10.0, {FIGURE: first}),
        Measurement(90.0, {FIGURE: 9.9}),
        Measurement(200.0, {FIGURE: last}),
    )
    return training(variant, 1, {LENGTHS.name: measurements, POSITIONS.name: measurements})


def _verdicts(*found: VariantResult) -> list[bool | None]:
    return [claim.holds for claim in LENGTH.claims(ExperimentResults(found, {}))]


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
