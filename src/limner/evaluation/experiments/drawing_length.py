"""Experiment: likelihood of short and long drawings, for a recurrent network and a transformer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from limner.evaluation.experiments.claims import NLL, NLL_TITLE, agreed, listed
from limner.evaluation.experiments.measures.nll_by_length import FIGURE, NllByLength, NllByPosition
from limner.evaluation.experiments.plan import Claim, CurveChart, Experiment, MeasureChart, TrainingVariant
from limner.evaluation.experiments.results import ExperimentResults, VariantResult
from limner.models.config import DecoderConfig, ModelConfig, TransformerConfig
from limner.training.config import RunConfig, TrainConfig

CORPUS = "aaron_sheep.npz"
RECURRENT, TRANSFORMER = "lstm", "transformer"
LENGTHS, POSITIONS = NllByLength(), NllByPosition()

_TRAIN = TrainConfig(
    batch_size=50,
    convention="end-once",
    density_floor=False,
    learning_rate_decay=0.9998,
    drop_augment=0.0,
    sorted_batches=26,
    validate_every=50,
    validate_drawings=300,
)
_LSTM = ModelConfig(conditional=False, decoder=DecoderConfig(size=256, components=10))
_ATTENDING = ModelConfig(
    kind="transformer",
    conditional=False,
    transformer=TransformerConfig(
        layers=2, width=128, heads=4, feedforward=256, dropout=0.0, components=10, positions="rotary"
    ),
)


def _ends(training: VariantResult, measure: str) -> tuple[float, float]:
    """Return the NLL per point under the first and the last condition."""
    measurements = training.measurements[measure]
    return measurements[0].figures[FIGURE], measurements[-1].figures[FIGURE]


def _claims(results: ExperimentResults) -> Sequence[Claim]:
    return (
        _worse(results),
        _gains(results, LENGTHS.name, "in the longest drawings than in the shortest"),
        _gains(results, POSITIONS.name, "at the end of long drawings than at the beginning"),
    )


def _worse(results: ExperimentResults) -> Claim:
    ends = {name: [_ends(one, LENGTHS.name) for one in results.of(name)] for name in (RECURRENT, TRANSFORMER)}
    words = "; ".join(
        f"{name}: {listed([a for a, _ in pairs], '.3f')} in the shortest drawings, "
        f"{listed([b for _, b in pairs], '.3f')} in the longest"
        for name, pairs in ends.items()
    )
    return Claim(
        "A recurrent network does worse on long drawings (README of sketch-rnn: below 250 points).",
        agreed([b > a for a, b in ends[RECURRENT]]),
        f"NLL per point, {words}. Long drawings have shorter offsets as well, which makes their points "
        "likelier for any network: the difference between the networks says more.",
    )


def _gains(results: ExperimentResults, measure: str, where: str) -> Claim:
    pairs = zip(results.of(RECURRENT), results.of(TRANSFORMER), strict=True)
    gains = [
        tuple(a - b for a, b in zip(_ends(one, measure), _ends(other, measure), strict=True))
        for one, other in pairs
    ]
    return Claim(
        f"A transformer gains more on a recurrent network {where} (overview of the Single-Line project: long "
        "dependencies).",
        agreed([last > first for first, last in gains]),
        f"NLL per point of the recurrent network less that of the transformer: "
        f"{listed([first for first, _ in gains], '+.3f')} first, "
        f"{listed([last for _, last in gains], '+.3f')} last.",
    )


LENGTH = Experiment(
    name="length",
    question="How does quality fall with the number of points, for a recurrent network and a transformer?",
    about="Two decoders with nearly as many weights on sheep of 20 to 250 points. Unseen drawings are taken "
    "by their number of points, and points by their number in the drawing.",
    variants=(
        TrainingVariant(RECURRENT, CORPUS, RunConfig(model=_LSTM, train=_TRAIN)),
        TrainingVariant(
            TRANSFORMER,
            CORPUS,
            RunConfig(model=_ATTENDING, train=replace(_TRAIN, learning_rate_warmup=100, grad_clip_by="norm")),
        ),
    ),
    claims=_claims,
    steps=1000,
    seeds=(1, 2),
    charts=(CurveChart(NLL, NLL_TITLE),),
    measures=(LENGTHS, POSITIONS),
    measure_charts=(
        MeasureChart(LENGTHS.name, (FIGURE,), "NLL per point by the points of a drawing", "points"),
        MeasureChart(POSITIONS.name, (FIGURE,), "NLL per point by the point's number", "points before"),
    ),
)
