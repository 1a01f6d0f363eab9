"""What a training of a hand begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from limner.errors import LimnerError
from limner.evaluation.experiments.handful.hands import Hand
from limner.models.weights import find_weights
from limner.sampling.model import Model, load_model
from limner.training.data import training_data
from limner.training.presets import PRESETS

BASE = "sketches"


@dataclass(frozen=True)
class Start:
    """A way to learn a hand."""

    name: str
    preset: str | None
    """None for a model that learns nothing of the hand."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Over those of the preset, by the keys of a TOML file."""
    model: str = ""
    """The model that it begins with."""
    remembers: bool = False
    """Whether the model is judged once more with a memory of what it learned from."""

    @property
    def missing(self) -> str | None:
        """What it needs and this installation lacks, as a sentence; None if there is nothing."""
        if self.preset is not None and self.preset not in PRESETS:
            return f"There is no preset {self.preset}; its trainings are left out."
        try:
            if self.model:
                find_weights(self.model)
        except LimnerError as error:
            return f"{error} The rows of {self.name} are left out."
        return None


STARTS = (
    Start("untrained", None, model=BASE, remembers=True),
    Start("fast", "fast"),
    Start("doodles", "fast", {"train": {"init_from": "doodles"}}, model="doodles"),
    Start("hand", "hand", model=BASE, remembers=True),
)
"""``sketches`` as it is; a network from nothing; ``doodles`` trained on; and the preset made for a hand."""


def untrained(name: str, hand: Hand) -> Model:
    """Return a model as it is, but in the units of a hand, as a training that begins with it takes it."""
    model, data = load_model(name), training_data(hand.corpus())
    card = replace(
        model.card, scale_factor=data.scale_factor, n_max=data.n_max, extent=data.extent,
        start=data.start, start_reach=data.start_reach, tolerance=data.tolerance,
    )  # fmt: skip
    return Model(model.network, card)
