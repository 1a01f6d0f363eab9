"""Verdicts on arithmetic with latents, on figures that leave no doubt."""

from __future__ import annotations

from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.latent_arithmetic import LATENT_ARITHMETIC, MEASURE, NAME
from limner.evaluation.experiments.measurement import Measurement
from limner.evaluation.experiments.measures.latent_sums import A_ALONE, C_ALONE, MEANS, RANDOM, SUM
from limner.evaluation.experiments.results import ExperimentResults


def _verdicts(**shares: float) -> list[bool | None]:
    places = {"a": A_ALONE, "sum": SUM, "means": MEANS, "c": C_ALONE, "random": RANDOM}
    measurements = tuple(
        Measurement(places[name], {"meant": share, "low": share - 0.05, "high": share + 0.05})
        for name, share in shares.items()
    )
    results = ExperimentResults((training(NAME, 1, {MEASURE.name: measurements}),), {})
    return [claim.holds for claim in LATENT_ARITHMETIC.claims(results)]


def test_beyond_both_controls_and_their_bounds() -> None:
    assert _verdicts(a=0.9, sum=0.6, means=0.3, c=0.1, random=0.1) == [True, True]
    assert _verdicts(a=0.9, sum=0.6, means=0.15, c=0.1, random=0.1) == [True, False]
    assert _verdicts(a=0.9, sum=0.4, means=0.6, c=0.1, random=0.5) == [False, False]
