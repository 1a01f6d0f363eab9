from __future__ import annotations

import numpy as np
import pytest

from limner.recipes.columns import Columns
from limner.recipes.steps.split import SplitStep


def columns(pages: list[int], given: list[int] | None = None) -> Columns:
    n = len(pages)
    split = np.array(given if given else [-1] * n, np.int8)
    ones, no_label = np.ones(n, np.uint32), np.full(n, -1, np.int32)
    return Columns(split, np.array(pages, np.uint64), ones, ones, no_label)


def splits(step: SplitStep, of: Columns, seed: int = 0) -> np.ndarray:
    found = step.choose(of, np.ones(len(of), np.bool_), seed, 3).splits
    assert found is not None
    return found


def test_pages_stay_together_and_shares_are_of_pages() -> None:
    pages = [page for page in range(100) for _ in range(1 + page % 4)]
    found = splits(SplitStep(valid=0.2, test=0.1), columns(pages))
    by_page = {page: {int(s) for s, p in zip(found, pages, strict=True) if p == page} for page in range(100)}
    assert all(len(of_page) == 1 for of_page in by_page.values())
    sizes = np.bincount([of_page.pop() for of_page in by_page.values()])
    assert sizes.tolist() == [70, 20, 10]


def test_a_drawing_s_split_hangs_on_its_page_not_on_its_place() -> None:
    pages = list(range(50))
    order = np.random.default_rng(0).permutation(50)
    found, shuffled = splits(SplitStep(), columns(pages)), splits(SplitStep(), columns(order.tolist()))
    assert (shuffled == found[order]).all()
    assert (
        splits(SplitStep(valid=0.4), columns(pages), seed=1) != splits(SplitStep(valid=0.4), columns(pages))
    ).any()


def test_given_splits_are_kept_and_draw_their_pages_along() -> None:
    given = [2, -1, -1, 1, -1, -1, -1]
    pages = [7, 7, 8, 8, 1, 2, 3]
    found = splits(SplitStep(), columns(pages, given))
    assert found[:4].tolist() == [2, 2, 1, 1]
    assert sorted(found[4:].tolist()) == [0, 1, 2]
    assert sorted(splits(SplitStep(keep_given=False), columns(list(range(7)), given)).tolist()).count(0) == 5


@pytest.mark.parametrize(("n", "expected"), [(1, [0]), (2, [0, 1]), (3, [0, 1, 2])])
def test_few_pages(n: int, expected: list[int]) -> None:
    assert sorted(splits(SplitStep(), columns(list(range(n)))).tolist()) == expected


def test_no_test_split() -> None:
    assert set(splits(SplitStep(valid=0.5, test=0), columns(list(range(40)))).tolist()) == {0, 1}


def test_at_most() -> None:
    found = splits(SplitStep(valid=0.5, at_most=3), columns(list(range(40))))
    assert np.bincount(found).tolist() == [35, 3, 2]
    assert np.bincount(splits(SplitStep(valid=0.5, at_most=0), columns(list(range(40))))).tolist() == [
        18,
        20,
        2,
    ]


def test_something_must_be_left_for_train() -> None:
    with pytest.raises(ValueError, match="leave nothing for train"):
        SplitStep(valid=0.5, test=0.5)


@pytest.mark.parametrize(("n", "found"), [(49, [49]), (50, [40, 5, 5])])
def test_of_few_drawings_none_is_set_aside(n: int, found: list[int]) -> None:
    step = SplitStep(valid=0.1, test=0.1, at_least=50)
    assert np.bincount(splits(step, columns(list(range(n))))).tolist() == found
