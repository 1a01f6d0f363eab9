"""A few doodles of the corpus."""

from __future__ import annotations

import pytest

from limner.corpus.doodles.corpus import SIZE, SPLITS
from limner.corpus.doodles.make import make_doodles
from limner.corpus.doodles.selection import select_doodles


@pytest.mark.slow
@pytest.mark.parametrize("split", [None, "train"])
def test_they_are_those_of_the_whole_corpus(split: str | None) -> None:
    members = SPLITS[split or "test"]
    few = select_doodles(split, 3, seed=5)
    whole = make_doodles(SIZE)
    for drawing in few:
        index = int(str(drawing.source).removeprefix("doodles#"))
        assert index in members
        assert drawing.label == whole[index].label
        assert drawing.to_stroke3().tolist() == whole[index].to_stroke3().tolist()
    assert select_doodles(split, 2, seed=5) == few[:2]
    assert select_doodles(split, 3, seed=6) != few


def test_only_what_is_asked_for_is_made() -> None:
    assert make_doodles(50, seed=3, only=[7, 4, 7]) == [make_doodles(50, seed=3)[k] for k in (7, 4, 7)]
