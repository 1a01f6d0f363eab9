"""Experiments about networks: attention, the transformer's losses, what offset and pen know of each other.

All train on the same corpus with the same settings and with nearly as many weights, so that experiments that
share a folder share the runs of their baselines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from limner.evaluation.experiments.claims import NLL, NLL_TITLE, likelier
from limner.evaluation.experiments.plan import Claim, CurveChart, Experiment, TrainingVariant
from limner.evaluation.experiments.results import ExperimentResults
from limner.models.config import (
    AttentionConfig,
    DecoderConfig,
    EncoderConfig,
    JointName,
    ModelConfig,
    TransformerConfig,
)
from limner.training.config import RunConfig, TrainConfig

CORPUS = "look_i16__minn10_epsilon1.npz"
RECALL = "valid_lift_recall"
QUICKER = 0.7
"""Share of the baseline's time up to which a claim of 60 % is taken to hold."""

TRAIN = TrainConfig(
    batch_size=50,
    convention="end-once",
    density_floor=False,
    learning_rate_decay=0.9998,
    kl_weight_decay=0.9995,
    sorted_batches=26,  # an epoch
    validate_every=50,
    validate_drawings=300,
)
LSTM = ModelConfig(
    latent_size=64, encoder=EncoderConfig(size=128), decoder=DecoderConfig(size=256, components=10)
)
_ATTENTION = replace(
    LSTM, decoder=replace(LSTM.decoder, size=224, attention=AttentionConfig(heads=2, width=64))
)
_TRANSFORMER = ModelConfig(
    kind="transformer",
    latent_size=64,
    transformer=TransformerConfig(
        layers=2, width=128, heads=4, feedforward=256, dropout=0.0, components=10, positions="rotary"
    ),
)
_TRANSFORMER_TRAIN = replace(TRAIN, learning_rate_warmup=100, grad_clip_by="norm")
_FOCAL = replace(_TRANSFORMER_TRAIN, focal_gamma=2.0)
_ELU = replace(
    _TRANSFORMER,
    transformer=replace(_TRANSFORMER.transformer, sigma="elu", sigma_alpha=3.0, sigma_min=0.008),
)


def _variant(name: str, model: ModelConfig, train: TrainConfig) -> TrainingVariant:
    return TrainingVariant(name, CORPUS, RunConfig(model=model, train=train))


def _recurrent_head(joint: JointName) -> ModelConfig:
    return replace(LSTM, decoder=replace(LSTM.decoder, joint=joint))


def _transformer_head(joint: JointName) -> ModelConfig:
    return replace(_TRANSFORMER, transformer=replace(_TRANSFORMER.transformer, joint=joint))


_SOURCE = replace(
    _TRANSFORMER,
    transformer=replace(
        _TRANSFORMER.transformer, components=1, norm="post", positions="sinusoidal", coordinates="absolute"
    ),
)
"""The transformer as in its source: one component, absolute coordinates, post-norm."""
_SOURCE_ELU = replace(
    _SOURCE, transformer=replace(_SOURCE.transformer, sigma="elu", sigma_alpha=3.0, sigma_min=0.008)
)

_BASELINE = _variant("lstm", LSTM, TRAIN)
_PLAIN = _variant("transformer", _TRANSFORMER, _TRANSFORMER_TRAIN)


def _least(column: str, results: ExperimentResults, variant: str) -> float:
    return results.mean(variant, lambda curves: curves[column].minimum)


def _attention_claims(results: ExperimentResults) -> Sequence[Claim]:
    marks = results.each("lstm", lambda curves: curves["valid_cost"].minimum)
    steps = [int(step) for step in results.each("lstm", lambda curves: curves["valid_cost"].step_of_minimum)]
    reached = [
        training.curves["valid_cost"].first_at_most(mark)
        for training, mark in zip(results.of("attention"), marks, strict=True)
    ]
    pace = results.step_seconds["attention"] / results.step_seconds["lstm"]
    shares = [pace * step / base for step, base in zip(reached, steps, strict=True) if step is not None]
    words = ", ".join(f"{_step(step)} for {base}" for step, base in zip(reached, steps, strict=True))
    time = f"{np.mean(shares):.0%} of its time" if shares else "no time"
    nll = [_least(NLL, results, name) for name in ("lstm", "attention")]
    cost = [_least("valid_cost", results, name) for name in ("lstm", "attention")]
    return (
        Claim(
            "Attention over the points before reaches the baseline's best validation loss in about 60 % of "
            "its time (SketchRNN with attention, owls and Creative Birds).",
            len(shares) == len(steps) and float(np.mean(shares)) <= QUICKER,
            f"Attention was as good as the baseline at its best after {words} steps of the baseline. A step "
            f"takes {pace:.2f} times as long with attention: {time}.",
        ),
        Claim(
            "With attention the loss ends as low or lower (SketchRNN with attention).",
            cost[1] <= cost[0],
            f"The best validation cost is {cost[0]:.4f} without and {cost[1]:.4f} with attention, the best "
            f"NLL per point {nll[0]:.4f} and {nll[1]:.4f}.",
        ),
    )


def _step(step: int | None) -> str:
    return "never" if step is None else f"{step}"


def _focal_claims(results: ExperimentResults) -> Sequence[Claim]:
    return (
        _sooner(results, "transformer", "focal"),
        _fewer_spikes(results, "transformer", "elu", "ten components, offsets"),
        _fewer_spikes(results, "source", "source, elu", "the source's own network"),
    )


