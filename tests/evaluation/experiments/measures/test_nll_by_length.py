"""NLL of points adds up to the likelihood of their drawings."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evaluation.experiments.conftest import finished, labelled

from limner.evaluation.experiments.measures import nll_by_length
from limner.evaluation.experiments.measures.nll_by_length import (
    COUNT,
    FIGURE,
    NllByLength,
    NllByPosition,
    point_nll,
)
from limner.models.batch import pad_batch
from limner.training.losses import likelihood_terms

TRAINING = finished(labelled(), conditional=False)
SPLIT = TRAINING.corpus.splits["test"]


def test_costs_add_up_to_the_likelihood() -> None:
    costs = point_nll(TRAINING.model, [SPLIT])
    assert len(costs.values) == len(SPLIT.rows)
    batch = pad_batch(list(SPLIT), TRAINING.model.card.scale_factor)
    terms = likelihood_terms(TRAINING.model.network(batch).mixture, batch, density_floor=False)
    wanted = float((terms.offsets + terms.pen).detach().sum())
    assert costs.values.sum() == pytest.approx(wanted, rel=1e-4)


def test_places_and_lengths_of_points() -> None:
    costs = point_nll(TRAINING.model, [SPLIT])
    assert np.bincount(costs.positions)[0] == len(SPLIT)
    assert (costs.positions < costs.lengths).all()
    assert sorted(costs.lengths[costs.positions == 0]) == sorted(SPLIT.lengths)


@pytest.mark.parametrize("measure", [NllByLength((0, 30, 1000)), NllByPosition((0, 30, 1000))])
def test_groups_hold_all_points(
    measure: NllByLength | NllByPosition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nll_by_length, "FEWEST", 1)
    measurements = measure.take(TRAINING).measurements
    unseen = [TRAINING.corpus.splits[name] for name in ("test", "valid")]
    costs = point_nll(TRAINING.model, unseen)
    assert [measurement.at for measurement in measurements] == [15.0, 515.0]
    assert sum(measurement.figures[COUNT] for measurement in measurements) == len(costs.values)
    total = sum(measurement.figures[COUNT] * measurement.figures[FIGURE] for measurement in measurements)
    assert total == pytest.approx(costs.values.sum())


def test_groups_of_next_to_no_points_are_left_out() -> None:
    assert [measurement.at for measurement in NllByLength((0, 5, 1000)).take(TRAINING).measurements] == [
        502.5
    ]
