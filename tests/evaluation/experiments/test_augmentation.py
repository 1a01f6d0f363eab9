"""Verdicts on augmentation, on curves that leave no doubt."""

from __future__ import annotations

from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.augmentation import AUGMENTATION, DROP, NONE, SCALE, STROKES
from limner.evaluation.experiments.results import ExperimentResults


def test_each_is_compared_with_its_control() -> None:
    best = {NONE: 1.0, SCALE: 0.9, DROP: 1.1, STROKES: 1.0}
    found = tuple(training(name, valid_nll_per_point=[value, 2]) for name, value in best.items())
    assert [c.holds for c in AUGMENTATION.claims(ExperimentResults(found, {}))] == [True, False, True]


def test_only_augmentation_differs() -> None:
    trains = {variant.name: variant.config.train for variant in AUGMENTATION.variants}
    assert len({variant.config.model for variant in AUGMENTATION.variants}) == 1
    plain = trains[NONE]
    assert (plain.scale_augment, plain.drop_augment, plain.vary.active) == (0, 0, False)
    assert trains[STROKES].vary.active
    assert trains[SCALE].scale_augment > 0 == trains[SCALE].drop_augment
    assert trains[DROP].drop_augment > 0 == trains[DROP].scale_augment
    assert all(0 < variant.num_train < 1300 for variant in AUGMENTATION.variants)
