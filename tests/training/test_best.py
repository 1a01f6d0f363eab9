"""Which validation is chosen by which rule, and when drawings are learnt by heart."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from limner.training.best import VALIDATIONS, ByHeart, Choice, rule_of
from limner.training.config import KeepBy, TrainConfig

CONFIG = TrainConfig(kl_weight=0.5, kl_weight_start=0.01)


def _figures(l_r: float, l_kl: float, nll: float, cost: float = 1.0) -> dict[str, float]:
    return {"valid_L_R": l_r, "valid_L_KL": l_kl, "valid_nll_per_point": nll, "valid_cost": cost}


def _chosen(rule: KeepBy, *validations: tuple[dict[str, float], float]) -> int:
    choice = Choice(CONFIG, rule)
    for step, (figures, weight) in enumerate(validations, start=1):
        choice.better(figures, step, weight)
    return choice.step


EARLY, LATE = (_figures(1.5, 0.1, 2.0), 0.01), (_figures(1.3, 0.6, 1.5), 0.02)
"""As a training goes while the weight of L_KL is small: z is filled, and L_R falls."""


@pytest.mark.parametrize(
    ("rule", "step"), [("bound-end", 1), ("bound", 2), ("bound-start", 2), ("nll", 2), ("last", 2)]
)
def test_the_full_weight_keeps_the_beginning(rule: KeepBy, step: int) -> None:
    """1.5 + 0.5 * 0.1 is less than 1.3 + 0.5 * 0.6, though everything has got better."""
    assert _chosen(rule, EARLY, LATE) == step


def test_what_is_kept_is_judged_by_the_weight_of_the_day() -> None:
    """Else a weight that rises would make every beginning look cheap."""
    first, second = (_figures(1.0, 1.0, 1.0), 0.1), (_figures(0.9, 0.9, 1.0), 0.5)
    assert _chosen("bound", first, second) == 2
    assert first[0]["valid_L_R"] + 0.1 < second[0]["valid_L_R"] + 0.5 * 0.9


def test_rules_by_themselves() -> None:
    assert rule_of(CONFIG, conditional=True, held_out=True) == "bound"
    assert rule_of(CONFIG, conditional=False, held_out=True) == "nll"
    assert rule_of(replace(CONFIG, keep_by="bound-end"), conditional=True, held_out=True) == "bound-end"
    assert rule_of(replace(CONFIG, keep_by="nll"), conditional=True, held_out=False) == "last"


@pytest.mark.parametrize("rule", ["nll", "bound", "bound-start", "bound-end", "last"])
def test_what_is_no_number_is_never_chosen(rule: KeepBy) -> None:
    bad = _figures(math.nan, math.nan, math.nan, math.nan)
    assert _chosen(rule, (bad, 0.1)) == -1
    assert _chosen(rule, EARLY, (bad, 0.1)) == 1


def test_classes_count() -> None:
    choice = Choice(CONFIG, "bound")
    assert choice.better(_figures(1.0, 0.0, 1.0) | {"valid_L_class": 1.0}, 1, 0.1)
    assert not choice.better(_figures(0.9, 0.0, 1.0) | {"valid_L_class": 1.2}, 2, 0.1)


def test_validations_since_are_counted() -> None:
    choice = Choice(CONFIG, "nll")
    found = [
        choice.better(_figures(1.0, 0.0, nll), step, 0.1) for step, nll in enumerate([3.0, 4.0, 3.0, 2.0])
    ]
    assert found == [True, False, False, True]
    assert choice.since == 0


def test_a_choice_goes_on() -> None:
    one, other = Choice(CONFIG, "bound"), Choice(CONFIG, "bound")
    one.better(*EARLY[:1], 1, EARLY[1])
    other.take_up(one.state())
    assert other.better(LATE[0], 2, LATE[1]) == one.better(LATE[0], 2, LATE[1])
    assert other.state() == one.state()


# Learning by heart -------------------------------------------------------------------------------


def _watched(*validations: tuple[float, float]) -> list[int]:
    """Give the numbers of the validations at which it is said."""
    watch = ByHeart()
    return [k for k, (nll, learnt) in enumerate(validations) if watch.validated(nll, learnt, k)]


RISING = [(1.0, 1.0), (1.05, 0.9), (1.1, 0.8), (1.15, 0.7), (1.2, 0.6), (1.3, 0.5), (1.4, 0.4)]


def test_it_is_said_once() -> None:
    assert _watched(*RISING) == [VALIDATIONS]


@pytest.mark.parametrize(
    "validations",
    [
        [(2.0 - k / 10, 2.0 - k / 10) for k in range(12)],  # learns
        [(1.0 + (k % 2) * 0.1, 1.0 - k / 10) for k in range(12)],  # as good as ever, time and again
        [(1.0 + k / 10_000, 1.0 - k / 10) for k in range(12)],  # no worse than chance makes it
        [(1.0 + k / 10, 1.0 + k / 10) for k in range(12)],  # goes astray: the training's loss rises too
        [(math.nan, 1.0)] * 12,
    ],
)
def test_it_is_not_said_of(validations: list[tuple[float, float]]) -> None:
    assert _watched(*validations) == []


def test_the_sentence() -> None:
    watch = ByHeart()
    said = [
        watch.sentence(k, nll) for k, (nll, learnt) in enumerate(RISING) if watch.validated(nll, learnt, k)
    ]
    assert "by heart" in said[0]
    assert "1.200" in said[0]
    assert "1.000 at step 0" in said[0]
    assert len(said[0]) <= 300
