"""How near samples lie to training drawings, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from limner.evaluation.protocol.novelty import nearest_neighbours, novelty

TRAINING = np.arange(10.0)[:, None] * 10


def test_by_hand() -> None:
    samples = np.array([[0.5], [21.0], [98.0]])
    aside = np.array([[2.0], [13.0], [44.0], [95.0]])  # 2, 3, 4 and 5 away
    found = novelty(samples, aside, TRAINING)
    assert found.nearest.tolist() == [0, 2, 9]
    assert found.distances.tolist() == pytest.approx([0.5 / 3.5, 1 / 3.5, 8 / 3.5])
    assert found.nearness == pytest.approx(1 / 3.5)
    assert found.copies == pytest.approx(2 / 3)


def test_copies() -> None:
    aside = np.random.default_rng(0).uniform(0, 90, (300, 1))
    assert novelty(TRAINING, aside, TRAINING).copies == 1
    assert novelty(TRAINING + 5, aside, TRAINING).copies == 0


@pytest.mark.slow
def test_as_people_draw() -> None:
    chance = np.random.default_rng(1)
    training, aside, samples = (chance.normal(size=(n, 4)) for n in (2000, 1200, 700))
    found = novelty(samples, aside, training)
    assert found.nearness == pytest.approx(1, abs=0.05)
    assert found.copies == pytest.approx(0.01, abs=0.01)


def test_more_rows_than_at_once() -> None:
    some = np.random.default_rng(2).normal(size=(1201, 2))
    places, gaps = nearest_neighbours(some, some)
    assert places.tolist() == list(range(1201))
    assert not gaps.any()


@pytest.mark.parametrize("empty", range(3))
def test_empty_sets_are_refused(empty: int) -> None:
    sets = [TRAINING[: 0 if k == empty else 5] for k in range(3)]
    with pytest.raises(ValueError, match="takes samples"):
        novelty(*sets)
