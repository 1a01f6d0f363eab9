"""Whether what was drawn is recognised as what it was meant to be.

Where the protocol's encoder knows the classes, its own head judges; else a logistic regression on its
features, which learns the classes of the corpus from the training drawings.

Letters: ``n`` drawings, ``D`` features, ``C`` classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from limner.evaluation.protocol.encoder import Looker, SketchEncoder
from limner.strokes.drawing import Drawing

MOST = 5_000
"""Training drawings that the regression learns from."""


class Judge(Protocol):
    """Tells classes of drawings."""

    @property
    def name(self) -> str:
        """Who judges, in a few words."""

    def scores(self, drawings: Sequence[Drawing]) -> NDArray[np.floating]:
        """Give scores of classes, ``(n, C)``."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The C names."""


class Regression:
    """A logistic regression on features.

    Parameters
    ----------
    looker : Looker
    drawings : sequence of Drawing
        With labels, of two classes at least.
    """

    name = "a logistic regression on the training drawings"

    def __init__(self, looker: Looker, drawings: Sequence[Drawing]) -> None:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        self._looker = looker
        some = drawings[:: -(-len(drawings) // MOST)]
        self._line = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
        self._line.fit(looker.features(some), [str(drawing.label) for drawing in some])
        self.classes = tuple(map(str, self._line.classes_))

    def scores(self, drawings: Sequence[Drawing]) -> NDArray[np.floating]:
        """Give logarithms of probabilities, ``(n, C)``."""
        found: NDArray[np.floating] = self._line.predict_log_proba(self._looker.features(drawings))
        return found


class Head:
    """The encoder's own classes.

    Parameters
    ----------
    looker : SketchEncoder
    """

    def __init__(self, looker: SketchEncoder) -> None:
        self._looker = looker
        self.classes = looker.classes
        self.name = f"the encoder's own {len(looker.classes)} classes"

    def scores(self, drawings: Sequence[Drawing]) -> NDArray[np.floating]:
        """Give logarithms of probabilities, ``(n, C)``."""
        return self._looker.scores(drawings)


def judge_of(looker: Looker, labels: set[str], training: Sequence[Drawing]) -> Judge | None:
    """Find who can tell these classes apart.

    Parameters
    ----------
    looker : Looker
    labels : set of str
        What the drawings show.
    training : sequence of Drawing
        To learn from, where the encoder does not know the classes.

    Returns
    -------
    Judge or None
        None where nobody can: there are no labels, or only one that the encoder does not know.
    """
    if isinstance(looker, SketchEncoder) and labels and labels <= set(looker.classes):
        return Head(looker)
    known = [drawing for drawing in training if drawing.label in labels]
    return Regression(looker, known) if len({drawing.label for drawing in known}) > 1 else None


def recognised(judge: Judge, drawings: Sequence[Drawing]) -> float:
    """Give the share of drawings whose label is the likeliest class, 0 to 1.

    Raises
    ------
    ValueError
        If there are no drawings.
    """
    if not drawings:
        raise ValueError("there are no drawings to recognise")
    found = judge.scores(drawings).argmax(1)
    return float(np.mean([judge.classes[k] == d.label for k, d in zip(found, drawings, strict=True)]))
