"""Made-up trainings with curves of known shape, and a feature extractor that needs no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.evaluation.experiments.measurement import FinishedTraining, Measurement
from limner.evaluation.experiments.results import Curves, Series, VariantResult
from limner.evaluation.quality.chamfer import ink_points
from limner.models.build import build_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.weights import Card
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

KINDS = ("boat", "cup", "tree")


def series(values: list[float], every: int = 1) -> Series:
    """Return a curve with a value every so many steps."""
    return Series(np.arange(1, len(values) + 1) * every, np.array(values, float))


def training(
    variant: str,
    seed: int = 1,
    measurements: Mapping[str, tuple[Measurement, ...]] | None = None,
    **columns: list[float],
) -> VariantResult:
    """Return a finished training with these curves, and flat ones for the rest."""
    quiet = {
        name: [1.0] * 4
        for name in (
            "train_cost", "valid_cost", "valid_L_R", "valid_L_KL", "valid_nll_per_point", "valid_lift_recall"
        )
    }  # fmt: skip
    found = {name: series(values, every=10) for name, values in (quiet | columns).items()}
    return VariantResult(
        variant, seed, f"{variant}-{seed}", 1234, 80, 2.5, 60.0, Curves(found), measurements or {}
    )


class InkGrid:
    """Measures the share of ink in each of sixteen fields of the bounding box."""

    identifier = "ink-grid-1"

    def features(self, drawings: Sequence[Drawing]) -> NDArray[np.float32]:
        """Return the shares, ``(n, 16)``."""
        return np.array([self._shares(drawing) for drawing in drawings], np.float32).reshape(-1, 16)

    def _shares(self, drawing: Drawing) -> NDArray[np.float64]:
        if not drawing.n_points:
            return np.zeros(16)
        places = ink_points(drawing, 100)
        low, size = places.min(0), np.ptp(places, axis=0).max() or 1.0
        fields = np.minimum(4 * (places - low) / size, 3).astype(int)
        return np.bincount(4 * fields[:, 1] + fields[:, 0], minlength=16) / len(places)


def labelled(n: int = 120, seed: int = 5) -> Corpus:
    """Return a corpus of three kinds, half of it the train split."""
    drawings = make_doodles(n, seed=seed, kinds=KINDS)
    labels = [KINDS.index(drawing.label or "") for drawing in drawings]
    whole = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels)
    half, most = n // 2, 3 * n // 4
    splits = {"train": range(half), "valid": range(half, most), "test": range(most, n)}
    return Corpus({name: whole.take(part) for name, part in splits.items()}, KINDS)


def finished(corpus: Corpus, *, conditional: bool = True) -> FinishedTraining:
    """Return an untrained network with a corpus."""
    config = ModelConfig(
        conditional=conditional,
        latent_size=4,
        encoder=EncoderConfig(size=8),
        decoder=DecoderConfig(size=8, components=2),
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = build_model(config).eval()
    card = Card(
        config,
        scale_factor=corpus.scale_factor,
        n_max=corpus.n_max,
        extent=200.0,
        start=(0.0, 0.0),
        start_reach=30.0,
        tolerance=0.0,
        training={"step": 7},
    )
    return FinishedTraining(Model(network, card), corpus)
