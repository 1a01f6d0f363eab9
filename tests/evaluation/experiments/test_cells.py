"""Verdicts on cells, on curves that leave no doubt."""

from __future__ import annotations

import torch
from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.cells import CELLS, HYPER, LSTM, NORM
from limner.evaluation.experiments.results import ExperimentResults
from limner.models.build import build_model


def test_each_is_compared_with_its_control() -> None:
    best = {LSTM: 1.0, NORM: 0.7, HYPER: 0.8}
    found = tuple(training(name, valid_nll_per_point=[value, 2]) for name, value in best.items())
    assert [claim.holds for claim in CELLS.claims(ExperimentResults(found, {}))] == [True, True, False]


def test_networks_have_nearly_as_many_weights() -> None:
    counts = []
    for variant in CELLS.variants:
        with torch.device("meta"):
            counts.append(sum(p.numel() for p in build_model(variant.config.model).parameters()))
    assert max(counts) < 1.05 * min(counts)
