"""Verdicts of the experiments about networks, on curves that leave no doubt."""

from __future__ import annotations

import torch
from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.architectures import ATTENTION, FOCAL_ELU, JOINT_HEAD
from limner.evaluation.experiments.results import ExperimentResults, VariantResult
from limner.models.build import build_model

PACES = {"lstm": 1.0, "attention": 1.2}
BASELINE = training("lstm", valid_cost=[5, 4, 3, 2, 1], valid_nll_per_point=[2, 1.5])


def _verdicts(*attention: VariantResult) -> list[bool | None]:
    return [claim.holds for claim in ATTENTION.claims(ExperimentResults((BASELINE, *attention), PACES))]


def test_attention_that_is_sooner_and_lower() -> None:
    assert _verdicts(training("attention", valid_cost=[3, 0.9])) == [True, True]


def test_attention_that_is_as_good_but_not_sooner() -> None:
    assert _verdicts(training("attention", valid_cost=[5, 4, 3, 1])) == [False, True]  # 1.2 * 40 / 50


def test_attention_that_never_gets_there() -> None:
    claims = ATTENTION.claims(ExperimentResults((BASELINE, training("attention", valid_cost=[5, 4])), PACES))
    assert [claim.holds for claim in claims] == [False, False]
    assert "never" in claims[0].found


def test_focal_and_elu() -> None:
    spiky = [1.0] * 200
    spiky[100] = 50
    found = (
        training("transformer", valid_lift_recall=[0, 0, 0.4, 0.8], train_cost=spiky),
        training("focal", valid_lift_recall=[0, 0.5, 0.6, 0.8]),
        training("elu"),
        training("source"),
        training("source, elu"),
    )
    assert [claim.holds for claim in FOCAL_ELU.claims(ExperimentResults(found, {}))] == [True, True, None]


def test_joint_heads() -> None:
    names = [variant.name for variant in JOINT_HEAD.variants]
    found = [
        training(name, seed, valid_nll_per_point=[1 - 0.1 * ("component" in name)])
        for name in names
        for seed in (1, 2)
    ]
    assert [claim.holds for claim in JOINT_HEAD.claims(ExperimentResults(tuple(found), {}))] == [
        True,
        False,
        True,
        False,
    ]


def test_networks_have_nearly_as_many_weights() -> None:
    counts = []
    for variant in {v.name: v for e in (ATTENTION, FOCAL_ELU, JOINT_HEAD) for v in e.variants}.values():
        with torch.device("meta"):
            counts.append(sum(p.numel() for p in build_model(variant.config.model).parameters()))
    assert max(counts) < 1.1 * min(counts)
