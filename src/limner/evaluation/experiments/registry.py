"""The table of experiments: those that come with limner, and those of other packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.registry import Registry

if TYPE_CHECKING:
    from limner.evaluation.experiments.conduct import LargeExperiment
    from limner.evaluation.experiments.plan import Experiment

_HERE = "limner.evaluation.experiments"

SUMMARIES = {
    "attention-convergence": "attention against the plain decoder: which reaches the best loss sooner",
    "augmentation": "stretching, dropping points, moving strokes: what they gain on a few hundred drawings",
    "cells": "lstm, layer norm and HyperLSTM with as many weights and steps",
    "focal-elu": "focal loss and ELU in a transformer: lifts learnt sooner, fewer spikes",
    "handful": "what 5 to 1,300 drawings teach: from nothing, from doodles, by the preset hand",
    "joint-head": "heads that predict pen and offset jointly, for both kinds of network",
    "kl-tradeoff": "three weights of L_KL and the decoder alone: what L_R and L_KL make of them",
    "latent-arithmetic": "a - b + c in a model of sixteen classes, recognised or not, beside controls",
    "length": "short and long drawings, early and late points: lstm against transformer",
    "slml-part4": "short strokes, layer norm, recurrent dropout, dropped points on a sketchbook's drawings",
    "temperature": "samples at several temperatures: precision, recall, recognition, structure",
}
"""One line for each experiment of limner, so that listing them imports none of them."""


def _is_experiment(entry: object) -> bool:
    from limner.evaluation.experiments.conduct import LargeExperiment
    from limner.evaluation.experiments.plan import Experiment

    return isinstance(entry, (Experiment, LargeExperiment))


EXPERIMENTS: Registry[Experiment | LargeExperiment] = Registry(
    "limner.experiments",
    "experiment",
    {
        "attention-convergence": f"{_HERE}.architectures:ATTENTION",
        "augmentation": f"{_HERE}.augmentation:AUGMENTATION",
        "cells": f"{_HERE}.cells:CELLS",
        "focal-elu": f"{_HERE}.architectures:FOCAL_ELU",
        "handful": f"{_HERE}.handful.experiment:HANDFUL",
        "joint-head": f"{_HERE}.architectures:JOINT_HEAD",
        "kl-tradeoff": f"{_HERE}.kl_weight:KL_TRADEOFF",
        "latent-arithmetic": f"{_HERE}.latent_arithmetic:LATENT_ARITHMETIC",
        "length": f"{_HERE}.drawing_length:LENGTH",
        "slml-part4": f"{_HERE}.slml_part4:SLML_PART4",
        "temperature": f"{_HERE}.temperature:TEMPERATURE",
    },
    _is_experiment,
)
"""All experiments by name; other packages add theirs by entry points of the group ``limner.experiments``."""


def summary_of(name: str) -> str:
    """Return one line about an experiment; those of other packages are imported for their question.

    Raises
    ------
    LimnerError
        If there is no such experiment, or the package that adds it cannot be imported.
    """
    return SUMMARIES.get(name) or EXPERIMENTS[name].question
