"""Verdicts on the Single-Line project's claims, on curves that leave no doubt."""

from __future__ import annotations

from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.results import ExperimentResults, VariantResult
from limner.evaluation.experiments.slml_part4 import SLML_PART4

NAMES = [variant.name for variant in SLML_PART4.variants]
SPIKY = [1.0] * 60 + [40.0] + [1.0] * 60


def _verdicts(**curves: VariantResult) -> dict[str, bool | None]:
    found = tuple(curves.get(name.replace(" ", "_").replace(",", ""), training(name)) for name in NAMES)
    claims = SLML_PART4.claims(ExperimentResults(found, {}))
    return dict(zip(("filter", "norm", "dropout", "augmentation"), [c.holds for c in claims], strict=True))


def test_all_hold() -> None:
    assert _verdicts(
        filtered=training("filtered", valid_nll_per_point=[0.5], train_cost=SPIKY),
        layer_norm=training("layer norm", valid_cost=[5, 4, 3]),
        recurrent_dropout=training("recurrent dropout", valid_cost=[4, 3, 2]),
        stroke_augmentation=training("stroke augmentation", valid_cost=[4, 3.5]),
    ) == {"filter": True, "norm": True, "dropout": True, "augmentation": True}


def test_none_holds_and_no_spikes_tell_nothing() -> None:
    assert _verdicts(
        raw=training("raw", valid_nll_per_point=[0.1]),
        recurrent_dropout=training("recurrent dropout", valid_cost=[4, 3]),
    ) == {"filter": False, "norm": None, "dropout": False, "augmentation": False}


def test_layer_norm_that_spikes_as_well() -> None:
    names = ("filtered", "layer norm", "layer norm, fixed")
    spiky = {name.replace(" ", "_").replace(",", ""): training(name, train_cost=SPIKY) for name in names}
    assert _verdicts(**spiky)["norm"] is False


def test_seeds_that_disagree_leave_it_open() -> None:
    with_dropout = {1: [4.0, 3, 2], 2: [6.0, 5, 4.5]}
    found = tuple(
        training(name, seed, valid_cost={"layer norm": [5.0, 4, 3]}.get(name, values))
        for seed, values in with_dropout.items()
        for name in NAMES
    )
    assert [claim.holds for claim in SLML_PART4.claims(ExperimentResults(found, {}))] == [
        False,
        None,
        None,
        False,
    ]


def test_each_step_changes_one_thing() -> None:
    configs = {variant.name: variant.config for variant in SLML_PART4.variants}
    assert configs["raw"] == configs["filtered"]
    assert not configs["layer norm, fixed"].model.decoder.norm_learnable
    assert configs["layer norm"].model.decoder.norm_learnable
    assert configs["recurrent dropout"].model == configs["stroke augmentation"].model
    assert configs["stroke augmentation"].train.drop_augment > configs["recurrent dropout"].train.drop_augment
