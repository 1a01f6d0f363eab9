"""Drawings and features of an evaluation, and when they are computed."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evaluation.protocol.stand_in import Counting
from tests.evaluation.toys import toy_corpus

from limner.corpus.corpus import Corpus, Split
from limner.evaluation import context as context_module
from limner.evaluation.context import EvaluationContext, EvaluationSettings
from limner.sampling.model import Model, load_model


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("doodles")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return toy_corpus()


def _context(model: Model, corpus: Corpus, split: str = "test", **settings: object) -> EvaluationContext:
    return EvaluationContext(model, corpus, split, Counting(), EvaluationSettings(**settings))  # type: ignore[arg-type]


@pytest.mark.slow
def test_sets_of_samples(model: Model, corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context_module, "BATCH", 4)
    one, other = _context(model, corpus, samples=6, seeds=2).samples
    assert (len(one), len(other)) == (6, 6)
    drawn = [drawing.strokes[0].tobytes() for drawing in one + other]
    assert len(set(drawn)) == 12  # neither batches nor seeds repeat each other
    again = _context(model, corpus, samples=6, seed=1).samples[0]
    assert again == other


def test_drawings_of_the_split_and_of_the_training(model: Model, corpus: Corpus) -> None:
    context = _context(model, corpus)
    assert len(context.real) == len(corpus.splits["test"])
    assert len(context.training) == len(corpus.splits["train"])
    assert _context(model, corpus, "train").training == []
    assert context.labels == {str(drawing.label) for drawing in context.real}


def test_large_splits_are_looked_at_in_part(
    model: Model, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context_module, "MOST_REAL", 7)
    context = _context(model, corpus)
    assert 1 < len(context.real) <= 7
    assert context.real[-1] != corpus.drawing("test", len(context.real) - 1)  # spread, not the first


def test_labels_that_are_not_known(model: Model) -> None:
    rows = [np.array([[5, 0, 0], [0, 5, 1]], np.float32)] * 3
    split = Split.from_arrays(rows)
    bare = Corpus({"train": split, "test": split})
    assert _context(model, bare).labels == set()
    told = _context(model, bare, label="corner", samples=2)
    assert told.labels == {"corner"}
    assert {drawing.label for drawing in told.samples[0]} == {"corner"}


def test_reconstructions(model: Model, corpus: Corpus) -> None:
    context = _context(model, corpus, reconstructions=5)
    assert 1 < len(context.originals) <= 5
    assert [d.label for d in context.reconstructions] == [d.label for d in context.originals]


def test_features_are_taken_once(model: Model, corpus: Corpus) -> None:
    said: list[tuple[str, int, int]] = []
    extractor = Counting()
    context = EvaluationContext(
        model, corpus, "test", extractor, EvaluationSettings(samples=3), lambda *news: said.append(news)
    )
    assert context.real_features.shape == (len(context.real), 4)
    first = extractor.seen
    assert (context.real_features == context.real_features).all()
    assert extractor.seen == first == len(context.real)
    assert context.sample_features[0].shape == (3, 4)
    assert said[-1] == ("Looking at drawings", 3, 3)
    assert ("Drawing samples", 3, 3) in said
