"""``PageClassifier``: drawings, watercolours, notes, covers and bad scans.

Letters: ``n`` pages, ``D`` numbers of each, ``c`` classes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.curation.safetensors_io import read_archive, write_archive
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

STRENGTH = 0.02
"""How freely the weights may grow: C of scikit-learn's logistic regression, on standardised numbers."""

FOLDS = 5
FEWEST = 2
"""Pages of a class."""


@dataclass(frozen=True, eq=False)
class PageClassifier:
    """A logistic regression on features of pages.

    Parameters
    ----------
    classes : tuple of c str
    weights : float32 array of shape ``(D, c)``
    bias : float32 array of shape ``(c,)``
    mean, scale : float32 arrays of shape ``(D,)``
        By which features are standardised.
    facts : dict
        What the features are.
    """

    classes: tuple[str, ...]
    weights: Matrix  # (D, c)
    bias: Matrix  # (c,)
    mean: Matrix  # (D,)
    scale: Matrix  # (D,)
    facts: dict[str, Any]

    def probabilities(self, rows: Matrix) -> Matrix:
        """Return class probabilities ``(n, c)`` of rows ``(n, D)``.

        Raises
        ------
        DataError
            If the rows are of another width.
        """
        if rows.shape[1] != len(self.mean):
            raise DataError(
                f"The classifier was trained on {len(self.mean)} numbers a page, and these pages have "
                f"{rows.shape[1]}; use the features that it was trained on."
            )
        votes = (rows - self.mean) / self.scale @ self.weights + self.bias
        shares = np.exp(votes - votes.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True)
class ClassifierTraining:
    """Result of training a classifier."""

    counts: dict[str, int]
    """Pages of each class."""
    accuracy: float
    """Share of pages that were told rightly by a classifier that had not seen them (cross-validation)."""
    confused: dict[str, dict[str, int]]
    """For each class, what its pages were taken for."""


def train_classifier(
    rows: Matrix, labels: Sequence[str], facts: dict[str, Any], *, seed: int = 0
) -> tuple[PageClassifier, ClassifierTraining]:
    """Train a classifier of pages.

    Parameters
    ----------
    rows : float32 array of shape ``(n, D)``
    labels : sequence of n str
    facts : dict
        What the features are.
    seed : int
        Shares the pages out for cross-validation.

    Raises
    ------
    DataError
        If there are fewer than two classes, or fewer than two pages of one.
    """
    counts = dict(sorted(Counter(labels).items()))
    if len(counts) < 2:
        raise DataError("Pages of two classes at least are needed, each class in a folder of its own.")
    if few := [name for name, count in counts.items() if count < FEWEST]:
        raise DataError(f"There is only one page of {few[0]}; each class needs {FEWEST} at least.")
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    pipeline = make_pipeline(
        StandardScaler(), LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    )
    known = np.array(labels)
    folds = StratifiedKFold(min(FOLDS, *counts.values()), shuffle=True, random_state=seed)
    told = cross_val_predict(pipeline, rows, known, cv=folds)
    pipeline.fit(rows, known)
    scaler, regression = pipeline[0], pipeline[1]
    weights, bias = regression.coef_.T, regression.intercept_
    if len(counts) == 2:  # scikit-learn keeps the second class alone
        weights, bias = np.hstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    arrays = [np.asarray(a, np.float32) for a in (weights, bias, scaler.mean_, scaler.scale_)]
    classifier = PageClassifier(tuple(counts), arrays[0], arrays[1], arrays[2], arrays[3], facts)
    confused = {a: dict(sorted(Counter(told[known == a].tolist()).items())) for a in counts}
    return classifier, ClassifierTraining(counts, float((told == known).mean()), confused)


def write_classifier(classifier: PageClassifier, path: Path) -> None:
    """Write ``.safetensors``, whole or not at all."""
    arrays = {name: getattr(classifier, name) for name in ("weights", "bias", "mean", "scale")}
    facts = {"classes": list(classifier.classes), "features": classifier.facts}
    write_archive(path, "page classifier", arrays, facts)


def read_classifier(path: Path) -> PageClassifier:
    """Read a file of :func:`write_classifier`.

    Raises
    ------
    DataError
        If the file is damaged or something else.
    """
    arrays, header = read_archive(path, "page classifier")
    try:
        classes = tuple(str(name) for name in header["classes"])
        facts = dict(header["features"])
        weights, bias, mean, scale = (arrays[k] for k in ("weights", "bias", "mean", "scale"))
        found = PageClassifier(classes, weights, bias, mean, scale, facts)
        size = (len(found.mean), len(classes))
        shapes = [found.weights.shape, found.bias.shape, found.mean.shape, found.scale.shape]
        if shapes != [size, size[1:], size[:1], size[:1]] or not facts.get("name"):
            raise ValueError("shapes")
    except (KeyError, ValueError, TypeError) as error:
        raise DataError(f"{path} is damaged: its arrays do not fit each other.") from error
    return found
