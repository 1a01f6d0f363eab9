"""``EvaluationContext``: a model, the drawings it is judged by, and what it draws; each made once,
when asked for.

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from limner.corpus.corpus import Corpus
from limner.evaluation.feature_rows import FeatureRows, Progress
from limner.evaluation.protocol.encoder import FeatureExtractor, Rows
from limner.evaluation.protocol.judge import Judge, judge_of
from limner.evaluation.protocol.novelty import Novelty, novelty
from limner.sampling.config import SamplingConfig
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

MOST_REAL, MOST_TRAINING = 5_000, 10_000
"""Drawings of the split and of the training split that are looked at, spread over them."""
AT_ONCE = 100
"""Drawings that are sampled together."""


@dataclass(frozen=True)
class Wish:
    """What is drawn to be judged."""

    samples: int = 1000
    """Drawings of a set."""
    temperature: float = 1.0
    """Of the samples; 1 is what the model has learnt."""
    seed: int = 0
    seeds: int = 1
    """Sets of samples, each with the next seed."""
    redrawn: int = 300
    """Drawings of the split that are drawn again."""
    redraw_temperature: float = 0.1
    label: str | None = None
    """What the drawings show, where the corpus does not say."""


class EvaluationContext:
    """What the figures are taken of.

    Parameters
    ----------
    model : Model
    corpus : Corpus
    split : str
        The one that the model is judged by.
    extractor : FeatureExtractor
    wish : Wish
    progress : callable, optional
        Is told what is done, how much of it, and of how much.
    """

    def __init__(
        self, model: Model, corpus: Corpus, split: str, extractor: FeatureExtractor, wish: Wish,
        progress: Progress = lambda *_: None,
    ) -> None:  # fmt: skip
        self.model, self.corpus, self.split = model, corpus, split
        self.extractor, self.wish, self.progress = extractor, wish, progress

    # Drawings ------------------------------------------------------------------------------------

    @cached_property
    def real(self) -> list[Drawing]:
        """Drawings of the split."""
        return self._some(self.split, MOST_REAL)

    @cached_property
    def training(self) -> list[Drawing]:
        """Drawings that the model was trained on; none where the split is all there is."""
        return [] if self.split == "train" else self._some("train", MOST_TRAINING)

    @cached_property
    def labels(self) -> set[str]:
        """What the drawings of the split show; nothing where some of them do not say."""
        found = {drawing.label for drawing in self.real}
        return {label for label in found if label is not None} if None not in found else set()

    @cached_property
    def samples(self) -> list[list[Drawing]]:
        """Sets of samples; what they show is known if the model is told classes, or there is only one."""
        only = next(iter(self.labels)) if len(self.labels) == 1 else None
        sets = [self._sampled(self.wish.seed + k) for k in range(self.wish.seeds)]
        return [[d.replace(label=d.label or only) for d in some] for some in sets]

    @cached_property
    def originals(self) -> list[Drawing]:
        """Drawings of the split that are drawn again, spread over it."""
        return self.real[:: -(-len(self.real) // self.wish.redrawn)]

    @cached_property
    def redrawn(self) -> list[Drawing]:
        """The same, drawn again from z = mu."""
        found: list[Drawing] = []
        sampling_config = SamplingConfig(temperature=self.wish.redraw_temperature)
        for first in range(0, len(self.originals), AT_ONCE):
            some = self.originals[first : first + AT_ONCE]
            found += self.model.reconstruct(
                some, sampling_config=sampling_config, seed=self.wish.seed, unit=1.0
            )
            self.progress("Drawing again", len(found), len(self.originals))
        return found

    # Features ------------------------------------------------------------------------------------

    @cached_property
    def pool(self) -> FeatureRows:
        """Features of the split, then of the training split, as far as they are asked for."""
        return FeatureRows([*self.real, *self.training], self.extractor, self.progress)

    @property
    def real_features(self) -> Rows:
        """Features of the split, ``(n, D)``."""
        return self.pool[: len(self.real)]

    @property
    def training_features(self) -> Rows:
        """Features of the training split, ``(n, D)``."""
        return self.pool[len(self.real) :]

    @cached_property
    def redrawn_features(self) -> Rows:
        """Features of what was drawn again, ``(n, D)``."""
        return FeatureRows(self.redrawn, self.extractor, self.progress).every()

    @cached_property
    def sample_features(self) -> list[Rows]:
        """Features of each set of samples, ``(n, D)`` each."""
        return [FeatureRows(some, self.extractor, self.progress).every() for some in self.samples]

    # What follows from both ----------------------------------------------------------------------

    @cached_property
    def judge(self) -> Judge | None:
        """Who tells the classes of the drawings apart; None where nobody can."""
        names = [drawing.label for drawing in self.training]
        return judge_of(self.extractor, self.labels, names, lambda: self.training_features)

    @cached_property
    def novelty(self) -> Novelty | None:
        """How near the first set of samples lies to training drawings; None where there are none."""
        if not self.training:
            return None
        return novelty(self.sample_features[0], self.real_features, self.training_features)

    # ---------------------------------------------------------------------------------------------

    def _some(self, split: str, most: int) -> list[Drawing]:
        if split not in self.corpus.splits:
            return []
        n = len(self.corpus.splits[split])
        found = (self.corpus.drawing(split, i) for i in range(0, n, max(1, -(-n // most))))
        return [d.replace(label=d.label or self.wish.label) for d in found]

    def _sampled(self, seed: int) -> list[Drawing]:
        found: list[Drawing] = []
        while (left := self.wish.samples - len(found)) > 0:
            batch_seed = seed * 1_000_003 + len(found)  # batches of one seed differ, and seeds share none
            found += self.model.sample(min(left, AT_ONCE), temperature=self.wish.temperature, seed=batch_seed)
            self.progress("Drawing samples", len(found), self.wish.samples)
        return found
