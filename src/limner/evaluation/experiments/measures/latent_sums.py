"""Arithmetic with latents: whether a - b + c shows the class of a if b and c are of one class.

Letters: ``n`` sums, ``Z`` latent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.evaluation.experiments.measurement import (
    FinishedTraining,
    Measurement,
    MeasureResult,
    MeasureSheet,
)
from limner.evaluation.experiments.measures.corpus_samples import (
    sample_training_drawings,
    sample_unseen_drawings,
)
from limner.evaluation.feature_extractor import FeatureExtractor
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.evaluation.protocol.judge import RegressionJudge, predict_classes
from limner.evaluation.quality.interval import bootstrap
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

FITTED = 2000
"""Training drawings that the judge is fitted to and class means are taken of, at most."""
UNSEEN = 2000
"""Unseen drawings that terms are chosen from, at most."""
SHOWN = 8
"""LatentSums on the sheet."""
TEMPERATURE = 0.1  # nearly greedy, so that drawings show z rather than noise of the decoder

REAL, SUM, MEANS = "real drawings", "a - b + c", "mean of A - mean of B + c"
A_ALONE, C_ALONE, RANDOM = "a alone", "c alone", "c + a random pair"


@dataclass(frozen=True)
class LatentSums:
    """Sums of latents of a model of several classes, decoded and classified by a judge.

    Class A is that of a; b and c are of another class, B. ``meant`` is the share of drawings classified as A,
    ``as c`` of those classified as B. A random pair is the difference of two drawings of any classes.
    """

    sums: int = 400
    extractor: Callable[[], FeatureExtractor] = shipped_encoder
    name: str = "sums"
    title: str = "What sums of latents show, by a logistic regression on the frozen encoder's features"

    def basis(self) -> dict[str, Any]:
        """Return the number of sums, the temperature and the protocol."""
        return {"sums": self.sums, "temperature": TEMPERATURE, "protocol": self.extractor().identifier}

    def take(self, finished: FinishedTraining) -> MeasureResult:
        """Measure a training.

        Raises
        ------
        LimnerError
            If the model is a decoder alone.
        """
        training = sample_training_drawings(finished.corpus, FITTED)
        drawings = sample_unseen_drawings(finished.corpus, UNSEEN)
        classifier = _Classifier.fit(self.extractor(), training)
        terms = _SumTerms.of(finished.model, training, drawings, self.sums)
        decoded = {kind: _decode(finished.model, z) for kind, z in terms.latents().items()}
        meant, as_c = (np.array(labels) for labels in (terms.labels("a"), terms.labels("c")))
        measurements = [_accuracy_on_originals(classifier, drawings)]
        for kind, sums in decoded.items():
            predicted = classifier.predict(sums)
            measurements.append(Measurement(kind, _shares(predicted == meant, predicted == as_c)))
        return MeasureResult(tuple(measurements), _sheet(terms, decoded))


@dataclass(frozen=True)
class _Classifier:
    """Classifies drawings by a regression on features."""

    extractor: FeatureExtractor
    judge: RegressionJudge

    @classmethod
    def fit(cls, extractor: FeatureExtractor, training: Sequence[Drawing]) -> _Classifier:
        labels = [drawing.label for drawing in training]
        return cls(extractor, RegressionJudge(extractor.features(training), labels))

    def predict(self, drawings: Sequence[Drawing]) -> NDArray[np.str_]:
        return predict_classes(self.judge, self.extractor.features(drawings))  # (n,)


@dataclass(frozen=True)
class _SumTerms:
    """The terms of the sums."""

    drawings: Sequence[Drawing]
    z: Tensor  # (drawings, Z)
    indices: dict[str, NDArray[np.int64]]  # each of shape (n,): a, b, c, and the random pair p, q
    means: dict[str | None, Tensor]  # of each class, (Z,)

    @classmethod
    def of(cls, model: Model, training: Sequence[Drawing], drawings: Sequence[Drawing], n: int) -> _SumTerms:
        z = model.encode(training, unit=1.0)
        labels = np.array([drawing.label for drawing in training])
        means = {name: z[torch.from_numpy(labels == name)].mean(0) for name in np.unique(labels)}
        return cls(drawings, model.encode(drawings, unit=1.0), choose_terms(drawings, n, seed=0), means)

    def labels(self, term: str) -> list[str]:
        """Return the labels of one term of all sums."""
        return [self.drawings[k].label or "" for k in self.indices[term]]

    def latents(self) -> dict[str, Tensor]:
        """Return the latents to decode, each of shape ``(n, Z)``."""
        a, b, c, p, q = (self.z[torch.from_numpy(self.indices[term])] for term in "abcpq")
        mean_a, mean_b = (
            torch.stack([self.means[label] for label in self.labels(term)]) for term in ("a", "b")
        )
        return {
            A_ALONE: a,
            SUM: a - b + c,
            MEANS: mean_a - mean_b + c,
            C_ALONE: c,
            RANDOM: p - q + c,
        }


def choose_terms(drawings: Sequence[Drawing], n: int, seed: int) -> dict[str, NDArray[np.int64]]:
    """Choose indices of a, of b and c, and of a random pair p and q, for ``n`` sums at random.

    Returns
    -------
    dict of str to int64 array of shape ``(n,)``
        b and c differ and are of one class, a is of another one.
    """
    rng = np.random.default_rng(seed)
    labels = np.array([drawing.label for drawing in drawings])
    members = {name: np.flatnonzero(labels == name) for name in np.unique(labels)}
    pairs = [name for name, indices in members.items() if len(indices) > 1]
    chosen: dict[str, list[int]] = {term: [] for term in "abcpq"}
    for _ in range(n):
        shared = pairs[rng.integers(len(pairs))]
        others = [name for name in members if name != shared]
        b, c = rng.choice(members[shared], 2, replace=False)
        a = rng.choice(members[others[rng.integers(len(others))]])
        p, q = rng.choice(len(drawings), 2, replace=False)
        for term, index in zip("abcpq", (a, b, c, p, q), strict=True):
            chosen[term].append(int(index))
    return {term: np.array(indices, np.int64) for term, indices in chosen.items()}


def _decode(model: Model, z: Tensor) -> list[Drawing]:
    return model.decode(z, temperature=TEMPERATURE, seed=0)


def _shares(meant: NDArray[np.bool_], as_c: NDArray[np.bool_]) -> dict[str, float]:
    share = bootstrap(meant.astype(np.float64))
    return {"meant": share.value, "low": share.low, "high": share.high, "as c": float(as_c.mean())}


def _accuracy_on_originals(classifier: _Classifier, drawings: Sequence[Drawing]) -> Measurement:
    """Return the judge's accuracy on original drawings."""
    share = bootstrap((classifier.predict(drawings) == [d.label for d in drawings]).astype(np.float64))
    return Measurement(REAL, {"meant": share.value, "low": share.low, "high": share.high})


def _sheet(terms: _SumTerms, decoded: dict[str, list[Drawing]]) -> MeasureSheet:
    shown = min(SHOWN, len(terms.indices["a"]))
    originals = {term: [terms.drawings[k] for k in terms.indices[term]] for term in "abc"}
    rows = originals | {"a redrawn": decoded[A_ALONE], SUM: decoded[SUM], "means": decoded[MEANS]}
    pictures = [drawing for row in rows.values() for drawing in row[:shown]]
    return MeasureSheet(pictures, shown, list(rows))
