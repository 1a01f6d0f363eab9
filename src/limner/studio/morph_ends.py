"""Drawings to begin a morph with: of classes that go over into each other well, and well redrawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from limner.errors import LimnerError
from limner.sampling.generate import Callback
from limner.sampling.labels import ANYTHING
from limner.strokes.drawing import Drawing
from limner.studio.faithful_latent import redrawing_distances
from limner.studio.model_library import BASE, LoadedModel, ModelLibrary

PAIRS = (
    ("cat", "bus"), ("face", "flower"), ("fish", "whale"), ("apple", "sun"), ("cat", "rabbit"),
    ("bicycle", "snail"), ("pig", "cat"), ("flower", "octopus"), ("fish", "bird"), ("house", "castle"),
    ("face", "clock"), ("star", "flower"), ("tree", "mushroom"), ("heart", "butterfly"), ("snail", "whale"),
)  # fmt: skip
"""Classes that share something: an outline, or parts in the same places."""
CANDIDATES = 6
"""Drawings of a class, of which the one is taken that is redrawn best."""
LEAST_POINTS = 4


def find_ends(
    library: ModelLibrary, model: str, seed: int, callback: Callback | None = None
) -> list[Drawing]:
    """Return four drawings, two pairs; of any classes where the model knows no pair.

    Parameters
    ----------
    library : ModelLibrary
    model : str
        One of the library that encodes drawings.
    seed : int
        Of the pairs and the drawings.
    callback : callable, optional
        As in :meth:`limner.sampling.model.Model.decode`.

    Raises
    ------
    LimnerError
        If the model cannot encode drawings.
    """
    entry = library[model]
    entry.model.need_encoder("morph")
    source = _source(library, entry)
    labels = source.labels()
    order = np.random.default_rng(seed).permutation(len(PAIRS))
    pairs = [PAIRS[k] for k in order if set(PAIRS[k]) <= set(labels)]
    classes: list[str | None] = [name for pair in _apart(pairs)[:2] for name in pair]
    classes += [None] * (4 - len(classes))
    found = [_drawings(source, name, seed + k, callback) for k, name in enumerate(classes)]
    return _best(entry, found, callback)


def _apart(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the first pair, and those that share no class with it."""
    return [pair for k, pair in enumerate(pairs) if not k or not set(pair) & set(pairs[0])]


def _source(library: ModelLibrary, entry: LoadedModel) -> LoadedModel:
    """Return the model that supplies drawings by class: a model that is told none asks the base."""
    known = {one.id: one for one in library}
    return entry if entry.labels() or BASE not in known else known[BASE]


def _drawings(source: LoadedModel, label: str | None, seed: int, callback: Callback | None) -> list[Drawing]:
    """Return drawings of a class: of the corpus where that has them, else as the model draws them."""
    corpus = source.corpus_source
    if label is not None and not source.model.network.config.classes:
        drawings = corpus.drawings_of_class(label, CANDIDATES, seed)
    else:
        name = None if label == ANYTHING else label
        drawings = source.model.sample(CANDIDATES, label=name, seed=seed, callback=callback)
    drawings = [drawing for drawing in drawings if drawing.n_points >= LEAST_POINTS]
    if not drawings:
        raise LimnerError("The model drew nothing to begin with; try again.")
    return drawings


def _best(entry: LoadedModel, found: Sequence[list[Drawing]], callback: Callback | None) -> list[Drawing]:
    """Return of each list the drawing that is redrawn best."""
    together = [drawing for drawings in found for drawing in drawings]
    distances = redrawing_distances(entry.model, together, callback)
    starts = np.cumsum([0, *(len(drawings) for drawings in found)])
    return [together[a + int(np.argmin(distances[a:b]))] for a, b in pairwise(starts)]
