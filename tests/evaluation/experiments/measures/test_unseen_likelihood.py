"""The likelihood of the test split, as the evaluation has it."""

from __future__ import annotations

import pytest
from tests.evaluation.experiments.conftest import finished, labelled

from limner.evaluation.experiments.measures.unseen_likelihood import CONDITION, UnseenLikelihood
from limner.evaluation.likelihood import likelihood


@pytest.mark.parametrize("conditional", [True, False])
def test_figures_of_the_test_split(conditional: bool) -> None:
    training = finished(labelled(), conditional=conditional)
    (measurement,) = UnseenLikelihood().take(training).measurements
    found = likelihood(training.model, training.corpus.splits["test"])
    assert measurement.at == CONDITION
    assert measurement.figures == {"L_R": found.recon, "L_KL": found.kl, "NLL/point": found.nll_per_point}
    assert (found.kl > 0) is conditional
