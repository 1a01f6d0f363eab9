from __future__ import annotations

import numpy as np
import pytest
from tests.recipes.kit import batch_of, doodles

from limner.corpus.doodles.make import make_doodles
from limner.recipes.batch import RecipeBatch
from limner.recipes.columns import Columns
from limner.recipes.recipe_state import RecipeState
from limner.recipes.step_stats import StepStats
from limner.recipes.steps.deduplicate import DeduplicateStep, near_earlier
from limner.strokes.geometry import resampled, scaled, translated


def columns_of(batch: RecipeBatch, needs: frozenset[str]) -> Columns:
    state = RecipeState.begin(batch, StepStats.empty(0), 0)
    return Columns.of(batch, state, needs)


def gone(step: DeduplicateStep, batch: RecipeBatch) -> list[int]:
    columns = columns_of(batch, step.needs)
    verdict = step.choose(columns, np.ones(len(columns), np.bool_), 0, 0)
    return np.flatnonzero(np.logical_or.reduce([*verdict.dropped.values()])).tolist()


def test_equal_drawings_go_but_for_the_first() -> None:
    found = make_doodles(30, seed=1)
    batch = batch_of(*found, translated(found[3], 10, 10), found[5], found[5])
    assert gone(DeduplicateStep(), batch) == [30, 31, 32]


def test_near_drawings_go_too() -> None:
    found = make_doodles(200, seed=2)
    again = [scaled(resampled(drawing, 3.0), 2.5) for drawing in found[:20]]
    batch = batch_of(*found, *again)
    assert gone(DeduplicateStep(), batch) == []
    assert len([i for i in gone(DeduplicateStep(near=0.03), batch) if i >= 200]) >= 18
    assert len([i for i in gone(DeduplicateStep(near=0.03), batch) if i < 200]) < 20


def test_what_is_gone_already_hides_nothing() -> None:
    found = make_doodles(4, seed=3)
    columns = columns_of(batch_of(*found, found[0]), frozenset({"shape", "sketch"}))
    left = np.array([False, True, True, True, True])
    verdict = DeduplicateStep().choose(columns, left, 0, 0)
    assert not (next(iter(verdict.dropped.values())) & left).any()


def test_the_first_of_a_chain_stays_and_so_does_who_is_far_from_it() -> None:
    chain = np.repeat(np.array([[100], [104], [108], [200]], np.uint8), 32, axis=1)
    assert near_earlier(chain, 5).tolist() == [False, True, False, False]
    assert near_earlier(chain, 9).tolist() == [False, True, True, False]
    assert near_earlier(chain[:0], 9).tolist() == []


def test_a_share_is_wanted() -> None:
    with pytest.raises(ValueError, match="near must be from 0 to 1"):
        DeduplicateStep(near=3)
    assert len(doodles(3)) == 3
