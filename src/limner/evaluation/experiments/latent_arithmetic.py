"""Experiment: arithmetic with latents of a model of several classes."""

from __future__ import annotations

from collections.abc import Sequence

from limner.evaluation.experiments.claims import agreed, listed
from limner.evaluation.experiments.measures.latent_sums import (
    A_ALONE,
    C_ALONE,
    MEANS,
    RANDOM,
    SUM,
    LatentSums,
)
from limner.evaluation.experiments.plan import Claim, Experiment, TrainingVariant
from limner.evaluation.experiments.results import ExperimentResults
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.training.config import RunConfig, TrainConfig

MEASURE = LatentSums()
NAME = "autoencoder"

_MODEL = ModelConfig(
    latent_size=32, encoder=EncoderConfig(size=128), decoder=DecoderConfig(size=256, components=10)
)
_TRAIN = TrainConfig(
    batch_size=64,
    convention="end-once",
    density_floor=False,
    learning_rate=3e-3,
    learning_rate_decay=0.9995,
    kl_weight=0.2,
    kl_weight_decay=0.998,
    kl_floor=0.2,
    scale_augment=0.1,
    drop_augment=0.0,
    sorted_batches=16,
    validate_every=500,
)


def _claims(results: ExperimentResults) -> Sequence[Claim]:
    return (
        _meant(results, SUM, "a - b + c shows what a shows, where b and c show the same"),
        _meant(
            results, MEANS, "The way from the mean of one class to that of another turns a drawing into it"
        ),
    )


def _meant(results: ExperimentResults, kind: str, text: str) -> Claim:
    """Judge whether sums show the intended class more often than both controls, beyond 95 % intervals."""

    def read(at: str, figure: str) -> list[float]:
        return results.measured(NAME, MEASURE.name, at, figure)

    lows, shares = read(kind, "low"), read(kind, "meant")
    controls = {at: read(at, "high") for at in (C_ALONE, RANDOM)}
    return Claim(
        f"{text} (drawing analogies of Ha and Eck 2017, section 4).",
        agreed([low > max(high[k] for high in controls.values()) for k, low in enumerate(lows)]),
        f"{kind} shows what is meant in {listed(shares, '.0%')} (at least {listed(lows, '.0%')}); c alone in "
        f"{listed(read(C_ALONE, 'meant'), '.0%')}, c and a random pair in "
        f"{listed(read(RANDOM, 'meant'), '.0%')}, a alone, redrawn, in "
        f"{listed(read(A_ALONE, 'meant'), '.0%')}.",
    )


LATENT_ARITHMETIC = Experiment(
    name="latent-arithmetic",
    question="Is a - b + c meaningful?",
    about="An autoencoder of sixteen kinds of toy drawings, which is not told the kinds. Latents of unseen "
    "drawings are added up, drawn, and named by a logistic regression on the frozen encoder's features "
    "that has learnt the kinds from 2,000 real drawings.",
    variants=(TrainingVariant(NAME, "doodles", RunConfig(model=_MODEL, train=_TRAIN)),),
    claims=_claims,
    steps=4000,
    measures=(MEASURE,),
)
