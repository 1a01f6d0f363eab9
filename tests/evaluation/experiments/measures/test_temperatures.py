"""Samples at several temperatures, beside real drawings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.evaluation.experiments.conftest import Eye, finished, labelled

from limner.corpus.corpus import Corpus
from limner.evaluation.experiments.measure import Finished
from limner.evaluation.experiments.measures.temperatures import REAL, Temperatures
from limner.strokes.drawing import Drawing

MEASURE = Temperatures(temperatures=(0.3, 1.0), drawings=20, extractor=Eye)


def test_real_drawings_are_the_best_that_can_be() -> None:
    found = MEASURE.take(finished(labelled(), conditional=False))
    careful, wild, real = found.readings
    assert [careful.at, wild.at, real.at] == [0.3, 1.0, REAL]
    for reading in (careful, wild):
        assert real.figures["fid"] < reading.figures["fid"]
        assert real.figures["coverage"] > reading.figures["coverage"]
        assert real.figures["Δ points"] < reading.figures["Δ points"]
    assert found.sheet is not None
    assert found.sheet.row_headings == ["0.3", "1"]


def test_recognition_where_what_is_meant_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    training = finished(labelled(), conditional=False)
    first, _, real = MEASURE.take(training).readings
    assert "recognised" not in first.figures  # the network is told no kinds: nobody meant any
    assert real.figures["recognised"] > 0.8

    def all_boats(n: int, **_: object) -> list[Drawing]:
        drawings = [training.corpus.drawing("train", i) for i in range(60)]
        return [drawing for drawing in drawings if drawing.label == "boat"][:1] * n

    monkeypatch.setattr(training.model, "sample", all_boats)
    assert [one.figures["recognised"] for one in MEASURE.take(training).readings[:2]] == [1, 1]


def test_a_corpus_without_classes() -> None:
    corpus = labelled()
    nameless = Corpus(
        {name: replace(split, labels=split.labels * 0 - 1) for name, split in corpus.splits.items()}
    )
    training = Finished(finished(corpus, conditional=False).model, nameless)
    assert "recognised" not in MEASURE.take(training).readings[-1].figures  # one kind tells nothing


def test_the_basis_names_the_protocol() -> None:
    assert MEASURE.basis()["protocol"] == Eye.version
    assert MEASURE.basis() != replace(MEASURE, drawings=21).basis()
