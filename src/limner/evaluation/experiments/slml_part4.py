"""Experiment: the claims of the Single-Line project's fourth post, each added to the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from limner.evaluation.experiments.claims import NLL, NLL_TITLE, agreed, listed
from limner.evaluation.experiments.plan import Claim, CurveChart, Experiment, TrainingVariant
from limner.evaluation.experiments.results import ExperimentResults
from limner.models.config import ModelConfig
from limner.training.config import RunConfig, TrainConfig

RAW, FILTERED = "look_i16.npz", "look_i16__minn10_epsilon1.npz"
COST = "valid_cost"

_TRAIN = TrainConfig(
    convention="end-once",
    grad_clip_by="norm",
    drop_augment=0.0,
    sorted_batches=13,  # an epoch
    validate_every=100,
    validate_drawings=300,
)
_AUGMENTED = replace(_TRAIN, drop_augment=0.1)
_LSTM = ModelConfig()


def _layer_norm(*, learnable: bool, keep: float = 1.0) -> ModelConfig:
    encoder = replace(_LSTM.encoder, cell="layer_norm", norm_learnable=learnable, recurrent_keep=keep)
    decoder = replace(_LSTM.decoder, cell="layer_norm", norm_learnable=learnable, recurrent_keep=keep)
    return replace(_LSTM, encoder=encoder, decoder=decoder)


def _variant(name: str, corpus: str, model: ModelConfig, train: TrainConfig = _TRAIN) -> TrainingVariant:
    return TrainingVariant(name, corpus, RunConfig(model=model, train=train))


def _claims(results: ExperimentResults) -> Sequence[Claim]:
    return (
        _filtered(results),
        _without_spikes(results),
        _sooner(results),
        _raised(results),
    )


def _each(results: ExperimentResults, variant: str, column: str) -> list[float]:
    return results.each(variant, lambda curves: curves[column].minimum)


def _filtered(results: ExperimentResults) -> Claim:
    raw, filtered = (_each(results, name, NLL) for name in ("raw", "filtered"))
    spikes = [results.mean(name, lambda curves: curves.spikes) for name in ("raw", "filtered")]
    return Claim(
        "Without strokes of less than a hundredth of the ink a drawing is learnt better (part 4: about 40 "
        "strokes a drawing before, 10 after).",
        max(filtered) < min(raw),
        f"Best NLL per point {listed(raw)} on the raw corpus, {listed(filtered)} on the filtered one, each "
        f"in units of its own scale factor; {spikes[0]:.1f} and {spikes[1]:.1f} spikes. The corpora differ, "
        "so that this compares tasks, not networks.",
    )


def _without_spikes(results: ExperimentResults) -> Claim:
    names = ("filtered", "layer norm, fixed", "layer norm")
    counts = {name: results.each(name, lambda curves: float(curves.spikes)) for name in names}
    plain, fixed, learnt = (sum(counts[name]) for name in names)
    nll = {name: listed(_each(results, name, NLL)) for name in names}
    words = "; ".join(f"{name}: {listed(counts[name], '.0f')} ({nll[name]})" for name in names)
    return Claim(
        "Layer norm removes the spikes of the loss (part 4).",
        None if plain == 0 else max(fixed, learnt) < plain / 2,
        f"Spikes of the training cost a seed, and the best NLL per point: {words}.",
    )


def _sooner(results: ExperimentResults) -> Claim:
    marks = _each(results, "layer norm", COST)
    firsts = [
        training.curves[COST].first_at_most(mark)
        for training, mark in zip(results.of("recurrent dropout"), marks, strict=True)
    ]
    steps = results.each("layer norm", lambda curves: curves[COST].step_of_minimum)
    costs = _each(results, "recurrent dropout", COST)
    reached = ", ".join("never" if first is None else f"{first}" for first in firsts)
    return Claim(
        "Recurrent dropout brings the validation loss down sooner (part 4).",
        agreed([first is not None and first < step for first, step in zip(firsts, steps, strict=True)]),
        f"The best cost without it ({listed(marks)} at step {listed(steps, '.0f')}) is "
        f"reached with it at step {reached}; its own best is {listed(costs)}.",
    )


def _raised(results: ExperimentResults) -> Claim:
    without, having = (_each(results, name, COST) for name in ("recurrent dropout", "stroke augmentation"))
    return Claim(
        "Dropping points as augmentation raises the validation loss (part 4).",
        agreed([b > a for a, b in zip(without, having, strict=True)]),
        f"Best validation cost {listed(without)} without and {listed(having)} with it.",
    )


SLML_PART4 = Experiment(
    name="slml-part4",
    question="Does what helped the Single-Line project to learn its sketchbooks help here?",
    about="Its corpus raw and without short strokes; then, on the latter, layer norm with fixed and "
    "learnable scale, recurrent dropout and augmentation by dropping points, each added to the one before. "
    "Networks of its size: encoder 256, decoder 512, z 128, 20 components.",
    variants=(
        _variant("raw", RAW, _LSTM),
        _variant("filtered", FILTERED, _LSTM),
        _variant("layer norm, fixed", FILTERED, _layer_norm(learnable=False)),
        _variant("layer norm", FILTERED, _layer_norm(learnable=True)),
        _variant("recurrent dropout", FILTERED, _layer_norm(learnable=True, keep=0.9)),
        _variant("stroke augmentation", FILTERED, _layer_norm(learnable=True, keep=0.9), _AUGMENTED),
    ),
    claims=_claims,
    steps=1500,
    seeds=(1, 2),
    charts=(
        CurveChart(NLL, NLL_TITLE),
        CurveChart("train_cost", "Training cost", ("raw", "filtered", "layer norm, fixed", "layer norm")),
        CurveChart(COST, "L_R + w L_KL in validation"),
    ),
)
