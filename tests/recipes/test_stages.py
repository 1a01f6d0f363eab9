from __future__ import annotations

import pickle
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from tests.recipes.kit import batch_of, doodles

from limner.corpus.collector import Rejected
from limner.recipes.batch import RecipeBatch
from limner.recipes.columns import Columns
from limner.recipes.recipe import Recipe
from limner.recipes.stages import SplitChoice, complete, finish, process
from limner.recipes.step_stats import StepStats
from limner.recipes.steps.augment import AugmentStep
from limner.recipes.steps.choose import CapStep
from limner.recipes.steps.deduplicate import DeduplicateStep
from limner.recipes.steps.geometry import QuantiseStep, RescaleStep, SimplifyStep
from limner.recipes.steps.shape import SeparateStep
from limner.recipes.steps.size import SizeStep
from limner.recipes.steps.split import SplitStep

EVERYTHING = Recipe(
    "everything",
    "",
    3,
    (
        *(
            RescaleStep(box=255.0),
            SeparateStep(overlap=0.2),
            SimplifyStep(epsilon=3.0),
            SizeStep(min_points=3, max_points=60),
        ),
        *(DeduplicateStep(near=0.02), CapStep(at_most=12), SplitStep(valid=0.2, test=0.2)),
        *(AugmentStep(copies=2, reverse=0.3, reorder=0.3), QuantiseStep()),
    ),
)


def run(recipe: Recipe, shards: list[RecipeBatch]) -> tuple[RecipeBatch, StepStats, SplitChoice]:
    """Do what an engine does."""
    first = [process(recipe, batch) for batch in shards]
    choice = finish(recipe, Columns.join([one.columns for one in first]))
    cuts = np.cumsum([0, *(len(one.kept) for one in first)])
    second = [
        complete(recipe, one.kept, choice.part(int(begin), len(one.kept)))
        for one, begin in zip(first, cuts, strict=False)
    ]
    stats = StepStats.empty(len(recipe.steps))
    for one in (*first, *second):
        stats.add(one.stats)
    stats.add(choice.stats)
    return RecipeBatch.join([one.kept for one in second]), stats, choice


def cut(batch: RecipeBatch, *cuts: int) -> list[RecipeBatch]:
    edges = [0, *cuts, len(batch)]
    return [batch.take(np.arange(a, b)) for a, b in pairwise(edges)]


@pytest.fixture(scope="module")
def many() -> RecipeBatch:
    return doodles(120, seed=5)


@pytest.mark.parametrize("cuts", [(60,), (1, 2, 50), (), (0, 119)])
def test_sharding_changes_nothing(many: RecipeBatch, cuts: tuple[int, ...]) -> None:
    whole, stats, _ = run(EVERYTHING, [many])
    parts, other, _ = run(EVERYTHING, cut(many, *cuts))
    np.testing.assert_array_equal(parts.drawings.rows, whole.drawings.rows)
    np.testing.assert_array_equal(parts.drawings.offsets, whole.drawings.offsets)
    assert list(parts.drawings.sources) == list(whole.drawings.sources)
    assert parts.splits.tolist() == whole.splits.tolist()
    assert other.counts.tolist() == stats.counts.tolist()
    assert other.reasons == stats.reasons
    assert other.before == stats.before
    assert other.after == stats.after
    for one, two in ((other.kept, stats.kept), (other.copies, stats.copies)):
        assert [(e.source, e.after.tolist()) for e in one] == [(e.source, e.after.tolist()) for e in two]
    assert {k: [e.source for e in v] for k, v in other.dropped.items() if v} == {
        k: [e.source for e in v] for k, v in stats.dropped.items() if v
    }


