"""The experiments that come with limner."""

from __future__ import annotations

from limner.evaluation.experiments.architectures import ATTENTION, FOCAL_ELU, JOINT_HEAD
from limner.evaluation.experiments.plan import Experiment
from limner.evaluation.experiments.slml import SLML_PART4

EXPERIMENTS: dict[str, Experiment] = {
    experiment.name: experiment for experiment in (ATTENTION, FOCAL_ELU, JOINT_HEAD, SLML_PART4)
}
