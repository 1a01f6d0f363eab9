"""Classifiers of drawings, by which drawn things are recognised as what they were meant to be.

If the protocol's encoder knows the classes, its own last layer decides; otherwise a logistic regression on
its features, fitted to the labels of training drawings. Both take features, so that each drawing passes
through the extractor once, however many metrics ask for it.

Letters: ``n`` drawings, ``D`` features, ``C`` classes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.feature_extractor import FeatureExtractor, FeatureMatrix
from limner.evaluation.protocol.encoder import SketchEncoder

MOST_FITTED = 5_000
"""Training drawings that the regression is fitted to, at most."""

Labels = Sequence[str | None]


class Judge(Protocol):
    """Predicts classes of drawings from their features."""

    @property
    def name(self) -> str:
        """A description for reports."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The C classes."""

    def scores(self, features: FeatureMatrix) -> NDArray[np.floating]:
        """Return the scores of classes, ``(n, C)``."""


class RegressionJudge:
    """A logistic regression on standardized features.

    Parameters
    ----------
    features : array of shape ``(n, D)``
    labels : sequence of str
        Classes of the n drawings: at least two different ones.
    """

    name = "a logistic regression on the training drawings"

    def __init__(self, features: FeatureMatrix, labels: Labels) -> None:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        self._pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
        self._pipeline.fit(features, list(map(str, labels)))
        self.classes = tuple(map(str, self._pipeline.classes_))

    def scores(self, features: FeatureMatrix) -> NDArray[np.floating]:
        """Return the log probabilities of classes, ``(n, C)``."""
        scores: NDArray[np.floating] = self._pipeline.predict_log_proba(features)
        return scores


class EncoderJudge:
    """The last layer of the protocol's encoder.

    Parameters
    ----------
    encoder : SketchEncoder
    """

    def __init__(self, encoder: SketchEncoder) -> None:
        self._encoder = encoder
        self.classes = encoder.classes
        self.name = f"the encoder's own {len(encoder.classes)} classes"

    def scores(self, features: FeatureMatrix) -> NDArray[np.floating]:
        """Return the log probabilities of classes, ``(n, C)``."""
        return self._encoder.scores(features)


def find_judge(
    extractor: FeatureExtractor,
    classes: Collection[str],
    labels: Labels,
    features: Callable[[NDArray[np.intp]], FeatureMatrix],
) -> Judge | None:
    """Return a classifier that can tell classes apart.

    Parameters
    ----------
    extractor : FeatureExtractor
    classes : collection of str
        Those of the drawings that are to be judged.
    labels : sequence of str or None
        Classes of n drawings to learn from; drawings of other classes are left out.
    features : callable
        Returns the features of the drawings to learn from at an array of indices; called only if a regression
        has to be fitted, with the drawings that it is fitted to.

    Returns
    -------
    Judge or None
        None if there are no classes, or only one, which the encoder does not know.
    """
    if isinstance(extractor, SketchEncoder) and classes and set(classes) <= set(extractor.classes):
        return EncoderJudge(extractor)
    known = [k for k, label in enumerate(labels) if label in classes]
    if len({labels[k] for k in known}) < 2:
        return None
    known = known[:: -(-len(known) // MOST_FITTED)]
    return RegressionJudge(features(np.array(known)), [labels[k] for k in known])


def predict_classes(judge: Judge, features: FeatureMatrix) -> NDArray[np.str_]:
    """Return the likeliest class of each drawing, ``(n,)``."""
    predicted: NDArray[np.str_] = np.array(judge.classes)[judge.scores(features).argmax(1)]
    return predicted


def recognition_accuracy(judge: Judge, features: FeatureMatrix, labels: Labels) -> float:
    """Return the share of drawings whose likeliest class is their label, from 0 to 1.

    Raises
    ------
    ValueError
        If there are no drawings, or not one label for each.
    """
    if not len(features) or len(features) != len(labels):
        raise ValueError(f"{len(features)} drawings with {len(labels)} labels cannot be recognised")
    return float((predict_classes(judge, features) == np.array(labels)).mean())
