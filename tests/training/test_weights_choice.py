"""Which validation is chosen by which rule."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from limner.training.config import KeepBy, TrainConfig
from limner.training.weights_choice import WeightsChoice, choose_rule

CONFIG = TrainConfig(kl_weight=0.5, kl_weight_start=0.01)


def _metrics(l_r: float, l_kl: float, nll: float, cost: float = 1.0) -> dict[str, float]:
    return {"valid_L_R": l_r, "valid_L_KL": l_kl, "valid_nll_per_point": nll, "valid_cost": cost}


def _chosen(rule: KeepBy, *validations: tuple[dict[str, float], float]) -> int:
    choice = WeightsChoice(CONFIG, rule)
    for step, (metrics, weight) in enumerate(validations, start=1):
        choice.consider(metrics, step, weight)
    return choice.step


EARLY, LATE = (_metrics(1.5, 0.1, 2.0), 0.01), (_metrics(1.3, 0.6, 1.5), 0.02)
"""As a training goes while the weight of L_KL is small: z is filled, and L_R falls."""


@pytest.mark.parametrize(
    ("rule", "step"), [("bound-end", 1), ("bound", 2), ("bound-start", 2), ("nll", 2), ("last", 2)]
)
def test_the_full_weight_keeps_the_beginning(rule: KeepBy, step: int) -> None:
    """1.5 + 0.5 * 0.1 is less than 1.3 + 0.5 * 0.6, though everything has got better."""
    assert _chosen(rule, EARLY, LATE) == step


def test_what_is_kept_is_judged_by_the_weight_of_the_day() -> None:
    """Else a weight that rises would make every beginning look cheap."""
    first, second = (_metrics(1.0, 1.0, 1.0), 0.1), (_metrics(0.9, 0.9, 1.0), 0.5)
    assert _chosen("bound", first, second) == 2
    assert first[0]["valid_L_R"] + 0.1 < second[0]["valid_L_R"] + 0.5 * 0.9


def test_rules_by_themselves() -> None:
    assert choose_rule(CONFIG, conditional=True, held_out=True) == "bound"
    assert choose_rule(CONFIG, conditional=False, held_out=True) == "nll"
    assert choose_rule(replace(CONFIG, keep_by="bound-end"), conditional=True, held_out=True) == "bound-end"
    assert choose_rule(replace(CONFIG, keep_by="nll"), conditional=True, held_out=False) == "last"


@pytest.mark.parametrize("rule", ["nll", "bound", "bound-start", "bound-end", "last"])
def test_what_is_no_number_is_never_chosen(rule: KeepBy) -> None:
    bad = _metrics(math.nan, math.nan, math.nan, math.nan)
    assert _chosen(rule, (bad, 0.1)) == -1
    assert _chosen(rule, EARLY, (bad, 0.1)) == 1


def test_classes_count() -> None:
    choice = WeightsChoice(CONFIG, "bound")
    assert choice.consider(_metrics(1.0, 0.0, 1.0) | {"valid_L_class": 1.0}, 1, 0.1)
    assert not choice.consider(_metrics(0.9, 0.0, 1.0) | {"valid_L_class": 1.2}, 2, 0.1)


@pytest.mark.slow
def test_validations_since_are_counted() -> None:
    choice = WeightsChoice(CONFIG, "nll")
    found = [
        choice.consider(_metrics(1.0, 0.0, nll), step, 0.1) for step, nll in enumerate([3.0, 4.0, 3.0, 2.0])
    ]
    assert found == [True, False, False, True]
    assert choice.validations_since == 0


@pytest.mark.slow
def test_a_choice_goes_on() -> None:
    one, other = WeightsChoice(CONFIG, "bound"), WeightsChoice(CONFIG, "bound")
    one.consider(*EARLY[:1], 1, EARLY[1])
    other.load_state_dict(one.state_dict())
    assert other.consider(LATE[0], 2, LATE[1]) == one.consider(LATE[0], 2, LATE[1])
    assert other.state_dict() == one.state_dict()
