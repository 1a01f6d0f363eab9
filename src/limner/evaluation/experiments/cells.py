"""Experiment: three recurrent cells with nearly equal numbers of weights and equal steps."""

from __future__ import annotations

from collections.abc import Sequence

from limner.evaluation.experiments.claims import NLL, NLL_TITLE, likelier
from limner.evaluation.experiments.plan import Claim, CurveChart, Experiment, TrainingVariant
from limner.evaluation.experiments.results import ExperimentResults
from limner.models.config import CellName, DecoderConfig, ModelConfig
from limner.training.config import RunConfig, TrainConfig

CORPUS = "short_kanji.npz"
LSTM, NORM, HYPER = "lstm", "layer norm", "hyper"

_TRAIN = TrainConfig(
    convention="end-once",
    density_floor=False,
    learning_rate_decay=0.9998,
    drop_augment=0.0,
    sorted_batches=25,
    validate_every=50,
    validate_drawings=300,
)


def _variant(name: str, cell: CellName, size: int) -> TrainingVariant:
    model = ModelConfig(conditional=False, decoder=DecoderConfig(cell=cell, size=size, components=10))
    return TrainingVariant(name, CORPUS, RunConfig(model=model, train=_TRAIN))


def _claims(results: ExperimentResults) -> Sequence[Claim]:
    return (
        likelier(
            results,
            "With as many weights a HyperLSTM is likelier than an LSTM on handwriting (Ha, Dai and Le 2016).",
            LSTM,
            HYPER,
        ),
        likelier(
            results,
            "Layer norm is the cell for corpora of up to 10,000 drawings (README of sketch-rnn).",
            LSTM,
            NORM,
        ),
        likelier(
            results,
            "A HyperLSTM, which norms its layers too, gains on layer norm alone.",
            NORM,
            HYPER,
        ),
    )


CELLS = Experiment(
    name="cells",
    question="Which recurrent cell learns most with the same number of weights and steps?",
    about="A decoder alone on 10,000 Chinese characters. The HyperLSTM's small cell takes its weights from "
    "the large one, which has 144 units where the others have 400.",
    variants=(
        _variant(LSTM, "lstm", 400),
        _variant(NORM, "layer_norm", 400),
        _variant(HYPER, "hyper", 144),
    ),
    claims=_claims,
    steps=1000,
    seeds=(1, 2),
    charts=(CurveChart(NLL, NLL_TITLE), CurveChart("train_cost", "Training cost")),
)
