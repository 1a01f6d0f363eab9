"""Verdicts on the weight of L_KL, on figures that leave no doubt."""

from __future__ import annotations

from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.kl_weight import ALONE, KL_TRADEOFF, MEASURE, WEIGHTS
from limner.evaluation.experiments.measurement import Measurement
from limner.evaluation.experiments.measures.unseen_likelihood import CONDITION
from limner.evaluation.experiments.results import ExperimentResults, VariantResult


def _measured(variant: str, recon: float, kl: float, seed: int = 1) -> VariantResult:
    return training(variant, seed, {MEASURE.name: (Measurement(CONDITION, {"L_R": recon, "L_KL": kl}),)})


def _verdicts(*rows: tuple[float, float]) -> list[bool | None]:
    found = (_measured(name, *row) for name, row in zip((*WEIGHTS, ALONE), rows, strict=True))
    return [claim.holds for claim in KL_TRADEOFF.claims(ExperimentResults(tuple(found), {}))]


def test_the_shape_of_the_table() -> None:
    assert _verdicts((1.0, 0.2), (0.8, 0.5), (0.6, 0.9), (1.2, 0)) == [True, True]


def test_a_latent_that_buys_nothing() -> None:
    assert _verdicts((1.0, 0.2), (0.8, 0.5), (0.9, 0.9), (0.95, 0)) == [False, False]
    assert _verdicts((1.0, 0.2), (0.8, 0.1), (0.6, 0.9), (1.2, 0)) == [False, True]


def test_seeds_that_disagree() -> None:
    good, bad = ((1.0, 0.2), (0.8, 0.5), (0.6, 0.9), (1.2, 0.0)), ((1.0, 0.2),) * 3 + ((1.2, 0.0),)
    found = [
        _measured(name, *row, seed)
        for seed, rows in ((1, good), (2, bad))
        for name, row in zip((*WEIGHTS, ALONE), rows, strict=True)
    ]
    assert [claim.holds for claim in KL_TRADEOFF.claims(ExperimentResults(tuple(found), {}))] == [None, True]


def test_the_weight_is_all_that_differs() -> None:
    configs = {variant.name: variant.config for variant in KL_TRADEOFF.variants}
    assert {name: configs[name].train.kl_weight for name in WEIGHTS} == WEIGHTS
    assert len({configs[name].model for name in WEIGHTS}) == 1
    assert not configs[ALONE].model.conditional
