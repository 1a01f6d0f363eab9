"""What can be measured of a model beyond likelihood, group by group, as plain figures.

Letters: ``n`` drawings, ``Z`` latent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal

import numpy as np

from limner.evaluation.context import EvaluationContext
from limner.evaluation.protocol.generation import LEAST, floor, likeness, spread
from limner.evaluation.protocol.judge import recognised
from limner.evaluation.quality.interval import bootstrap
from limner.evaluation.quality.structure import Structure, structure_distances
from limner.evaluation.reconstruction import redrawing

Group = Literal["reconstruction", "generation", "novelty", "latents"]
Figures = dict[str, Any]
DEAD = 0.01
"""A number of z whose mu varies less than this says nothing (Burda et al. 2016, section 3)."""


def reconstruction(subject: EvaluationContext) -> Figures | None:
    """Measure how far drawings lie from what the model draws of them; None for a decoder alone."""
    if not subject.model.conditional:
        return None
    found = redrawing(subject.originals, subject.redrawn)
    interval = bootstrap(found.gaps)
    figures: Figures = {
        "n": len(found.gaps),
        "temperature": subject.wish.redraw_temperature,
        "chamfer": interval.value,
        "chamfer_interval": [interval.low, interval.high],
        "chamfer_of_others": float(found.others.mean()),
    }
    judge = subject.judge
    if judge is not None:
        meant = [drawing.label for drawing in subject.originals]
        share = recognised(judge, subject.redrawn_features, meant)
        figures |= {"recognised": share, "judge": judge.name}
    return figures


def generation(subject: EvaluationContext) -> Figures | None:
    """Compare sets of samples with the split, beside real drawings with real ones; None if too few."""
    pool, n = subject.pool, len(subject.real)
    size = min(subject.wish.samples, n, len(pool) // 2)
    if size < LEAST:
        return None
    seed = subject.wish.seed
    real = pool[np.random.default_rng(seed).permutation(n)[:size]]
    sets = [likeness(real, features[:size], seed=seed) for features in subject.sample_features]
    mean, deviation = spread(sets)
    usual = floor(pool, size, seed=seed)
    return {
        "protocol": subject.extractor.version,
        "set_size": size,
        "temperature": subject.wish.temperature,
        "seeds": subject.wish.seeds,
        **asdict(mean),
        "deviation": asdict(deviation) if subject.wish.seeds > 1 else {},
        "floor": asdict(usual.mean),
        "floor_deviation": asdict(usual.deviation),
        "floor_splits": usual.splits,
        "structure": _structure(subject),
        **_recognised(subject),
    }


def latents(subject: EvaluationContext) -> Figures | None:
    """Say how many numbers of z say anything; None for a decoder alone."""
    if not subject.model.conditional:
        return None
    z = subject.model.encode(subject.real, unit=1.0).cpu().numpy()  # (n, Z)
    return {"latent_size": z.shape[1], "latent_active": int((z.var(axis=0) > DEAD).sum())}


def nearness(subject: EvaluationContext) -> Figures | None:
    """Say how near samples lie to training drawings; None where there are none."""
    found = subject.novelty
    return None if found is None else {"nearness": found.nearness, "copies": found.copies}


GROUPS: dict[Group, Callable[[EvaluationContext], Figures | None]] = {
    "reconstruction": reconstruction,
    "generation": generation,
    "novelty": nearness,
    "latents": latents,
}
"""What measures each group; None where the model or the corpus has no such thing."""


def measured(subject: EvaluationContext, groups: tuple[Group, ...]) -> dict[Group, Figures]:
    """Measure groups, leaving out those that do not apply."""
    found = {group: GROUPS[group](subject) for group in groups}
    return {group: figures for group, figures in found.items() if figures is not None}


def _structure(subject: EvaluationContext) -> Figures:
    """Give distances of samples from the split, and, to compare, of training drawings from it."""
    real = Structure.of(subject.real)
    found: Figures = {"samples": structure_distances(real, Structure.of(subject.samples[0]))}
    if subject.training:
        found["training"] = structure_distances(real, Structure.of(subject.training))
    return found


def _recognised(subject: EvaluationContext) -> Figures:
    judge = subject.judge
    meant, real = ([drawing.label for drawing in some] for some in (subject.samples[0], subject.real))
    if judge is None or None in meant:
        return {}
    return {
        "recognised": recognised(judge, subject.sample_features[0], meant),
        "recognised_real": recognised(judge, subject.real_features, real),
        "judge": judge.name,
    }
