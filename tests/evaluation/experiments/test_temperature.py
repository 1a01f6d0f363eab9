"""Verdicts on temperatures, on figures that leave no doubt."""

from __future__ import annotations

from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.measurement import Measurement
from limner.evaluation.experiments.results import ExperimentResults, VariantResult
from limner.evaluation.experiments.temperature import AS_LEARNT, CAREFUL, DOODLES, MEASURE, SHEEP, TEMPERATURE

BUILT = ("Δ strokes", "Δ points", "Δ ink", "Δ pen_up")


def _measured(variant: str, careful: float, learnt: float, recognised: bool = True) -> VariantResult:
    def measurement(at: float, value: float) -> Measurement:
        figures = {"precision": value, "recall": 1 - value, "coverage": 0.5, **dict.fromkeys(BUILT, value)}
        return Measurement(at, figures | ({"recognised": value} if recognised else {}))

    measurements = (measurement(CAREFUL, careful), measurement(AS_LEARNT, learnt))
    return training(variant, 1, {MEASURE.name: measurements})


def test_careful_samples_are_true_and_alike() -> None:
    found = (_measured(SHEEP, 0.9, 0.4), _measured(DOODLES, 0.4, 0.9))
    claims = TEMPERATURE.claims(ExperimentResults(found, {}))
    assert [claim.holds for claim in claims] == [True] * 4 + [False] * 4
    assert claims[0].found.startswith("Precision 0.900 at temperature 0.4, 0.400 at 1. Coverage")


def test_what_nobody_recognises_is_not_judged() -> None:
    claims = TEMPERATURE.claims(ExperimentResults((_measured(SHEEP, 0.9, 0.4, recognised=False),), {}))
    assert [claim.holds for claim in claims] == [True, True, None, True]


def test_both_temperatures_are_measured() -> None:
    assert {CAREFUL, AS_LEARNT} <= set(MEASURE.temperatures)
