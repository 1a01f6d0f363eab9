"""Samples at several temperatures, beside real drawings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.evaluation.experiments.conftest import InkGrid, finished, labelled

from limner.corpus.corpus import Corpus
from limner.evaluation.experiments.measurement import FinishedTraining
from limner.evaluation.experiments.measures.temperature_sweep import REAL, TemperatureSweep
from limner.strokes.drawing import Drawing

MEASURE = TemperatureSweep(temperatures=(0.3, 1.0), drawings=20, extractor=InkGrid)


@pytest.mark.slow
def test_real_drawings_are_the_best_that_can_be() -> None:
    found = MEASURE.take(finished(labelled(), conditional=False))
    careful, wild, real = found.measurements
    assert [careful.at, wild.at, real.at] == [0.3, 1.0, REAL]
    for measurement in (careful, wild):
        assert real.figures["fid"] < measurement.figures["fid"]
        assert real.figures["coverage"] > measurement.figures["coverage"]
        assert real.figures["Δ points"] < measurement.figures["Δ points"]
    assert found.sheet is not None
    assert found.sheet.row_headings == ["0.3", "1"]


def test_recognition_where_what_is_meant_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    training = finished(labelled(), conditional=False)
    first, _, real = MEASURE.take(training).measurements
    assert "recognised" not in first.figures  # the network is told no kinds: nobody meant any
    assert real.figures["recognised"] > 0.8

    def all_boats(n: int, **_: object) -> list[Drawing]:
        drawings = [training.corpus.drawing("train", i) for i in range(60)]
        return [drawing for drawing in drawings if drawing.label == "boat"][:1] * n

    monkeypatch.setattr(training.model, "sample", all_boats)
    assert [one.figures["recognised"] for one in MEASURE.take(training).measurements[:2]] == [1, 1]


def test_a_corpus_without_classes() -> None:
    corpus = labelled()
    nameless = Corpus(
        {name: replace(split, labels=split.labels * 0 - 1) for name, split in corpus.splits.items()}
    )
    training = FinishedTraining(finished(corpus, conditional=False).model, nameless)
    assert "recognised" not in MEASURE.take(training).measurements[-1].figures  # one kind tells nothing


def test_the_basis_names_the_protocol() -> None:
    assert MEASURE.basis()["protocol"] == InkGrid.identifier
    assert MEASURE.basis() != replace(MEASURE, drawings=21).basis()
