"""Samples at several temperatures: true to the corpus, as various as it, recognisable, built alike?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from limner.evaluation.experiments.measure import Finding, Finished, Reading, Sheet
from limner.evaluation.experiments.measures.material import taught, unseen
from limner.evaluation.protocol.encoder import FeatureExtractor, Rows, shipped_encoder
from limner.evaluation.protocol.generation import likeness
from limner.evaluation.protocol.judge import Judge, judge_of, recognised
from limner.evaluation.quality.structure import Structure, structure_distances
from limner.strokes.drawing import Drawing

REAL = "real drawings"
SHOWN = 8
"""Samples of each temperature on the sheet."""
LESSON = 2000
"""Drawings that a judge learns from, at most."""


@dataclass(frozen=True)
class Temperatures:
    """Samples against drawings that the training never saw; and such as it saw, as the best that can be.

    The figures are the frozen protocol's: see :mod:`limner.evaluation.protocol`; those with a delta are
    distances of counts, see :func:`limner.evaluation.quality.structure.structure_distances`.
    """

    temperatures: tuple[float, ...] = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
    drawings: int = 500
    """Samples at each temperature, and real drawings, at most."""
    shows: str = "sheep"
    """What drawings show whose corpus names no classes."""
    extractor: Callable[[], FeatureExtractor] = shipped_encoder
    name: str = "temperature"
    title: str = "Samples at several temperatures against drawings that the training never saw"

    def basis(self) -> dict[str, Any]:
        """Name temperatures, counts and the protocol."""
        return {
            "temperatures": list(self.temperatures),
            "drawings": self.drawings,
            "shows": self.shows,
            "protocol": self.extractor().version,
        }

    def take(self, finished: Finished) -> Finding:
        """Measure."""
        only = None if finished.corpus.label_names else self.shows
        real = _named(unseen(finished.corpus, self.drawings), only)
        n = len(real)
        seen = _named(taught(finished.corpus, n + LESSON), only)
        extractor = self.extractor()
        eye = _Eye(extractor, real, extractor.features(real), _judge(extractor, real, seen[n:]))
        sampled = {
            t: _named(finished.model.sample(n, temperature=t, seed=k), only)
            for k, t in enumerate(self.temperatures)
        }
        readings = [Reading(t, eye.figures(found)) for t, found in sampled.items()]
        best = [Reading(REAL, eye.figures(seen[:n]))] if len(seen) >= n else []
        return Finding((*readings, *best), _sheet(sampled))


@dataclass(frozen=True)
class _Eye:
    """Compares drawings with real ones, in as large sets.

    Letters: ``n`` drawings, ``D`` features.
    """

    extractor: FeatureExtractor
    real: Sequence[Drawing]
    features: Rows  # (n, D)
    judge: Judge | None

    def figures(self, found: Sequence[Drawing]) -> dict[str, float]:
        features = self.extractor.features(found)
        structure = Structure.of(found)
        built = structure_distances(Structure.of(self.real), structure) if len(structure.strokes) else {}
        return {
            **asdict(likeness(self.features, features)),
            **self._recognised(features, [drawing.label for drawing in found]),
            **{f"Δ {name}": value for name, value in built.items()},
        }

    def _recognised(self, features: Rows, names: list[str | None]) -> dict[str, float]:
        if self.judge is None or None in names:
            return {}
        return {"recognised": recognised(self.judge, features, names)}


def _judge(
    extractor: FeatureExtractor, drawings: Sequence[Drawing], lesson: Sequence[Drawing]
) -> Judge | None:
    labels = {drawing.label for drawing in drawings if drawing.label}
    names = [drawing.label for drawing in lesson]
    return judge_of(extractor, labels, names, lambda: extractor.features(lesson))


def _named(drawings: Sequence[Drawing], only: str | None) -> list[Drawing]:
    """Say what drawings show that do not say it themselves."""
    return [drawing.replace(label=drawing.label or only) for drawing in drawings]


def _sheet(sampled: dict[float, list[Drawing]]) -> Sheet:
    shown = min(SHOWN, *map(len, sampled.values()))
    rows = [drawing for found in sampled.values() for drawing in found[:shown]]
    return Sheet(rows, shown, [f"{t:g}" for t in sampled])
