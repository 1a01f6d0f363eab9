"""``Experiment``: a question, the trainings that answer it, and claims that hold or do not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from limner.settings import to_dict
from limner.training.config import RunConfig

if TYPE_CHECKING:
    from limner.evaluation.experiments.measurement import Measure
    from limner.evaluation.experiments.results import ExperimentResults

HASH_LETTERS = 8


@dataclass(frozen=True)
class TrainingVariant:
    """One training of an experiment's grid."""

    name: str
    """Name in the report."""
    corpus: str
    """File name of its corpus, such as ``look_i16.npz``, or ``doodles``."""
    config: RunConfig
    """Settings of the training; the experiment sets steps and seed."""
    num_train: int = 0
    """Training drawings, taken from the train split at equal distances; 0 takes all."""

    @property
    def data_key(self) -> tuple[str, int]:
        """Key of the training's data: two variants of one key learn from the same drawings."""
        return self.corpus, self.num_train

    def seeded(self, seed: int, steps: int) -> TrainingVariant:
        """Return the variant with a seed, its steps, and a line of metrics for every step."""
        train = replace(self.config.train, log_every=1)
        return replace(self, config=replace(self.config, train=train, seed=seed, max_steps=steps))

    def folder(self) -> str:
        """Return the name of the run's folder, the same for equal corpora and settings in any experiment.

        It does not depend on the number of steps, so that a larger budget continues the run, nor on settings
        that have their default, so that a new setting does not orphan old runs.
        """
        settings = _changed(to_dict(replace(self.config, max_steps=1)), to_dict(RunConfig(max_steps=1)))
        about = [self.corpus, settings, *([self.num_train] if self.num_train else [])]
        digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
        plain = "".join(letter if letter.isalnum() else "-" for letter in self.name.lower())
        return f"{plain}-seed{self.config.seed}-{digest[:HASH_LETTERS]}"


def _changed(settings: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that differ from the defaults, nested as they were."""
    return {
        name: _changed(value, defaults[name]) if isinstance(value, dict) else value
        for name, value in settings.items()
        if value != defaults.get(name)
    }


@dataclass(frozen=True)
class Claim:
    """A published claim, and what this experiment found."""

    text: str
    """The claim, with its source."""
    holds: bool | None
    """None if this run is inconclusive."""
    found: str
    """The result, as a sentence with figures."""


@dataclass(frozen=True)
class CurveChart:
    """A chart of the report: a column of ``metrics.csv`` over the steps, for each variant."""

    column: str
    title: str
    variants: tuple[str, ...] = ()
    """All of them unless given."""


@dataclass(frozen=True)
class MeasureChart:
    """A chart of the report: figures of a measure over its conditions, such as temperatures."""

    measure: str
    """Name of the measure."""
    figures: tuple[str, ...]
    title: str
    x_unit: str
    """Label of the x axis."""


@dataclass(frozen=True)
class Experiment:
    """One or more published claims, and the trainings that test them."""

    name: str
    """On the command line."""
    question: str
    """The question, in one line."""
    about: str
    """Where the claims come from, and what is compared with what, for the report."""
    variants: tuple[TrainingVariant, ...]
    claims: Callable[[ExperimentResults], Sequence[Claim]]
    """Judges the claims from the finished trainings."""
    steps: int = 1500
    """Of each training, unless there is a budget."""
    seeds: tuple[int, ...] = (1,)
    charts: tuple[CurveChart, ...] = (
        CurveChart("valid_nll_per_point", "NLL per point in validation, nats in model units"),
        CurveChart("valid_L_R", "L_R in validation"),
    )
    measures: tuple[Measure, ...] = ()
    """Measured of the best weights of every training."""
    measure_charts: tuple[MeasureChart, ...] = ()

    def variant(self, name: str) -> TrainingVariant:
        """Return a variant by its name.

        Raises
        ------
        KeyError
            If there is none.
        """
        return {variant.name: variant for variant in self.variants}[name]
