"""What a model has learned of a hand, measured on drawings that were set aside.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from limner.corpus.corpus import Split
from limner.evaluation.experiments.handful.hands import Hand
from limner.evaluation.feature_extractor import FeatureExtractor, FeatureMatrix
from limner.evaluation.likelihood import likelihood
from limner.evaluation.protocol.encoder import SketchEncoder, shipped_encoder
from limner.evaluation.protocol.novelty import novelty
from limner.evaluation.quality.kernel import jackknife_interval
from limner.sampling.config import SamplingConfig
from limner.sampling.labels import ANYTHING, unnamed_classes
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

PLAIN = 0.4
"""Temperature where there is no class to choose one by."""


@dataclass(frozen=True)
class Judging:
    """How models are judged."""

    samples: int = 100
    """At each temperature."""
    temperatures: tuple[float, ...] = (0.2, 0.4, 0.7)
    """Of the convention ``steady``."""
    guidance: float = 1.0
    """Of models that are told a class of the hand's own."""
    extractor: Callable[[], FeatureExtractor] = shipped_encoder

    def basis(self) -> dict[str, Any]:
        """Return what the figures depend on besides the weights, as JSON holds it."""
        return {
            "samples": self.samples,
            "temperatures": list(self.temperatures),
            "guidance": self.guidance,
            "protocol": self.extractor().identifier,
        }

    def judge(self, model: Model, hand: Hand) -> tuple[dict[str, float], list[Drawing]]:
        """Measure a model.

        Returns
        -------
        dict of str to float
            ``nll``: NLL per point of the drawings set aside, in the corpus's units, with ``nll_low`` and
            ``nll_high``; ``kid`` of samples against them, with its interval; ``recognised``, the share of
            samples that the protocol's encoder takes for the class, at the ``temperature`` at which it is
            largest; ``copies`` and ``nearness``, see :class:`limner.evaluation.protocol.novelty.Novelty`.
        list of Drawing
            Samples at that temperature.
        """
        extractor = self.extractor()
        drawn = {t: self._draw(model, t) for t in self.temperatures}
        features = {t: extractor.features(drawings) for t, drawings in drawn.items()}
        shares = _recognised(extractor, features, hand.label)
        best = max(shares, key=lambda t: shares[t]) if shares else min(drawn, key=lambda t: abs(t - PLAIN))
        aside, learned = (extractor.features(hand.drawings(judged=which)) for which in (True, False))
        found = likelihood(model, _told(model, hand.judged))
        low, high = found.intervals["nll_per_point_corpus"]
        figures = {"nll": found.nll_per_point_corpus, "nll_low": low, "nll_high": high, "temperature": best}
        if shares:
            figures["recognised"] = shares[best]
        new = novelty(features[best], aside, learned)
        figures |= {"copies": new.copies, "nearness": new.nearness}
        return figures | _kid(features[best], aside), drawn[best]

    def real(self, hand: Hand) -> dict[str, float]:
        """Return what the drawings to learn from themselves reach in place of samples."""
        extractor = self.extractor()
        aside, learned = (extractor.features(hand.drawings(judged=which)) for which in (True, False))
        return {**_kid(learned, aside), **_share(extractor, aside, hand.label)}

    def _draw(self, model: Model, temperature: float) -> list[Drawing]:
        name = _class_of(model)
        guidance = 0.0 if name in (None, ANYTHING) else self.guidance
        config = SamplingConfig(temperature, convention="steady", guidance=guidance)
        return model.sample(self.samples, sampling_config=config, label=name, seed=1)


def _class_of(model: Model) -> str | None:
    """Return the class that a model is told where none is named; None if it is told none."""
    classes = model.card.classes if model.network.config.classes else ()
    return unnamed_classes(classes, model.card.own_classes)[0] if classes else None


def _told(model: Model, split: Split) -> Split:
    """Return a split labelled with the class that a model is told."""
    name = _class_of(model)
    number = -1 if name is None else model.card.classes.index(name)
    return Split(split.rows, split.offsets, np.full(len(split), number, np.int32), split.sources)


def _recognised(
    extractor: FeatureExtractor, features: dict[float, FeatureMatrix], label: str | None
) -> dict[float, float]:
    found = {t: _share(extractor, rows, label) for t, rows in features.items()}
    return {t: share["recognised"] for t, share in found.items() if share}


def _share(extractor: FeatureExtractor, features: FeatureMatrix, label: str | None) -> dict[str, float]:
    """Return the share of drawings that are taken for a class; nothing if the extractor does not know it."""
    if label is None or not isinstance(extractor, SketchEncoder) or label not in extractor.classes:
        return {}
    scores = extractor.scores(features)  # (n, C)
    return {"recognised": float((scores.argmax(1) == extractor.classes.index(label)).mean())}


def _kid(features: FeatureMatrix, aside: FeatureMatrix) -> dict[str, float]:
    if min(len(features), len(aside)) < 3:
        return {}
    found = jackknife_interval(features, aside)
    return {"kid": found.value, "kid_low": found.low, "kid_high": found.high}


def shown(drawings: Sequence[Drawing], most: int) -> list[Drawing]:
    """Return drawings at equal distances, at most ``most``."""
    n = min(most, len(drawings))
    return [drawings[k * len(drawings) // n] for k in range(n)]
