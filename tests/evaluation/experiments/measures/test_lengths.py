"""Costs of points add up to the likelihood of their drawings."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evaluation.experiments.conftest import finished, labelled

from limner.evaluation.experiments.measures import lengths
from limner.evaluation.experiments.measures.lengths import COUNT, FIGURE, Lengths, Positions, costs_of
from limner.models.batch import pad_batch
from limner.training.losses import likelihood_terms

TRAINING = finished(labelled(), conditional=False)
SPLIT = TRAINING.corpus.splits["test"]


def test_costs_add_up_to_the_likelihood() -> None:
    costs = costs_of(TRAINING.model, [SPLIT])
    assert len(costs.values) == len(SPLIT.rows)
    batch = pad_batch(list(SPLIT), TRAINING.model.card.scale_factor)
    terms = likelihood_terms(TRAINING.model.network(batch).mixture, batch, density_floor=False)
    wanted = float((terms.offsets + terms.pen).detach().sum())
    assert costs.values.sum() == pytest.approx(wanted, rel=1e-4)


def test_places_and_lengths_of_points() -> None:
    costs = costs_of(TRAINING.model, [SPLIT])
    assert np.bincount(costs.places)[0] == len(SPLIT)
    assert (costs.places < costs.lengths).all()
    assert sorted(costs.lengths[costs.places == 0]) == sorted(SPLIT.lengths)


@pytest.mark.parametrize("measure", [Lengths((0, 30, 1000)), Positions((0, 30, 1000))])
def test_groups_hold_all_points(measure: Lengths | Positions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lengths, "FEWEST", 1)
    readings = measure.take(TRAINING).readings
    unseen = [TRAINING.corpus.splits[name] for name in ("test", "valid")]
    costs = costs_of(TRAINING.model, unseen)
    assert [reading.at for reading in readings] == [15.0, 515.0]
    assert sum(reading.figures[COUNT] for reading in readings) == len(costs.values)
    total = sum(reading.figures[COUNT] * reading.figures[FIGURE] for reading in readings)
    assert total == pytest.approx(costs.values.sum())


def test_groups_of_next_to_no_points_are_left_out() -> None:
    assert [reading.at for reading in Lengths((0, 5, 1000)).take(TRAINING).readings] == [502.5]
