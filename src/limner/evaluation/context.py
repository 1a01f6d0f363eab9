"""``EvaluationContext``: a model, the drawings that it is judged by and what it draws, each computed once,
when a metric asks for it.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from limner.corpus.corpus import Corpus
from limner.evaluation.feature_cache import FeatureCache
from limner.evaluation.feature_extractor import FeatureExtractor, FeatureMatrix
from limner.evaluation.lazy_features import LazyFeatures, Progress
from limner.evaluation.protocol.encoder import SketchEncoder
from limner.evaluation.protocol.judge import Judge, find_judge
from limner.evaluation.protocol.novelty import Novelty, novelty
from limner.sampling.config import SamplingConfig
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

MOST_REAL, MOST_TRAINING = 5_000, 10_000
"""Drawings of the split and of the training split that are used at most, taken at equal distances."""
BATCH = 100
"""Drawings that are sampled together; another number samples other drawings from the same seed."""
SEED_STRIDE = 1_000_003
"""Between the seeds of two sets of samples; a prime, so that no two batches share a seed."""


@dataclass(frozen=True)
class EvaluationSettings:
    """What a model draws to be judged by."""

    samples: int = 1000
    """Samples in a set."""
    temperature: float = 1.0
    """Of the samples; at 1 they follow the distribution that the model has learnt."""
    seed: int = 0
    """Of the first set of samples."""
    seeds: int = 1
    """Sets of samples, each with the next seed."""
    reconstructions: int = 300
    """Drawings of the split that are reconstructed, at most."""
    reconstruction_temperature: float = 0.1
    """Nearly greedy, so that distances measure what z knows rather than noise of the decoder."""
    label: str | None = None
    """Class of drawings that have no label in the corpus."""


class EvaluationContext:
    """Everything that metrics are computed from.

    Parameters
    ----------
    model : Model
    corpus : Corpus
    split : str
        The split that the model is judged by.
    extractor : FeatureExtractor
    settings : EvaluationSettings
    progress : callable, optional
        See :data:`limner.evaluation.lazy_features.Progress`.
    cache : FeatureCache, optional
        Of features of the corpus; without one the features of the protocol's encoder, which never change, are
        kept in the user's cache, and those of other extractors are not kept.
    """

    def __init__(
        self, model: Model, corpus: Corpus, split: str, extractor: FeatureExtractor,
        settings: EvaluationSettings, progress: Progress = lambda *_: None, cache: FeatureCache | None = None,
    ) -> None:  # fmt: skip
        self.model, self.corpus, self.split = model, corpus, split
        self.extractor, self.settings, self.progress = extractor, settings, progress
        is_frozen = isinstance(extractor, SketchEncoder)
        self.cache = FeatureCache(extractor.identifier) if cache is None and is_frozen else cache

    # Drawings ------------------------------------------------------------------------------------

    @cached_property
    def real(self) -> list[Drawing]:
        """Drawings of the split."""
        return self._drawings(self.split, MOST_REAL)

    @cached_property
    def training(self) -> list[Drawing]:
        """Drawings that the model was trained on; empty if the split is the training split."""
        return [] if self.split == "train" else self._drawings("train", MOST_TRAINING)

    @cached_property
    def labels(self) -> set[str]:
        """Classes of the drawings of the split; empty if a drawing has no label."""
        labels = {drawing.label for drawing in self.real}
        return {label for label in labels if label is not None} if None not in labels else set()

    @cached_property
    def samples(self) -> list[list[Drawing]]:
        """Sets of samples, labelled if the model is told classes or the split has only one."""
        only = next(iter(self.labels)) if len(self.labels) == 1 else None
        sets = [self._sample(self.settings.seed + k) for k in range(self.settings.seeds)]
        return [[d.replace(label=d.label or only) for d in drawings] for drawings in sets]

    @cached_property
    def originals(self) -> list[Drawing]:
        """Drawings of the split that are reconstructed, taken at equal distances."""
        return self.real[:: -(-len(self.real) // self.settings.reconstructions)]

    @cached_property
    def reconstructions(self) -> list[Drawing]:
        """Reconstructions of :attr:`originals` from z = mu."""
        drawn: list[Drawing] = []
        sampling_config = SamplingConfig(temperature=self.settings.reconstruction_temperature)
        for first in range(0, len(self.originals), BATCH):
            batch = self.originals[first : first + BATCH]
            drawn += self.model.reconstruct(
                batch, sampling_config=sampling_config, seed=self.settings.seed, unit=1.0
            )
            self.progress("Reconstructing drawings", len(drawn), len(self.originals))
        return drawn

    # Features ------------------------------------------------------------------------------------

    @cached_property
    def pool(self) -> LazyFeatures:
        """Features of the drawings of the split, then of the training drawings."""
        return LazyFeatures([*self.real, *self.training], self.extractor, self.progress, self.cache)

    @property
    def real_features(self) -> FeatureMatrix:
        """Features of :attr:`real`, ``(n, D)``."""
        return self.pool[: len(self.real)]

    @property
    def training_features(self) -> FeatureMatrix:
        """Features of :attr:`training`, ``(n, D)``."""
        return self.pool[len(self.real) :]

    @cached_property
    def reconstruction_features(self) -> FeatureMatrix:
        """Features of :attr:`reconstructions`, ``(n, D)``."""
        return LazyFeatures(self.reconstructions, self.extractor, self.progress).all()

    @cached_property
    def sample_features(self) -> list[FeatureMatrix]:
        """Features of each set of samples, ``(n, D)`` each."""
        return [LazyFeatures(drawings, self.extractor, self.progress).all() for drawings in self.samples]

    # What depends on both ------------------------------------------------------------------------

    @cached_property
    def judge(self) -> Judge | None:
        """Classifier of the classes of the split; None if nothing can tell them apart."""
        labels = [drawing.label for drawing in self.training]
        return find_judge(self.extractor, self.labels, labels, lambda rows: self.pool[len(self.real) + rows])

    @cached_property
    def novelty(self) -> Novelty | None:
        """Distances of the first set of samples to training drawings; None if there are none of these."""
        if not self.training:
            return None
        return novelty(self.sample_features[0], self.real_features, self.training_features)

    # ---------------------------------------------------------------------------------------------

    def _drawings(self, split: str, most: int) -> list[Drawing]:
        if split not in self.corpus.splits:
            return []
        n = len(self.corpus.splits[split])
        drawings = (self.corpus.drawing(split, i) for i in range(0, n, max(1, -(-n // most))))
        return [d.replace(label=d.label or self.settings.label) for d in drawings]

    def _sample(self, seed: int) -> list[Drawing]:
        drawn: list[Drawing] = []
        while (left := self.settings.samples - len(drawn)) > 0:
            batch_seed = seed * SEED_STRIDE + len(drawn)
            drawn += self.model.sample(
                min(left, BATCH), temperature=self.settings.temperature, seed=batch_seed
            )
            self.progress("Drawing samples", len(drawn), self.settings.samples)
        return drawn
