"""The likelihood of the test split, as the evaluation has it."""

from __future__ import annotations

import pytest
from tests.evaluation.experiments.conftest import finished, labelled

from limner.evaluation.experiments.measures.likelihoods import PLACE, Likelihoods
from limner.evaluation.likelihood import likelihood


@pytest.mark.parametrize("conditional", [True, False])
def test_figures_of_the_test_split(conditional: bool) -> None:
    training = finished(labelled(), conditional=conditional)
    (reading,) = Likelihoods().take(training).readings
    found = likelihood(training.model, training.corpus.splits["test"])
    assert reading.at == PLACE
    assert reading.figures == {"L_R": found.recon, "L_KL": found.kl, "NLL/point": found.nll_per_point}
    assert (found.kl > 0) is conditional
