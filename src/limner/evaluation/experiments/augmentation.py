"""Experiment: what augmentation gains on a small corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from limner.corpus.strong_augmentation import StrongAugmentation
from limner.evaluation.experiments.architectures import CORPUS, LSTM, TRAIN
from limner.evaluation.experiments.claims import NLL, NLL_TITLE, likelier
from limner.evaluation.experiments.plan import Claim, CurveChart, Experiment, TrainingVariant
from limner.evaluation.experiments.results import ExperimentResults
from limner.training.config import RunConfig, TrainConfig

FEW = 300
"""Training drawings: with more, a short training ends before it overfits."""
NONE, SCALE, DROP, STROKES = "none", "scale", "drop", "strokes"

_PLAIN = replace(TRAIN, scale_augment=0.0, drop_augment=0.0, sorted_batches=6)


def _variant(name: str, train: TrainConfig) -> TrainingVariant:
    return TrainingVariant(name, CORPUS, RunConfig(model=LSTM, train=train), num_train=FEW)


def _claims(results: ExperimentResults) -> Sequence[Claim]:
    readme = "README of sketch-rnn, which advises it"
    claims = (
        likelier(results, f"Stretching drawings makes unseen ones likelier ({readme}).", NONE, SCALE),
        likelier(results, f"Dropping points makes unseen drawings likelier ({readme}).", NONE, DROP),
        likelier(results, "Moving and leaving out strokes gains more than dropping points.", DROP, STROKES),
    )
    last = {name: results.mean(name, lambda curves: curves[NLL].last) for name in (NONE, STROKES)}
    return (
        *claims[:2],
        replace(
            claims[2],
            found=f"{claims[2].found} At the last step: {last[NONE]:.4f} without augmentation, "
            f"{last[STROKES]:.4f} with this one.",
        ),
    )


AUGMENTATION = Experiment(
    name="augmentation",
    question="What does augmentation gain on a few hundred drawings?",
    about=f"{FEW} drawings of a sketchbook's corpus: as they are; each axis stretched by up to 15 %; points "
    "dropped with probability 0.1; and strokes moved by a fiftieth of the drawing's side, one in twenty left "
    "out. Part 4 of the Single-Line project found the opposite of sketch-rnn's README for dropped points; "
    "slml-part4 tests that on the whole corpus.",
    variants=(
        _variant(NONE, _PLAIN),
        _variant(SCALE, replace(_PLAIN, scale_augment=0.15)),
        _variant(DROP, replace(_PLAIN, drop_augment=0.1)),
        _variant(STROKES, replace(_PLAIN, vary=StrongAugmentation(nudge=0.02, leave_out=0.05))),
    ),
    claims=_claims,
    steps=1000,
    seeds=(1, 2),
    charts=(CurveChart(NLL, NLL_TITLE), CurveChart("train_cost", "Training cost")),
)
