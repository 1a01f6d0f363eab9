"""Experiment: the weight of L_KL, and what a more informative latent gains and costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from limner.evaluation.experiments.claims import agreed, listed
from limner.evaluation.experiments.measures.unseen_likelihood import CONDITION, UnseenLikelihood
from limner.evaluation.experiments.plan import Claim, CurveChart, Experiment, TrainingVariant
from limner.evaluation.experiments.results import ExperimentResults
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.training.config import RunConfig, TrainConfig

CORPUS = "short_kanji.npz"
WEIGHTS = {"w_kl 1": 1.0, "w_kl 0.5": 0.5, "w_kl 0.25": 0.25}
ALONE = "decoder alone"
MEASURE = UnseenLikelihood()

_MODEL = ModelConfig(
    latent_size=64, encoder=EncoderConfig(size=128), decoder=DecoderConfig(size=256, components=10)
)
_TRAIN = TrainConfig(
    convention="end-once",
    density_floor=False,
    learning_rate=2e-3,
    learning_rate_decay=0.9995,
    kl_weight_decay=0.998,  # nearly its full weight at the end of a short training
    drop_augment=0.0,
    sorted_batches=25,
    validate_every=100,
    validate_drawings=300,
)


def _weighted(name: str, weight: float) -> TrainingVariant:
    return TrainingVariant(name, CORPUS, RunConfig(model=_MODEL, train=replace(_TRAIN, kl_weight=weight)))


def _claims(results: ExperimentResults) -> Sequence[Claim]:
    recon = {name: results.measured(name, MEASURE.name, CONDITION, "L_R") for name in (*WEIGHTS, ALONE)}
    kl = {name: results.measured(name, MEASURE.name, CONDITION, "L_KL") for name in WEIGHTS}
    lighter = [
        [b < a for a, b in zip(recon[one], recon[other], strict=True)] for one, other in pairwise(WEIGHTS)
    ]
    richer = [[b > a for a, b in zip(kl[one], kl[other], strict=True)] for one, other in pairwise(WEIGHTS)]
    seeds = range(len(recon[ALONE]))
    highest = [recon[ALONE][k] > max(recon[name][k] for name in WEIGHTS) for k in seeds]
    pairs = "; ".join(
        f"{name}: {listed(recon[name], '.3f')} and {listed(kl[name], '.3f')}" for name in WEIGHTS
    )
    return (
        Claim(
            "The smaller the weight of L_KL, the lower L_R and the higher L_KL (Ha and Eck 2017, table 1).",
            agreed([all(step[k] for step in (*lighter, *richer)) for k in seeds]),
            f"L_R and L_KL of unseen drawings: {pairs}.",
        ),
        Claim(
            "A decoder alone has the highest L_R of all (Ha and Eck 2017, table 1).",
            agreed(highest),
            f"Its L_R is {listed(recon[ALONE], '.3f')}.",
        ),
    )


KL_TRADEOFF = Experiment(
    name="kl-tradeoff",
    question="What does the weight of L_KL buy?",
    about="An autoencoder of Chinese characters with three weights of L_KL, and its decoder alone. Of the "
    "paper's table the shape is tested, not the numbers: corpus, N_max and networks are others.",
    variants=(
        *(_weighted(name, weight) for name, weight in WEIGHTS.items()),
        TrainingVariant(ALONE, CORPUS, RunConfig(model=replace(_MODEL, conditional=False), train=_TRAIN)),
    ),
    claims=_claims,
    steps=2000,
    charts=(
        CurveChart("valid_L_R", "L_R in validation"),
        CurveChart("valid_L_KL", "L_KL in validation", tuple(WEIGHTS)),
    ),
    measures=(MEASURE,),
)