def _sooner(results: ExperimentResults, plain: str, focal: str) -> Claim:
    marks = [0.5 * value for value in results.each(plain, lambda curves: curves[RECALL].last)]
    firsts = {
        name: [
            training.curves[RECALL].first_at_least(mark)
            for training, mark in zip(results.of(name), marks, strict=True)
        ]
        for name in (plain, focal)
    }
    means = {
        name: results.mean(name, lambda curves: float(curves[RECALL].values.mean()))
        for name in (plain, focal)
    }
    nll = {name: _least(NLL, results, name) for name in (plain, focal)}
    earlier = all(
        after is not None and (before is None or after < before)
        for before, after in zip(firsts[plain], firsts[focal], strict=True)
    )
    steps = {name: ", ".join(map(_step, steps_of)) for name, steps_of in firsts.items()}
    return Claim(
        "With focal loss, gamma 2, lifts of the pen are learnt sooner (SketchGeneration).",
        earlier if earlier == (means[focal] > means[plain]) else None,
        f"Half of the recall that cross-entropy ends with is reached at step {steps[plain]} with "
        f"cross-entropy and at step {steps[focal]} with focal loss; the mean over all validations is "
        f"{means[plain]:.3f} and {means[focal]:.3f}. Best NLL per point: {nll[plain]:.4f} and "
        f"{nll[focal]:.4f}.",
    )


def _fewer_spikes(results: ExperimentResults, plain: str, elu: str, where: str) -> Claim:
    counts = {name: results.each(name, lambda curves: float(curves.spikes)) for name in (plain, elu)}
    total = {name: sum(seeds) for name, seeds in counts.items()}
    nll = {name: _least(NLL, results, name) for name in (plain, elu)}
    words = {name: ", ".join(f"{count:.0f}" for count in seeds) for name, seeds in counts.items()}
    return Claim(
        f"ELU + alpha + sigma_min instead of exp removes spikes of the loss (SketchGeneration); {where}.",
        None if total[plain] == total[elu] == 0 else total[elu] < total[plain],
        f"Spikes of the training cost, a seed each: {words[plain]} with exp, {words[elu]} with ELU; best NLL "
        f"per point {nll[plain]:.4f} and {nll[elu]:.4f}.",
    )


def _head_claims(results: ExperimentResults) -> Sequence[Claim]:
    return tuple(
        _head_claim(results, plain, joint)
        for plain, joints in (
            ("lstm", ("lstm, component", "lstm, conditioned")),
            ("transformer", ("transformer, component", "transformer, conditioned")),
        )
        for joint in joints
    )


def _head_claim(results: ExperimentResults, plain: str, joint: str) -> Claim:
    return likelier(
        results,
        f"A head that knows pen and offset together is likelier than an independent one: {joint} (named as "
        "future work by SketchGeneration).",
        plain,
        joint,
    )


ATTENTION = Experiment(
    name="attention-convergence",
    question="Does attention over the points before reach the baseline's best loss sooner?",
    about="Two heads of 64 over the decoder's inputs, whose outcome joins the input of a smaller cell, so "
    "that both networks have nearly as many weights.",
    variants=(_BASELINE, _variant("attention", _ATTENTION, TRAIN)),
    claims=_attention_claims,
    steps=2000,
    seeds=(1, 2),
    charts=(CurveChart("valid_cost", "L_R + w L_KL in validation"), CurveChart(NLL, NLL_TITLE)),
)

FOCAL_ELU = Experiment(
    name="focal-elu",
    question="Are lifts learnt sooner with focal loss, and does ELU keep the loss from spiking?",
    about="A transformer autoencoder with cross-entropy or focal loss of the pen, and exp or ELU for "
    "standard deviations; and the source's own way: one component, absolute coordinates, layers normalised "
    "after.",
    variants=(
        _PLAIN,
        _variant("focal", _TRANSFORMER, _FOCAL),
        _variant("elu", _ELU, _TRANSFORMER_TRAIN),
        _variant("source", _SOURCE, _TRANSFORMER_TRAIN),
        _variant("source, elu", _SOURCE_ELU, _TRANSFORMER_TRAIN),
    ),
    claims=_focal_claims,
    seeds=(1, 2),
    charts=(
        CurveChart(RECALL, "Lifts that are foreseen in validation", ("transformer", "focal", "elu")),
        CurveChart(NLL, NLL_TITLE),
        CurveChart("train_cost", "Training cost", ("source", "source, elu")),
    ),
)

JOINT_HEAD = Experiment(
    name="joint-head",
    question="Is a head that knows pen and offset together likelier than one that keeps them apart?",
    about="Three heads for the recurrent network and the transformer: independent; each component of the "
    "mixture with pen states of its own; each pen state with a mixture of its own.",
    variants=(
        _BASELINE,
        _variant("lstm, component", _recurrent_head("component"), TRAIN),
        _variant("lstm, conditioned", _recurrent_head("conditioned"), TRAIN),
        _PLAIN,
        _variant("transformer, component", _transformer_head("component"), _TRANSFORMER_TRAIN),
        _variant("transformer, conditioned", _transformer_head("conditioned"), _TRANSFORMER_TRAIN),
    ),
    claims=_head_claims,
    seeds=(1, 2),
    charts=(CurveChart(NLL, NLL_TITLE), CurveChart("valid_L_R", "L_R in validation")),
)
