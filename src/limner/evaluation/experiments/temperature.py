"""Experiment: fidelity and diversity of samples at several temperatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from limner.evaluation.experiments.claims import NLL, NLL_TITLE, agreed, listed
from limner.evaluation.experiments.measures.temperature_sweep import TemperatureSweep
from limner.evaluation.experiments.plan import Claim, CurveChart, Experiment, MeasureChart, TrainingVariant
from limner.evaluation.experiments.results import ExperimentResults, VariantResult
from limner.models.config import DecoderConfig, ModelConfig
from limner.training.config import RunConfig, TrainConfig

CAREFUL, AS_LEARNT = 0.4, 1.0
SHEEP, DOODLES = "sheep", "doodles"
MEASURE = TemperatureSweep()

_MODEL = ModelConfig(conditional=False, decoder=DecoderConfig(size=384, components=10))
_TRAIN = TrainConfig(
    batch_size=64,
    convention="end-once",
    density_floor=False,
    learning_rate=2e-3,
    learning_rate_decay=0.9993,
    drop_augment=0.0,
    sorted_batches=16,
    validate_every=250,
    validate_drawings=300,
)
_TOLD = replace(_TRAIN, by_class=True, scale_augment=0.1)


def _claims(results: ExperimentResults) -> Sequence[Claim]:
    return tuple(
        claim(variant.name, results.of(variant.name))
        for variant in TEMPERATURE.variants
        for claim in (_truer, _more_alike, _recognisable, _built_as_the_corpus)
        if results.of(variant.name)
    )


def _both(trainings: Sequence[VariantResult], figure: str) -> tuple[list[float], list[float]]:
    """Return a figure at the low temperature and at 1, for each seed."""
    careful, learnt = (
        [training.figure(MEASURE.name, at, figure) for training in trainings] for at in (CAREFUL, AS_LEARNT)
    )
    return careful, learnt


def _compared(
    trainings: Sequence[VariantResult], figure: str, text: str, what: str, *, more: bool = True
) -> Claim:
    """Judge the claim that a figure is larger, or smaller, at the low temperature than at 1."""
    careful, learnt = _both(trainings, figure)
    return Claim(
        text,
        agreed([a > b if more else a < b for a, b in zip(careful, learnt, strict=True)]),
        f"{what} {listed(careful, '.3f')} at temperature {CAREFUL:g}, {listed(learnt, '.3f')} at "
        f"{AS_LEARNT:g}.",
    )


def _truer(name: str, trainings: Sequence[VariantResult]) -> Claim:
    text = f"Careful samples lie nearer to real drawings (Ha and Eck 2017, section 3.3): {name}."
    claim = _compared(trainings, "precision", text, "Precision")
    careful, learnt = _both(trainings, "coverage")
    return replace(
        claim,
        found=f"{claim.found} Coverage, which samples do not gain by lying near the corpus's strangest "
        f"drawings: {listed(careful, '.3f')} and {listed(learnt, '.3f')}.",
    )


def _more_alike(name: str, trainings: Sequence[VariantResult]) -> Claim:
    text = f"Careful samples are more alike (Ha and Eck 2017, section 3.3): {name}."
    return _compared(trainings, "recall", text, "Recall", more=False)


def _recognisable(name: str, trainings: Sequence[VariantResult]) -> Claim:
    text = f"Careful samples are recognised more often (what galleries of low temperatures suggest): {name}."
    try:
        return _compared(trainings, "recognised", text, "Recognised")
    except KeyError:
        return Claim(text, None, "Nobody here can tell what they show.")


def _built_as_the_corpus(name: str, trainings: Sequence[VariantResult]) -> Claim:
    names = ("Δ strokes", "Δ points", "Δ ink", "Δ pen_up")
    careful, learnt = (
        np.mean(pairs, axis=0) for pairs in zip(*(_both(trainings, n) for n in names), strict=True)
    )
    return Claim(
        "At temperature 1, as they were learnt, drawings are built most like the corpus (what maximum "
        f"likelihood asks for): {name}.",
        agreed([bool(a > b) for a, b in zip(careful, learnt, strict=True)]),
        "Mean distance of strokes, points, ink and way above the paper, in standard deviations: "
        f"{listed(careful.tolist(), '.2f')} at {CAREFUL:g}, {listed(learnt.tolist(), '.2f')} at "
        f"{AS_LEARNT:g}.",
    )


def _chart(title: str, *figures: str) -> MeasureChart:
    return MeasureChart(MEASURE.name, figures, title, "temperature")


TEMPERATURE = Experiment(
    name="temperature",
    question="What does the temperature do to samples?",
    about="A decoder of sheep that people drew, and one of sixteen kinds of toy drawings that is told the "
    "kind; 500 samples at each temperature against drawings that the training never saw. Pale lines show "
    "what drawings of the train split reach in their place. Sheep are recognised among the classes of the "
    "shipped encoder, toys among their own kinds, by a logistic regression on its features.",
    variants=(
        TrainingVariant(SHEEP, "aaron_sheep.npz", RunConfig(model=_MODEL, train=_TRAIN)),
        TrainingVariant(DOODLES, "doodles", RunConfig(model=_MODEL, train=_TOLD)),
    ),
    claims=_claims,
    steps=3000,
    charts=(CurveChart(NLL, NLL_TITLE),),
    measures=(MEASURE,),
    measure_charts=(
        _chart("Precision: samples that lie among real drawings", "precision"),
        _chart("Recall: real drawings that lie among samples", "recall"),
        _chart("Samples that are recognised as what they were meant to be", "recognised"),
        _chart("Fréchet distance to real drawings", "fid"),
    ),
)
