"""Whether what was drawn is recognised as what it was meant to be.

Where the protocol's encoder knows the classes, its own head judges; else a logistic regression on its
features, which learns the classes of the corpus from the training drawings. Both see features only, so that a
drawing is looked at once, whatever is asked of it.

Letters: ``n`` drawings, ``D`` features, ``C`` classes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.protocol.encoder import FeatureExtractor, Rows, SketchEncoder

MOST = 5_000
"""Training drawings that the regression learns from."""

Names = Sequence[str | None]


class Judge(Protocol):
    """Tells classes of drawings by their features."""

    @property
    def name(self) -> str:
        """Who judges, in a few words."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The C names."""

    def scores(self, features: Rows) -> NDArray[np.floating]:
        """Give scores of classes, ``(n, C)``."""


class Regression:
    """A logistic regression on features.

    Parameters
    ----------
    features : array of shape ``(n, D)``
    names : sequence of str
        What the n drawings show: two classes at least.
    """

    name = "a logistic regression on the training drawings"

    def __init__(self, features: Rows, names: Names) -> None:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        every = slice(None, None, -(-len(names) // MOST))
        self._line = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
        self._line.fit(features[every], list(map(str, names[every])))
        self.classes = tuple(map(str, self._line.classes_))

    def scores(self, features: Rows) -> NDArray[np.floating]:
        """Give logarithms of probabilities, ``(n, C)``."""
        found: NDArray[np.floating] = self._line.predict_log_proba(features)
        return found


class Head:
    """The encoder's own classes.

    Parameters
    ----------
    extractor : SketchEncoder
    """

    def __init__(self, extractor: SketchEncoder) -> None:
        self._extractor = extractor
        self.classes = extractor.classes
        self.name = f"the encoder's own {len(extractor.classes)} classes"

    def scores(self, features: Rows) -> NDArray[np.floating]:
        """Give logarithms of probabilities, ``(n, C)``."""
        return self._extractor.scores(features)


def judge_of(
    extractor: FeatureExtractor, labels: Collection[str], names: Names, features: Callable[[], Rows]
) -> Judge | None:
    """Find who can tell these classes apart.

    Parameters
    ----------
    extractor : FeatureExtractor
    labels : collection of str
        What the drawings show that shall be judged.
    names : sequence of str or None
        What n drawings to learn from show; those of other classes are left out.
    features : callable
        Gives their features, ``(n, D)``; called only where there is something to learn from them.

    Returns
    -------
    Judge or None
        None where nobody can: there are no labels, or only one that the encoder does not know.
    """
    if isinstance(extractor, SketchEncoder) and labels and set(labels) <= set(extractor.classes):
        return Head(extractor)
    known = [k for k, name in enumerate(names) if name in labels]
    if len({names[k] for k in known}) < 2:
        return None
    return Regression(features()[known], [names[k] for k in known])


def named(judge: Judge, features: Rows) -> NDArray[np.str_]:
    """Give the likeliest class of each drawing, ``(n,)``."""
    found: NDArray[np.str_] = np.array(judge.classes)[judge.scores(features).argmax(1)]
    return found


def recognised(judge: Judge, features: Rows, names: Names) -> float:
    """Give the share of drawings whose likeliest class is what they were meant to show, 0 to 1.

    Raises
    ------
    ValueError
        If there are no drawings, or not as many names.
    """
    if not len(features) or len(features) != len(names):
        raise ValueError(f"{len(features)} drawings with {len(names)} names cannot be recognised")
    return float((named(judge, features) == np.array(names)).mean())
