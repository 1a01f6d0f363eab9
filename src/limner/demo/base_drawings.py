"""What the base model draws before anything is learnt: by class, from nothing, and from plain strokes.

Coordinates are those of QuickDraw: a page of 255, y grows downward.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from limner.demo.gallery import Exhibit, ExhibitCard
from limner.models.weights import shipped_names
from limner.sampling.config import SamplingConfig
from limner.sampling.model import Model, load_model
from limner.strokes.drawing import Drawing

BASE = "sketches"
CLASSES = (
    "cat", "bicycle", "octopus", "flower", "face", "sheep", "snail", "truck",
    "spider", "castle", "bird", "fish", "penguin", "pig", "bus", "crab",
    "rabbit", "owl", "lobster", "whale", "tree", "house", "hand", "eye",
)  # fmt: skip
"""Classes that are shown, as far as the base knows them."""
CAREFUL, STEADY = SamplingConfig(0.3), SamplingConfig(0.32, convention="steady")
"""How models draw whose cards do not say it: autoencoders, and decoders alone."""
FUTURES = 4
"""Completions of each plain stroke."""
MORE_POINTS = 12
"""Points that a completion has at least beyond its beginning: no beginning is answered with nothing."""
BY_CLASS = "What the base draws"
GOES_ON = "How the base goes on"


def load_base() -> Model | None:
    """Return the base model; None if this installation lacks it."""
    return load_model(BASE) if BASE in shipped_names() else None


def sampling_for(model: Model) -> SamplingConfig:
    """Return how a model draws best: as its card says, if it does."""
    if model.card.sampling:
        return model.sampling_config
    return CAREFUL if model.conditional else STEADY


def draw_by_class(model: Model, seed: int = 0) -> Iterator[Drawing]:
    """Yield a labelled drawing of each class that is shown and that the model knows."""
    known = set(model.card.classes)
    for name in CLASSES:
        if name in known:
            yield model.sample(1, label=name, seed=seed, sampling_config=sampling_for(model))[0]


def plain_strokes() -> dict[str, Drawing]:
    """Return the beginnings that anybody draws, by name."""
    turn = np.linspace(0, 2 * np.pi, 21)
    circle = 128 + 80 * np.column_stack([np.sin(turn), -np.cos(turn)])
    angles = np.linspace(0, 5 * np.pi, 40)
    radii = 4 + 5 * angles
    spiral = 128 + np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])
    square = np.array([(60, 60), (196, 60), (196, 196), (60, 196), (60, 60)])
    dot = 4 * np.column_stack([np.sin(turn[::4]), -np.cos(turn[::4])])
    strokes: dict[str, list[NDArray[np.float64]]] = {
        "circle": [circle],
        "line": [np.array([(40, 128), (216, 128)])],
        "square": [square],
        "spiral": [spiral],
        "two dots": [dot + np.array([96, 110]), dot + np.array([160, 110])],
    }
    return {name: Drawing.from_polylines(lines) for name, lines in strokes.items()}


def go_on(model: Model, beginning: Drawing, n: int, *, seed: int = 0, cut: bool = False) -> list[Drawing]:
    """Return completions of a beginning, each with some points of its own.

    Parameters
    ----------
    model : Model
    beginning : Drawing
        In the units of the model's corpus.
    n, seed : int
    cut : bool
        Whether its last stroke was cut in the middle, so that the pen is still down.
    """
    config = replace(sampling_for(model), min_points=beginning.n_points + MORE_POINTS)
    return model.complete(beginning, n, sampling_config=config, seed=seed, lift=not cut, unit=1.0)


def by_class_exhibit(drawings: list[Drawing]) -> Exhibit:
    """Return the exhibit of what :func:`draw_by_class` yields."""
    return Exhibit(
        BY_CLASS,
        f"The model {BASE} comes with limner and knows how people draw: it was told a class, and drew. "
        "Point at a drawing to see it drawn.",
        [ExhibitCard((drawing,), drawing.label or "") for drawing in drawings],
    )


def goes_on_exhibit(model: Model, seed: int = 0) -> Exhibit:
    """Draw from plain strokes, and return the exhibit."""
    cards = [
        ExhibitCard((drawing,), name, given=beginning)
        for name, beginning in plain_strokes().items()
        for drawing in go_on(model, beginning, FUTURES, seed=seed)
    ]
    text = "The coloured stroke was given, and no class: the rest is what it made of it."
    return Exhibit(GOES_ON, text, cards)


def show_base(show: Callable[[Exhibit], object], seed: int = 0) -> bool:
    """Draw with the base, as far as this installation has it, and show that; return whether it has."""
    model = load_base()
    if model is None:
        return False
    show(by_class_exhibit(list(draw_by_class(model, seed))))
    show(goes_on_exhibit(model, seed))
    return True
