"""The experiments that come with limner."""

from __future__ import annotations

from limner.evaluation.experiments.architectures import ATTENTION, FOCAL_ELU, JOINT_HEAD
from limner.evaluation.experiments.arithmetic import LATENT_ARITHMETIC
from limner.evaluation.experiments.augmentation import AUGMENTATION
from limner.evaluation.experiments.cells import CELLS
from limner.evaluation.experiments.kl import KL_TRADEOFF
from limner.evaluation.experiments.length import LENGTH
from limner.evaluation.experiments.plan import Experiment
from limner.evaluation.experiments.slml import SLML_PART4
from limner.evaluation.experiments.temperature import TEMPERATURE

EXPERIMENTS: dict[str, Experiment] = {
    experiment.name: experiment
    for experiment in (
        ATTENTION,
        AUGMENTATION,
        CELLS,
        FOCAL_ELU,
        JOINT_HEAD,
        KL_TRADEOFF,
        LATENT_ARITHMETIC,
        LENGTH,
        SLML_PART4,
        TEMPERATURE,
    )
}
