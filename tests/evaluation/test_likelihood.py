"""Likelihoods against a computation by hand, one drawing at a time.

Letters: ``T`` rows, ``M`` components.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
import torch

from limner.corpus.corpus import Split
from limner.corpus.doodles.make import make_doodles
from limner.evaluation.likelihood import CONVENTIONS, Likelihood, likelihood
from limner.models.batch import pad_batch
from limner.models.build import build_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.mixture import Mixture
from limner.models.weights import Card
from limner.sampling.model import Model
from limner.training.losses import Convention

BOTH = pytest.mark.parametrize("conditional", [True, False])
SCALE = 25.0
N_MAX = 80


@pytest.fixture(scope="module")
def split() -> Split:
    return Split.from_arrays([drawing.to_stroke3() for drawing in make_doodles(7, seed=2)])


def _model(conditional: bool, n_max: int = N_MAX) -> Model:
    torch.manual_seed(0)
    config = ModelConfig(
        conditional=conditional, latent_size=4, encoder=EncoderConfig(size=8),
        decoder=DecoderConfig(size=16, components=3),
    )  # fmt: skip
    network = build_model(config).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(std=0.2)
    card = Card(
        config,
        scale_factor=SCALE,
        n_max=n_max,
        extent=200.0,
        start=(0.0, 0.0),
        start_reach=30.0,
        tolerance=0.0,
    )
    return Model(network, card)


def _density(mixture: Mixture, t: int, dx: float, dy: float) -> float:
    """Return the density in linear space, row ``t`` of the first drawing."""
    fields = (mixture.pi, mixture.mu_x, mixture.mu_y, mixture.sigma_x, mixture.sigma_y, mixture.rho)
    pi, mu_x, mu_y, sx, sy, rho = (field[0, t].double().numpy() for field in fields)  # (M,)
    x, y = (dx - mu_x) / sx, (dy - mu_y) / sy
    free = 1 - rho**2
    square = (x * x + y * y - 2 * rho * x * y) / free
    return float((pi * np.exp(-square / 2) / (2 * np.pi * sx * sy * np.sqrt(free))).sum())


class ByHand(NamedTuple):
    recon: float
    kl: float
    nll_per_point: float
    nll_per_point_corpus: float
    nll_offsets: float
    nll_pen: float
    pen_accuracy: float
    pen_recall: tuple[float, ...]


@torch.no_grad()
def _by_hand(model: Model, split: Split, convention: Convention, n_max: int) -> ByHand:
    recons, kls, offsets, pens_of, right = [], [], [], [], []
    for rows in split:
        n = len(rows)
        prediction = model.network(pad_batch([rows], SCALE, n_max))
        mixture = prediction.mixture
        densities = [_density(mixture, t, rows[t, 0] / SCALE, rows[t, 1] / SCALE) for t in range(n)]
        states = [int(lift) for lift in rows[:, 2]] + [2] * (n_max - n)
        pens = [-math.log(float(mixture.pen[0, t, state])) for t, state in enumerate(states)]
        counted = {"magenta-train": n_max, "magenta-eval": n, "end-once": n + 1}[convention]
        floored = -sum(math.log(p + 1e-6) for p in densities)
        recons.append((floored + sum(pens[:counted])) / n_max)
        offsets.append(-sum(math.log(p) for p in densities) / n)
        pens_of.append(sum(pens[: n + 1]) / n)
        likeliest = mixture.pen[0].argmax(-1).tolist()
        right += [(s, s == found) for s, found in zip(states[: n + 1], likeliest, strict=False)]
        if prediction.latent is not None:
            mu, presig = (part[0].double().numpy() for part in prediction.latent)
            kls.append(float(-0.5 * np.mean(1 + presig - mu**2 - np.exp(presig))))
    nll = float(np.mean(offsets) + np.mean(pens_of))
    return ByHand(
        recon=float(np.mean(recons)),
        kl=float(np.mean(kls)) if kls else 0.0,
        nll_per_point=nll,
        nll_per_point_corpus=nll + 2 * math.log(SCALE),
        nll_offsets=float(np.mean(offsets)),
        nll_pen=float(np.mean(pens_of)),
        pen_accuracy=float(np.mean([r for _, r in right])),
        pen_recall=tuple(float(np.mean([r for s, r in right if s == k])) for k in range(3)),
    )


def _numbers(found: Likelihood | ByHand) -> list[float]:
    return [
        found.recon,
        found.kl,
        found.nll_per_point,
        found.nll_per_point_corpus,
        found.nll_offsets,
        found.nll_pen,
    ]


@BOTH
@pytest.mark.parametrize("convention", ["magenta-eval", "magenta-train", "end-once"])
def test_by_hand(conditional: bool, convention: Convention, split: Split) -> None:
    model = _model(conditional)
    found = likelihood(model, split, convention=convention)
    wanted = _by_hand(model, split, convention, N_MAX)
    assert (found.n, found.n_max, found.convention) == (7, N_MAX, convention)
    assert _numbers(found) == pytest.approx(_numbers(wanted), rel=1e-4, abs=1e-6)
    assert found.nll_offsets_corpus == pytest.approx(wanted.nll_offsets + 2 * math.log(SCALE), rel=1e-4)
    assert found.pen_accuracy == pytest.approx(wanted.pen_accuracy)
    assert tuple(found.pen_recall.values()) == pytest.approx(wanted.pen_recall)


@pytest.mark.slow
def test_every_convention_at_once(split: Split) -> None:
    model = _model(True)
    found = likelihood(model, split).recon_by_convention
    each = {name: likelihood(model, split, convention=name).recon for name in CONVENTIONS}
    assert found == pytest.approx(each)
    assert found["magenta-eval"] < found["end-once"] < found["magenta-train"]


@BOTH
def test_intervals_hold_the_figures(conditional: bool, split: Split) -> None:
    found = likelihood(_model(conditional), split)
    for name, (low, high) in found.intervals.items():
        assert low <= getattr(found, name) <= high
    assert found.intervals["nll_pen"][0] < found.intervals["nll_pen"][1]


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("convention", ["magenta-eval", "magenta-train"])
def test_size_of_batches_changes_nothing(conditional: bool, convention: Convention, split: Split) -> None:
    model = _model(conditional)
    wanted = _numbers(likelihood(model, split, convention=convention))
    for size in (1, 2, 5):
        found = likelihood(model, split, convention=convention, batch_size=size)
        assert _numbers(found) == pytest.approx(wanted, rel=1e-5, abs=1e-7)


@pytest.mark.slow
def test_order_of_the_drawings_changes_nothing(split: Split) -> None:
    wanted = _numbers(likelihood(_model(True), split))
    found = _numbers(likelihood(_model(True), split.take([3, 0, 6, 2, 1, 5, 4])))
    assert found == pytest.approx(wanted, rel=1e-5)


@pytest.mark.slow
def test_n_max_is_of_the_training_corpus_or_longer(split: Split) -> None:
    """L_R depends on it, the likelihood per point does not."""
    longest = int(split.lengths.max())
    short, same, wide = (likelihood(_model(True, n_max), split) for n_max in (5, longest, 2 * longest))
    assert (short.n_max, same.n_max, wide.n_max) == (longest, longest, 2 * longest)
    assert short == same
    assert wide.recon == pytest.approx(same.recon / 2, rel=1e-5)
    assert wide.nll_per_point == pytest.approx(same.nll_per_point, rel=1e-5)
    assert wide.kl == pytest.approx(same.kl, rel=1e-5)


def test_units_of_the_corpus_compare_across_scale_factors(split: Split) -> None:
    """The same density, given for a corpus that is twice as large, is that of twice the scale factor."""
    model = _model(False)
    larger = Model(model.network, replace(model.card, scale_factor=2 * SCALE))
    rows = split.rows * np.array([2, 2, 1], np.float32)
    small, large = likelihood(model, split), likelihood(larger, split.replace_rows(rows))
    assert large.nll_per_point == pytest.approx(small.nll_per_point, rel=1e-5)
    assert large.nll_per_point_corpus - small.nll_per_point_corpus == pytest.approx(2 * math.log(2), rel=1e-4)


def test_no_drawings_are_refused() -> None:
    with pytest.raises(ValueError, match="has no drawings"):
        likelihood(_model(True), Split.from_arrays([]))


def test_network_is_left_as_it_was(split: Split) -> None:
    """No gradients, no noise, no other mode."""
    model = _model(True)
    first = likelihood(model, split)
    torch.manual_seed(9)
    assert likelihood(model, split) == first
    assert all(parameter.grad is None for parameter in model.network.parameters())
    assert not model.network.training
