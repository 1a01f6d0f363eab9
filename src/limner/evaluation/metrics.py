"""Metrics beyond likelihood, each a group of plain figures, in a table that other packages add to.

Letters: ``n`` drawings, ``Z`` latent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from limner.evaluation.context import EvaluationContext
from limner.evaluation.protocol.generation import (
    SMALLEST_SET,
    compare_sets,
    mean_and_deviation,
    real_baseline,
)
from limner.evaluation.protocol.judge import recognition_accuracy
from limner.evaluation.quality.interval import bootstrap
from limner.evaluation.quality.structure import Structure, structure_distances
from limner.evaluation.reconstruction import reconstruction_distances
from limner.registry import Registry

Figures = dict[str, Any]
"""Numbers, texts, and lists and dictionaries of such, as JSON holds them."""
ACTIVE_VARIANCE = 0.01
"""Variance of mu over drawings from which on a dimension of z counts as in use (Burda et al. 2016, section
3)."""


@dataclass(frozen=True)
class Metric:
    """A group of figures.

    Parameters
    ----------
    name : str
        On the command line, and as the key of the figures.
    description : str
        One line for lists.
    measure : callable
        Takes an :class:`EvaluationContext` and returns the figures by name; None if the model or the corpus
        does not have what it takes, such as an encoder.
    labels : mapping of str to str
        What figures are called in the printed lines and in the report; figures without a label are in the
        JSON alone. The metrics of limner have theirs in :mod:`limner.evaluation.report`.
    """

    name: str
    description: str
    measure: Callable[[EvaluationContext], Figures | None]
    labels: Mapping[str, str] = field(default_factory=dict)


def reconstruction(context: EvaluationContext) -> Figures | None:
    """Measure distances of drawings to their reconstructions; None for a decoder alone."""
    if not context.model.conditional:
        return None
    distances = reconstruction_distances(context.originals, context.reconstructions)
    interval = bootstrap(distances.own)
    figures: Figures = {
        "n": len(distances.own),
        "temperature": context.settings.reconstruction_temperature,
        "chamfer": interval.value,
        "chamfer_interval": [interval.low, interval.high],
        "chamfer_of_others": float(distances.shifted.mean()),
    }
    judge = context.judge
    if judge is not None:
        labels = [drawing.label for drawing in context.originals]
        accuracy = recognition_accuracy(judge, context.reconstruction_features, labels)
        figures |= {"recognised": accuracy, "judge": judge.name}
    return figures


def generation(context: EvaluationContext) -> Figures | None:
    """Compare sets of samples with the split, and real drawings with real ones; None if there are too few."""
    pool, n = context.pool, len(context.real)
    size = min(context.settings.samples, n, len(pool) // 2)
    if size < SMALLEST_SET:
        return None
    seed = context.settings.seed
    real = pool[np.random.default_rng(seed).permutation(n)[:size]]
    mean, deviation = mean_and_deviation(
        [compare_sets(real, features[:size], seed=seed) for features in context.sample_features]
    )
    baseline = real_baseline(pool, size, seed=seed)
    return {
        "protocol": context.extractor.identifier,
        "set_size": size,
        "temperature": context.settings.temperature,
        "seeds": context.settings.seeds,
        **asdict(mean),
        "deviation": asdict(deviation) if context.settings.seeds > 1 else {},
        "floor": asdict(baseline.mean),
        "floor_deviation": asdict(baseline.deviation),
        "floor_splits": baseline.splits,
        "structure": _structure(context),
        **_recognition(context),
    }


def latents(context: EvaluationContext) -> Figures | None:
    """Count the dimensions of z that are in use; None for a decoder alone."""
    if not context.model.conditional:
        return None
    z = context.model.encode(context.real, unit=1.0).cpu().numpy()  # (n, Z)
    return {"latent_size": z.shape[1], "latent_active": int((z.var(axis=0) > ACTIVE_VARIANCE).sum())}


def novelty(context: EvaluationContext) -> Figures | None:
    """Measure distances of samples to training drawings; None if there are none of these."""
    result = context.novelty
    return None if result is None else {"nearness": result.nearness, "copies": result.copies}


_BUILT_IN = (
    Metric("reconstruction", "distances of drawings to their reconstructions", reconstruction),
    Metric("generation", "samples against drawings: FID, KID, precision, recall, coverage", generation),
    Metric("novelty", "whether samples copy training drawings", novelty),
    Metric("latents", "dimensions of z in use", latents),
)

METRICS: Registry[Metric] = Registry(
    "limner.metrics",
    "metric",
    {metric.name: metric for metric in _BUILT_IN},
    lambda entry: isinstance(entry, Metric),
)
"""All metrics by name; other packages add theirs by entry points of the group ``limner.metrics``."""


def measure(context: EvaluationContext, names: Iterable[str]) -> dict[str, Figures]:
    """Return the figures of metrics by name; those that do not apply are left out.

    Raises
    ------
    LimnerError
        If there is no such metric.
    """
    figures = {name: metric.measure(context) for name, metric in [(n, METRICS[n]) for n in names]}
    if context.cache is not None:
        context.cache.save()
    return {name: values for name, values in figures.items() if values is not None}


def _structure(context: EvaluationContext) -> Figures:
    """Return structural distances of samples to the split and, for comparison, of training drawings to it."""
    real = Structure.of(context.real)
    figures: Figures = {"samples": structure_distances(real, Structure.of(context.samples[0]))}
    if context.training:
        figures["training"] = structure_distances(real, Structure.of(context.training))
    return figures


def _recognition(context: EvaluationContext) -> Figures:
    judge = context.judge
    sampled, real = ([drawing.label for drawing in some] for some in (context.samples[0], context.real))
    if judge is None or None in sampled:
        return {}
    return {
        "recognised": recognition_accuracy(judge, context.sample_features[0], sampled),
        "recognised_real": recognition_accuracy(judge, context.real_features, real),
        "judge": judge.name,
    }
