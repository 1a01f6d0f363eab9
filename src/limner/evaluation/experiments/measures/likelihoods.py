"""How likely unseen drawings are, and what z knows of them, with the best weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from limner.evaluation.experiments.measure import Finding, Finished, Reading
from limner.evaluation.experiments.measures.material import unseen_splits
from limner.evaluation.likelihood import likelihood
from limner.training.losses import Convention

PLACE = "unseen"


@dataclass(frozen=True)
class Likelihoods:
    """L_R, L_KL and NLL per point of the test split, or of the valid one if there is no other."""

    convention: Convention = "magenta-eval"
    name: str = "likelihood"
    title: str = "How likely drawings of the test split are, with z = mu"

    def basis(self) -> dict[str, Any]:
        """Name the convention."""
        return {"convention": self.convention}

    def take(self, finished: Finished) -> Finding:
        """Measure."""
        split = unseen_splits(finished.corpus, finished.model.card)[0]
        found = likelihood(finished.model, split, convention=self.convention)
        figures = {"L_R": found.recon, "L_KL": found.kl, "NLL/point": found.nll_per_point}
        return Finding((Reading(PLACE, figures),))
