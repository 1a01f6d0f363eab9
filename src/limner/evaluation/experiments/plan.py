"""What an experiment is: a question, the trainings that answer it, and claims that hold or do not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from limner.settings import to_dict
from limner.training.config import RunConfig

if TYPE_CHECKING:
    from limner.evaluation.experiments.measure import Measure
    from limner.evaluation.experiments.results import Results

HASH_LETTERS = 8


@dataclass(frozen=True)
class Variant:
    """One training of a grid."""

    name: str
    """As the report calls it."""
    corpus: str
    """File name of its corpus, such as ``look_i16.npz``, or ``doodles``."""
    config: RunConfig
    """Its settings; steps and seed are set by the experiment."""
    few: int = 0
    """Of the corpus's train split only so many drawings, spread over it; 0: all of them."""

    @property
    def material(self) -> tuple[str, int]:
        """What tells the drawings of two trainings apart."""
        return self.corpus, self.few

    def seeded(self, seed: int, steps: int) -> Variant:
        """Give the variant with a seed, its steps, and a line of metrics for every step."""
        train = replace(self.config.train, log_every=1)
        return replace(self, config=replace(self.config, train=train, seed=seed, max_steps=steps))

    def folder(self) -> str:
        """Name the run's folder: the same for the same corpus and settings, whatever experiment asks.

        Steps are left out, so that an experiment with a larger budget goes on with the run, and settings
        that have their default, so that a new setting does not orphan old runs.
        """
        settings = _changed(to_dict(replace(self.config, max_steps=1)), to_dict(RunConfig(max_steps=1)))
        about = [self.corpus, settings, *([self.few] if self.few else [])]
        digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
        plain = "".join(letter if letter.isalnum() else "-" for letter in self.name.lower())
        return f"{plain}-seed{self.config.seed}-{digest[:HASH_LETTERS]}"


def _changed(settings: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """Give what differs from the defaults, nested as it was."""
    return {
        name: _changed(value, defaults[name]) if isinstance(value, dict) else value
        for name, value in settings.items()
        if value != defaults.get(name)
    }


@dataclass(frozen=True)
class Claim:
    """What a source says, and what was found here."""

    text: str
    """The claim, with its source."""
    holds: bool | None
    """None where this run cannot tell."""
    found: str
    """What was found, in a sentence with figures."""


@dataclass(frozen=True)
class Chart:
    """A figure of the report: a column of ``metrics.csv`` over the steps, for each variant."""

    column: str
    title: str
    variants: tuple[str, ...] = ()
    """All of them unless given."""


@dataclass(frozen=True)
class MeasureChart:
    """A figure of the report: figures of a measure over the places where they were taken."""

    measure: str
    """Its name."""
    figures: tuple[str, ...]
    title: str
    x_unit: str
    """What the places are, as it stands behind the largest."""


@dataclass(frozen=True)
class Experiment:
    """A published claim, or several, and the trainings that test them."""

    name: str
    """As one types it."""
    question: str
    """What is asked, in a line."""
    about: str
    """Where the claims come from, and what is compared with what."""
    variants: tuple[Variant, ...]
    claims: Callable[[Results], Sequence[Claim]]
    """Judges the finished trainings."""
    steps: int = 1500
    """Of each training, unless a budget is given."""
    seeds: tuple[int, ...] = (1,)
    charts: tuple[Chart, ...] = (
        Chart("valid_nll_per_point", "NLL per point in validation, nats in model units"),
        Chart("valid_L_R", "L_R in validation"),
    )
    measures: tuple[Measure, ...] = ()
    """What is measured of the best weights of every training."""
    measure_charts: tuple[MeasureChart, ...] = ()

    def variant(self, name: str) -> Variant:
        """Find a variant by its name.

        Raises
        ------
        KeyError
            If there is none.
        """
        return {variant.name: variant for variant in self.variants}[name]
