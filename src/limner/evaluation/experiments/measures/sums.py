"""Arithmetic with latents: does a - b + c show what a shows, if b and c show the same?

Letters: ``n`` sums, ``Z`` latent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.evaluation.experiments.measure import Finding, Finished, Reading, Sheet
from limner.evaluation.experiments.measures.material import taught, unseen
from limner.evaluation.protocol.encoder import FeatureExtractor, shipped_encoder
from limner.evaluation.protocol.judge import Regression, named
from limner.evaluation.quality.interval import bootstrap
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

LESSON = 2000
"""Drawings that the judge learns from, and class means are taken of, at most."""
UNSEEN = 2000
"""Drawings that sums are made of, at most."""
SHOWN = 8
"""Sums on the sheet."""
TEMPERATURE = 0.1

REAL, SUM, MEANS = "real drawings", "a - b + c", "mean of A - mean of B + c"
A_ALONE, C_ALONE, RANDOM = "a alone", "c alone", "c + a random pair"


@dataclass(frozen=True)
class Sums:
    """Sums of latents of a model of several classes, drawn, and named by a judge.

    Class A is that of a; b and c are of another class, B. ``meant`` is the share of drawings that show A,
    ``as c`` of those that show B still. A random pair is the difference of two drawings of any classes.
    """

    sums: int = 400
    extractor: Callable[[], FeatureExtractor] = shipped_encoder
    name: str = "sums"
    title: str = "What sums of latents show, by a logistic regression on the frozen encoder's features"

    def basis(self) -> dict[str, Any]:
        """Name the count, the temperature and the protocol."""
        return {"sums": self.sums, "temperature": TEMPERATURE, "protocol": self.extractor().version}

    def take(self, finished: Finished) -> Finding:
        """Measure.

        Raises
        ------
        LimnerError
            If the model is a decoder alone.
        """
        model = finished.model
        lesson, drawings = taught(finished.corpus, LESSON), unseen(finished.corpus, UNSEEN)
        eye = _Eye.taught_by(self.extractor(), lesson)
        terms = _Terms.of(model, lesson, drawings, self.sums)
        drawn = {kind: _draw(model, z) for kind, z in terms.latents().items()}
        meant, as_c = (np.array(names) for names in (terms.names("a"), terms.names("c")))
        readings = [_real(eye, drawings)]
        for kind, found in drawn.items():
            names = eye.names(found)
            readings.append(Reading(kind, _shares(names == meant, names == as_c)))
        return Finding(tuple(readings), _sheet(terms, drawn))


@dataclass(frozen=True)
class _Eye:
    """Names what drawings show."""

    extractor: FeatureExtractor
    judge: Regression

    @classmethod
    def taught_by(cls, extractor: FeatureExtractor, lesson: Sequence[Drawing]) -> _Eye:
        return cls(extractor, Regression(extractor.features(lesson), [drawing.label for drawing in lesson]))

    def names(self, drawings: Sequence[Drawing]) -> NDArray[np.str_]:
        return named(self.judge, self.extractor.features(drawings))  # (n,)


@dataclass(frozen=True)
class _Terms:
    """What is added up."""

    drawings: Sequence[Drawing]
    z: Tensor  # (drawings, Z)
    places: dict[str, NDArray[np.int64]]  # each of shape (n,): a, b, c, and the random pair p, q
    means: dict[str | None, Tensor]  # of each class, (Z,)

    @classmethod
    def of(cls, model: Model, lesson: Sequence[Drawing], drawings: Sequence[Drawing], n: int) -> _Terms:
        known = model.encode(lesson, unit=1.0)
        labels = np.array([drawing.label for drawing in lesson])
        means = {name: known[torch.from_numpy(labels == name)].mean(0) for name in np.unique(labels)}
        return cls(drawings, model.encode(drawings, unit=1.0), chosen(drawings, n, seed=0), means)

    def names(self, which: str) -> list[str]:
        return [self.drawings[k].label or "" for k in self.places[which]]

    def latents(self) -> dict[str, Tensor]:
        """Give what is drawn, each of shape ``(n, Z)``."""
        a, b, c, p, q = (self.z[torch.from_numpy(self.places[which])] for which in "abcpq")
        mean_a, mean_b = (
            torch.stack([self.means[name] for name in self.names(which)]) for which in ("a", "b")
        )
        return {
            A_ALONE: a,
            SUM: a - b + c,
            MEANS: mean_a - mean_b + c,
            C_ALONE: c,
            RANDOM: p - q + c,
        }


def chosen(drawings: Sequence[Drawing], n: int, seed: int) -> dict[str, NDArray[np.int64]]:
    """Choose the places of a, of b and c, and of a random pair p and q, for ``n`` sums.

    Returns
    -------
    dict of str to int64 array of shape ``(n,)``
        b and c differ and are of one class, a is of another one.
    """
    chance = np.random.default_rng(seed)
    labels = np.array([drawing.label for drawing in drawings])
    members = {name: np.flatnonzero(labels == name) for name in np.unique(labels)}
    pairs = [name for name, places in members.items() if len(places) > 1]
    found: dict[str, list[int]] = {which: [] for which in "abcpq"}
    for _ in range(n):
        shared = pairs[chance.integers(len(pairs))]
        others = [name for name in members if name != shared]
        b, c = chance.choice(members[shared], 2, replace=False)
        a = chance.choice(members[others[chance.integers(len(others))]])
        p, q = chance.choice(len(drawings), 2, replace=False)
        for which, place in zip("abcpq", (a, b, c, p, q), strict=True):
            found[which].append(int(place))
    return {which: np.array(places, np.int64) for which, places in found.items()}


def _draw(model: Model, z: Tensor) -> list[Drawing]:
    return model.decode(z, temperature=TEMPERATURE, seed=0)


def _shares(meant: NDArray[np.bool_], as_c: NDArray[np.bool_]) -> dict[str, float]:
    share = bootstrap(meant.astype(np.float64))
    return {"meant": share.value, "low": share.low, "high": share.high, "as c": float(as_c.mean())}


def _real(eye: _Eye, drawings: Sequence[Drawing]) -> Reading:
    """Say how often the judge is right about drawings that nobody redrew."""
    share = bootstrap((eye.names(drawings) == [d.label for d in drawings]).astype(np.float64))
    return Reading(REAL, {"meant": share.value, "low": share.low, "high": share.high})


def _sheet(terms: _Terms, drawn: dict[str, list[Drawing]]) -> Sheet:
    shown = min(SHOWN, len(terms.places["a"]))
    originals = {which: [terms.drawings[k] for k in terms.places[which]] for which in "abc"}
    rows = originals | {"a redrawn": drawn[A_ALONE], SUM: drawn[SUM], "means": drawn[MEANS]}
    pictures = [drawing for found in rows.values() for drawing in found[:shown]]
    return Sheet(pictures, shown, list(rows))
