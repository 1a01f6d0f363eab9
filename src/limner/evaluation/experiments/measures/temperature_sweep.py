"""Figures of samples at several temperatures: fidelity, diversity, recognition and structure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from limner.evaluation.experiments.measurement import (
    FinishedTraining,
    Measurement,
    MeasureResult,
    MeasureSheet,
)
from limner.evaluation.experiments.measures.corpus_samples import (
    sample_training_drawings,
    sample_unseen_drawings,
)
from limner.evaluation.feature_extractor import FeatureExtractor, FeatureMatrix
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.evaluation.protocol.generation import compare_sets
from limner.evaluation.protocol.judge import Judge, find_judge, recognition_accuracy
from limner.evaluation.quality.structure import Structure, structure_distances
from limner.strokes.drawing import Drawing

REAL = "real drawings"
SHOWN = 8
"""Samples of each temperature on the sheet."""
FITTED = 2000
"""Training drawings that a judge is fitted to, at most."""


@dataclass(frozen=True)
class TemperatureSweep:
    """Samples against drawings that the training never saw; with training drawings as the upper bound.

    The figures are the frozen protocol's: see :mod:`limner.evaluation.protocol`; those with a delta are
    distances of counts, see :func:`limner.evaluation.quality.structure.structure_distances`.
    """

    temperatures: tuple[float, ...] = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
    drawings: int = 500
    """Samples at each temperature, and real drawings, at most."""
    shows: str = "sheep"
    """Class of the drawings of a corpus without labels."""
    extractor: Callable[[], FeatureExtractor] = shipped_encoder
    name: str = "temperature"
    title: str = "Samples at several temperatures against drawings that the training never saw"

    def basis(self) -> dict[str, Any]:
        """Return temperatures, counts and the protocol."""
        return {
            "temperatures": list(self.temperatures),
            "drawings": self.drawings,
            "shows": self.shows,
            "protocol": self.extractor().identifier,
        }

    def take(self, finished: FinishedTraining) -> MeasureResult:
        """Measure a training."""
        only = None if finished.corpus.label_names else self.shows
        real = _labelled(sample_unseen_drawings(finished.corpus, self.drawings), only)
        n = len(real)
        training = _labelled(sample_training_drawings(finished.corpus, n + FITTED), only)
        extractor = self.extractor()
        judge = _find_judge(extractor, real, training[n:])
        reference = _RealReference(extractor, real, extractor.features(real), judge)
        sampled = {
            t: _labelled(finished.model.sample(n, temperature=t, seed=k), only)
            for k, t in enumerate(self.temperatures)
        }
        measurements = [Measurement(t, reference.figures(drawings)) for t, drawings in sampled.items()]
        best = [Measurement(REAL, reference.figures(training[:n]))] if len(training) >= n else []
        return MeasureResult((*measurements, *best), _sheet(sampled))


@dataclass(frozen=True)
class _RealReference:
    """Compares drawings with real ones, in sets of the same size.

    Letters: ``n`` drawings, ``D`` features.
    """

    extractor: FeatureExtractor
    real: Sequence[Drawing]
    features: FeatureMatrix  # (n, D)
    judge: Judge | None

    def figures(self, drawings: Sequence[Drawing]) -> dict[str, float]:
        features = self.extractor.features(drawings)
        structure = Structure.of(drawings)
        distances = structure_distances(Structure.of(self.real), structure) if len(structure.strokes) else {}
        return {
            **asdict(compare_sets(self.features, features)),
            **self._recognition(features, [drawing.label for drawing in drawings]),
            **{f"Δ {name}": value for name, value in distances.items()},
        }

    def _recognition(self, features: FeatureMatrix, labels: list[str | None]) -> dict[str, float]:
        if self.judge is None or None in labels:
            return {}
        return {"recognised": recognition_accuracy(self.judge, features, labels)}


def _find_judge(
    extractor: FeatureExtractor, drawings: Sequence[Drawing], training: Sequence[Drawing]
) -> Judge | None:
    classes = {drawing.label for drawing in drawings if drawing.label}
    labels = [drawing.label for drawing in training]
    return find_judge(
        extractor, classes, labels, lambda index: extractor.features([training[k] for k in index])
    )


def _labelled(drawings: Sequence[Drawing], only: str | None) -> list[Drawing]:
    """Label the drawings that have no label."""
    return [drawing.replace(label=drawing.label or only) for drawing in drawings]


def _sheet(sampled: dict[float, list[Drawing]]) -> MeasureSheet:
    shown = min(SHOWN, *map(len, sampled.values()))
    rows = [drawing for drawings in sampled.values() for drawing in drawings[:shown]]
    return MeasureSheet(rows, shown, [f"{t:g}" for t in sampled])
