"""``evaluate``: all that can be measured of a model on a corpus, as one dictionary of plain figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from limner.corpus.corpus import Corpus, Split
from limner.corpus.load import load_corpus
from limner.corpus.select import split_name
from limner.corpus.text import counted
from limner.errors import DataError
from limner.evaluation.context import EvaluationContext, EvaluationSettings
from limner.evaluation.feature_extractor import FeatureExtractor
from limner.evaluation.lazy_features import Progress
from limner.evaluation.likelihood import likelihood
from limner.evaluation.metrics import METRICS, measure
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.evaluation.recognition import recognition
from limner.sampling.model import Model, load_model
from limner.training.losses import Convention

AnyModel = Model | str | Path
AnyCorpus = Corpus | str | Path
DEFAULTS = EvaluationSettings()
FEW = 30
"""Drawings below which figures carry a note that they depend on few."""


def evaluate(
    model: AnyModel, corpus: AnyCorpus, metrics: Sequence[str] = (), *, split: str | None = None,
    convention: Convention = "magenta-eval", settings: EvaluationSettings = DEFAULTS,
    extractor: FeatureExtractor | None = None, progress: Progress = lambda *_: None,
) -> dict[str, Any]:  # fmt: skip
    """Measure how well a model knows drawings and, if metrics are named, how well it draws.

    Parameters
    ----------
    model : Model, or what :func:`limner.load_model` takes
    corpus : Corpus, or what :func:`limner.load_corpus` takes
        All of a file without splits is the test split, unless another split is asked for.
    metrics : sequence of str
        Names in :data:`limner.evaluation.metrics.METRICS`, or ``["all"]``.
    split : str, optional
        The split to measure on; test if there is one, else valid, else train, unless given.
    convention : {"magenta-eval", "magenta-train", "end-once"}
    settings, extractor : EvaluationSettings and FeatureExtractor, optional
        Samples that metrics are computed from; the extractor is the encoder of limner unless given.
    progress : callable, optional
        Called with what is being done, how much of it is done, and of how much.

    Returns
    -------
    dict
        What ``limner evaluate --json`` prints; metrics that do not apply are left out.

    Raises
    ------
    LimnerError
        If something does not exist, or the model is told classes and some drawings have none of them.
    """
    names = resolve_metrics(metrics)
    known, data = _load(model, corpus, split)
    name = split_name(data, split)
    figures = evaluate_split(known, data, name, convention)
    if names:
        context = EvaluationContext(known, data, name, extractor or shipped_encoder(), settings, progress)
        figures |= measure(context, names)
    return figures


def _load(model: AnyModel, corpus: AnyCorpus, split: str | None) -> tuple[Model, Corpus]:
    is_test = split in (None, "test")
    return (
        model if isinstance(model, Model) else load_model(model),
        corpus if isinstance(corpus, Corpus) else load_corpus(corpus, share_out=not is_test),
    )


def resolve_metrics(names: Sequence[str]) -> tuple[str, ...]:
    """Return names of metrics in the order of the table; ``all`` stands for every one.

    Raises
    ------
    LimnerError
        If there is no such metric.
    """
    for name in names:
        if name != "all":
            METRICS[name]
    return tuple(name for name in METRICS if "all" in names or name in names)


def evaluate_split(model: Model, corpus: Corpus, name: str, convention: Convention) -> dict[str, Any]:
    """Measure likelihoods of a split and, if its drawings have classes, how well these are recognised.

    Raises
    ------
    DataError
        If the model is told classes and some drawings have none of them.
    """
    split = _labelled(model, corpus, name)
    figures, recognised = likelihood(model, split, convention=convention), recognition(model, split)
    classes = {} if recognised is None else asdict(recognised)
    return {
        "split": name,
        **asdict(figures),
        **{key: value for key, value in classes.items() if value is not None},
        "held_out": name != "train",
        "notes": _notes(corpus, len(split)),
    }


def _labelled(model: Model, corpus: Corpus, name: str) -> Split:
    """Return a split with the model's class numbers as labels."""
    split = corpus.splits[name].relabelled(corpus.label_names, model.card.classes)
    if model.network.config.classes and (unknown := int((split.labels < 0).sum())):
        raise DataError(
            f"{counted(unknown, 'drawing')} of the {name} split have no class that the model is told; "
            "name others with --data."
        )
    return split


def _notes(corpus: Corpus, n: int) -> list[str]:
    """Return sentences on what the figures depend on, where that is less than one may think."""
    few = [f"The figures rest on {counted(n, 'drawing')}, which is few."] if n < FEW else []
    return [note for note in corpus.notes if "for testing" in note] + few
