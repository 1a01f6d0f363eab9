"""Which drawings are measured with."""

from __future__ import annotations

from tests.evaluation.experiments.conftest import KINDS, finished, labelled

from limner.corpus.corpus import Corpus
from limner.evaluation.experiments.measures.corpus_samples import (
    sample_training_drawings,
    sample_unseen_drawings,
    unseen_splits,
)

CORPUS = labelled()


def test_what_was_taught_is_not_what_is_unseen() -> None:
    seen, aside = sample_training_drawings(CORPUS, 1000), sample_unseen_drawings(CORPUS, 1000)
    sources = {drawing.source for drawing in seen}
    assert len(sources) == len(seen) == len(CORPUS.splits["train"])
    assert len(aside) == len(CORPUS) - len(seen)
    assert not sources & {drawing.source for drawing in aside}
    assert {drawing.label for drawing in seen} == set(KINDS)


def test_picks_are_distinct_and_the_same_each_time() -> None:
    picks = sample_unseen_drawings(CORPUS, 20)
    assert picks == sample_unseen_drawings(CORPUS, 20) != sample_unseen_drawings(CORPUS, 20, seed=1)
    assert len({drawing.source for drawing in picks}) == 20


def test_splits_are_labelled_by_the_models_classes() -> None:
    card = finished(CORPUS).model.card
    test, valid = unseen_splits(CORPUS, card)
    assert (len(test), len(valid)) == (len(CORPUS.splits["test"]), len(CORPUS.splits["valid"]))
    assert (test.labels == -1).all()
    alone = Corpus({name: CORPUS.splits[name] for name in ("train", "valid")}, KINDS)
    assert len(unseen_splits(alone, card)) == 1
