"""What the number of drawings decides."""

from __future__ import annotations

import pytest

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.corpus.small_corpus import STRONG, defaults_for, what_to_expect
from limner.corpus.split import default_split_sizes, hold_out_drawings
from limner.corpus.strong_augmentation import StrongAugmentation


@pytest.mark.parametrize(
    ("n", "asked", "sizes"),
    [
        (1, None, {"train": 1}),
        (3, None, {"train": 3}),
        (8, None, {"train": 8}),
        (49, None, {"train": 49}),
        (50, None, {"train": 46, "valid": 2, "test": 2}),
        (1000, None, {"train": 900, "valid": 50, "test": 50}),
        (8, 0.1, {"train": 6, "valid": 1, "test": 1}),
        (8, 0.0, {"train": 8}),
        (1000, 0.0, {"train": 1000}),
        (1000, 0.1, {"train": 800, "valid": 100, "test": 100}),
    ],
)
def test_what_is_set_aside(n: int, asked: float | None, sizes: dict[str, int]) -> None:
    assert default_split_sizes(n, asked) == sizes


def test_few_drawings_are_varied_strongly() -> None:
    assert defaults_for(49).augmentation == defaults_for(49, 0.2).augmentation == STRONG
    assert STRONG.active
    assert defaults_for(50).augmentation == StrongAugmentation()
    assert STRONG.mirror == STRONG.reverse == 0  # neither would be by the same hand


@pytest.mark.parametrize("held_out", [True, False])
def test_what_is_said_of_few(held_out: bool) -> None:
    sentence = what_to_expect(1, held_out=held_out)
    assert sentence is not None
    assert sentence.startswith("1 drawing: ")
    assert ("set aside." in sentence) is held_out
    assert len(sentence) < 300


def test_what_is_said_of_more() -> None:
    assert what_to_expect(1000, held_out=True) is None
    assert "--train.hold-out" in str(what_to_expect(1000, held_out=False))


def _corpus(**sizes: int) -> Corpus:
    drawings = [drawing.to_stroke3() for drawing in make_doodles(60, seed=1)]
    return Corpus({name: Split.from_arrays(drawings[:size]) for name, size in sizes.items()})


def test_a_corpus_without_a_valid_split_is_shared_out_where_asked() -> None:
    found = hold_out_drawings(_corpus(train=60), 0.1)
    assert {name: len(split) for name, split in found.splits.items()} == {"train": 48, "valid": 6, "test": 6}
    assert len(found) == 60


def test_a_test_split_stays() -> None:
    found = hold_out_drawings(_corpus(train=60, test=9), 0.1)
    assert {name: len(split) for name, split in found.splits.items()} == {"train": 54, "valid": 6, "test": 9}


@pytest.mark.parametrize("share", [None, 0.0])
def test_nothing_is_shared_out_unasked(share: float | None) -> None:
    corpus = _corpus(train=60)
    assert hold_out_drawings(corpus, share) is corpus


def test_given_splits_stay() -> None:
    corpus = _corpus(train=40, valid=9)
    assert hold_out_drawings(corpus, 0.2) is corpus
