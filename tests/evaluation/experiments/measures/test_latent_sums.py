"""What is added up, and how what comes out is named."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluation.experiments.conftest import KINDS, InkGrid, finished, labelled

from limner.evaluation.experiments.measures.corpus_samples import sample_unseen_drawings
from limner.evaluation.experiments.measures.latent_sums import (
    A_ALONE,
    C_ALONE,
    MEANS,
    RANDOM,
    REAL,
    SUM,
    LatentSums,
    choose_terms,
)
from limner.strokes.drawing import Drawing


@given(st.lists(st.sampled_from("xyz"), min_size=2, max_size=12), st.integers(0, 99))
def test_b_and_c_are_of_one_class_and_a_of_another(labels: list[str], seed: int) -> None:
    labels = [*labels, "x", "x", "y"]
    drawings = [Drawing((), label=label) for label in labels]
    places = choose_terms(drawings, 5, seed)
    for a, b, c, p, q in zip(*(places[which] for which in "abcpq"), strict=True):
        assert labels[b] == labels[c] != labels[a]
        assert b != c
        assert p != q


@pytest.mark.slow
def test_all_kinds_of_sums_are_read() -> None:
    found = LatentSums(sums=9, extractor=InkGrid).take(finished(labelled()))
    measurements = {measurement.at: measurement.figures for measurement in found.measurements}
    assert list(measurements) == [REAL, A_ALONE, SUM, MEANS, C_ALONE, RANDOM]
    assert measurements[REAL]["meant"] > 0.8
    assert all(figures["low"] <= figures["meant"] <= figures["high"] for figures in measurements.values())
    assert all(f["meant"] + f["as c"] <= 1 for at, f in measurements.items() if at != REAL)
    assert found.sheet is not None
    assert len(found.sheet.drawings) == found.sheet.columns * len(found.sheet.row_headings)


@pytest.mark.slow
def test_sums_of_latents_that_are_classes() -> None:
    """Where z is the class, one-hot, and drawn as a drawing of it, arithmetic is perfect."""
    training = finished(labelled())
    models = {
        name: next(d for d in sample_unseen_drawings(training.corpus, 60) if d.label == name)
        for name in KINDS
    }

    def encode(drawings: list[Drawing], **_: object) -> torch.Tensor:
        return torch.eye(3)[[KINDS.index(drawing.label or "") for drawing in drawings]]

    def decode(z: torch.Tensor, **_: object) -> list[Drawing]:
        return [models[KINDS[k]] for k in z.argmax(1).tolist()]

    training.model.encode, training.model.decode = encode, decode  # type: ignore[method-assign, assignment]
    measurements = {
        one.at: one.figures for one in LatentSums(sums=30, extractor=InkGrid).take(training).measurements
    }
    assert {at: measurements[at]["meant"] for at in (A_ALONE, SUM, MEANS, C_ALONE)} == {
        A_ALONE: 1, SUM: 1, MEANS: 1, C_ALONE: 0
    }  # fmt: skip
    assert measurements[C_ALONE]["as c"] == 1
    assert measurements[RANDOM]["meant"] < 0.5