def test_sources_are_unique_and_pages_keep_together(many: RecipeBatch) -> None:
    batch, _, _ = run(EVERYTHING, [many])
    assert len(set(batch.drawings.sources)) == len(batch)
    split_of: dict[str, set[int]] = {}
    for page, split in zip(batch.pages, batch.splits.tolist(), strict=True):
        split_of.setdefault(page, set()).add(split)
    assert all(len(splits) == 1 for splits in split_of.values())
    copies = [s for source, s in zip(batch.drawings.sources, batch.splits, strict=True) if "/copy-" in source]
    assert set(copies) == {0}
    assert len(copies) == 2 * (batch.splits == 0).sum() / 3


def test_the_counts_add_up(many: RecipeBatch) -> None:
    batch, stats, choice = run(EVERYTHING, cut(many, 40, 80))
    dropped = dict.fromkeys(range(-1, len(EVERYTHING.steps)), 0)
    for (step, _), n in stats.reasons.items():
        dropped[step] += n
    drawings = stats.counts[:, 0].tolist()
    assert drawings[0] == len(many)
    assert drawings[1] == drawings[0]
    for place in (3, 4, 5, 6, 7):  # simplify ... split
        assert drawings[place] == drawings[place - 1] - dropped[place - 1]
    assert drawings[-1] == len(batch)
    assert stats.counts[-1].tolist() == [len(batch), batch.counts().strokes.sum(), len(batch.drawings.rows)]
    assert stats.after.strokes.total() == len(batch)
    assert (choice.splits >= 0).sum() == drawings[7]


def test_nothing_changes_without_steps(many: RecipeBatch) -> None:
    odd = batch_of([[(0.1, 0.2), (1e-7, 3.3)], [(1e5, 1.0), (1e5 + 0.01, 1.0)]])
    for batch in (many, odd):
        kept, stats, _ = run(Recipe(), [batch])
        np.testing.assert_array_equal(kept.drawings.rows, batch.drawings.rows)
        assert stats.counts.tolist() == [[len(batch), len(batch.counts().lengths), len(batch.drawings.rows)]]


def test_leaving_out_alone_moves_no_point(many: RecipeBatch) -> None:
    kept, _, _ = run(Recipe("few", "", 0, (SizeStep(max_points=40),)), [many])
    places = {source: i for i, source in enumerate(many.drawings.sources)}
    for i, source in enumerate(kept.drawings.sources):
        np.testing.assert_array_equal(kept.drawings[i], many.drawings[places[source]])
    assert 0 < len(kept) < len(many)


def test_seed_and_pickles(many: RecipeBatch) -> None:
    recipe = pickle.loads(pickle.dumps(EVERYTHING))
    batch, _, _ = run(recipe, [pickle.loads(pickle.dumps(many))])
    assert list(batch.drawings.sources) == list(run(EVERYTHING, [many])[0].drawings.sources)
    other = Recipe("other", "", 4, EVERYTHING.steps)
    assert list(run(other, [many])[0].drawings.sources) != list(batch.drawings.sources)


def test_what_could_not_be_read_is_counted() -> None:
    done = process(Recipe(), doodles(2), [Rejected("a#1", "it is bad"), Rejected("a#2", "it is bad")])
    assert done.stats.reasons == {(-1, "it is bad"): 2}
    assert [one.source for one in done.stats.rejected] == ["a#1", "a#2"]


def test_tallies_can_be_added_in_any_grouping(many: RecipeBatch) -> None:
    parts = [process(EVERYTHING, batch).stats for batch in cut(many, 30, 60, 90)]

    def total(tallies: list[StepStats]) -> StepStats:
        found = StepStats.empty(len(EVERYTHING.steps))
        for stats in tallies:
            found.add(stats)
        return found

    flat, grouped = total(parts), total([total(parts[:2]), total(parts[2:])])
    assert flat.counts.tolist() == grouped.counts.tolist()
    assert [e.source for e in flat.kept] == [e.source for e in grouped.kept]
    assert flat.rejected == grouped.rejected
    assert reduce(lambda a, b: a + b, (part.reasons for part in parts)) == flat.reasons
