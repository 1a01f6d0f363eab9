"""Telling kinds of pages apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.curation.classifier import (
    PageClassifier,
    read_classifier,
    train_classifier,
    write_classifier,
)
from limner.curation.safetensors_io import write_archive
from limner.errors import DataError

Matrix = NDArray[np.float32]
FACTS = {"name": "page", "version": 1, "settings": {}}


def _blobs(each: int, kinds: int, seed: int = 0) -> tuple[Matrix, list[str]]:
    rng = np.random.default_rng(seed)
    middles = np.eye(kinds, 6) * 8
    rows = np.repeat(middles, each, axis=0) + rng.normal(size=(each * kinds, 6))
    rows[:, 5] = 3  # says nothing, and never changes
    return rows.astype(np.float32), [f"kind {k}" for k in range(kinds) for _ in range(each)]


@pytest.mark.parametrize("kinds", [2, 3, 5])
def test_kinds_are_told_apart(kinds: int) -> None:
    rows, labels = _blobs(12, kinds)
    classifier, lesson = train_classifier(rows, labels, FACTS)
    assert lesson.accuracy > 0.95
    assert lesson.counts == {f"kind {k}": 12 for k in range(kinds)}
    assert sum(sum(row.values()) for row in lesson.confused.values()) == 12 * kinds
    new, wanted = _blobs(10, kinds, seed=1)
    shares = classifier.probabilities(new)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
    told = [classifier.classes[k] for k in shares.argmax(axis=1)]
    assert np.mean([a == b for a, b in zip(told, wanted, strict=True)]) > 0.95


@pytest.mark.parametrize("kinds", [2, 4])
def test_probabilities_are_those_of_scikit_learn(kinds: int) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    from limner.curation.classifier import STRENGTH

    rows, labels = _blobs(8, kinds)
    scaler = StandardScaler().fit(rows)
    regression = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    regression.fit(scaler.transform(rows), labels)
    classifier, _ = train_classifier(rows, labels, FACTS)
    new, _ = _blobs(5, kinds, seed=2)
    wanted = regression.predict_proba(scaler.transform(new))
    np.testing.assert_allclose(classifier.probabilities(new), wanted, atol=1e-4)


def test_what_has_no_order_is_not_learned() -> None:
    rng = np.random.default_rng(0)
    labels = ["a", "b"] * 30
    _, lesson = train_classifier(rng.normal(size=(60, 5)).astype(np.float32), labels, FACTS)
    assert lesson.accuracy < 0.8


def test_there_and_back(tmp_path: Path) -> None:
    rows, labels = _blobs(5, 3)
    made, _ = train_classifier(rows, labels, FACTS)
    write_classifier(made, tmp_path / "c.safetensors")
    found = read_classifier(tmp_path / "c.safetensors")
    assert (found.classes, found.facts) == (made.classes, FACTS)
    assert np.array_equal(found.probabilities(rows), made.probabilities(rows))


def test_what_is_refused(tmp_path: Path) -> None:
    rows, labels = _blobs(4, 2)
    with pytest.raises(DataError, match="two classes"):
        train_classifier(rows, ["a"] * 8, FACTS)
    with pytest.raises(DataError, match="only one page of b"):
        train_classifier(rows, ["a"] * 7 + ["b"], FACTS)
    made, _ = train_classifier(rows, labels, FACTS)
    with pytest.raises(DataError, match="trained on 6 numbers"):
        made.probabilities(rows[:, :4])
    path = tmp_path / "c.safetensors"
    for bad in (replace(made, bias=made.bias[:1]), replace(made, classes=("a",)), replace(made, facts={})):
        write_classifier(bad, path)
        with pytest.raises(DataError, match="damaged"):
            read_classifier(path)
    write_archive(path, "page classifier", {}, {"classes": [], "features": FACTS})
    with pytest.raises(DataError, match="damaged"):
        read_classifier(path)
    assert isinstance(made, PageClassifier)
