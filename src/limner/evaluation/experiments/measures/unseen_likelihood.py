"""Likelihood of unseen drawings, and the information in z."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from limner.evaluation.experiments.measurement import FinishedTraining, Measurement, MeasureResult
from limner.evaluation.experiments.measures.corpus_samples import unseen_splits
from limner.evaluation.likelihood import likelihood
from limner.training.losses import Convention

CONDITION = "unseen"


@dataclass(frozen=True)
class UnseenLikelihood:
    """L_R, L_KL and NLL per point of the test split, or of the valid one if there is no other."""

    convention: Convention = "magenta-eval"
    name: str = "likelihood"
    title: str = "How likely drawings of the test split are, with z = mu"

    def basis(self) -> dict[str, Any]:
        """Return the convention."""
        return {"convention": self.convention}

    def take(self, finished: FinishedTraining) -> MeasureResult:
        """Measure a training."""
        split = unseen_splits(finished.corpus, finished.model.card)[0]
        result = likelihood(finished.model, split, convention=self.convention)
        figures = {"L_R": result.recon, "L_KL": result.kl, "NLL/point": result.nll_per_point}
        return MeasureResult((Measurement(CONDITION, figures),))
