"""What verdicts have in common."""

from __future__ import annotations

import pytest
from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.claims import agreed, likelier, listed
from limner.evaluation.experiments.results import ExperimentResults


@pytest.mark.parametrize(
    ("seeds", "verdict"),
    [([True], True), ([False, False], False), ([True, True], True), ([True, False], None)],
)
def test_seeds_must_agree(seeds: list[bool], verdict: bool | None) -> None:
    assert agreed(seeds) is verdict


def test_likelier_by_the_best_of_each_curve() -> None:
    def claim(*last: float) -> bool | None:
        others = [training("other", k, valid_nll_per_point=[2, x]) for k, x in enumerate(last)]
        plain = [training("plain", k, valid_nll_per_point=[1, 3]) for k in range(len(last))]
        return likelier(ExperimentResults((*plain, *others), {}), "It is.", "plain", "other").holds

    assert claim(0.9, 0.8) is True
    assert claim(1.1) is False
    assert claim(0.9, 1.1) is None


def test_listed() -> None:
    assert listed([1, 0.25], ".2f") == "1.00, 0.25"
