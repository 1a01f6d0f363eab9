"""Points as tokens inside a network.

Letters: ``B`` batch, ``T`` points, ``K`` tokens.
"""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from limner.models.batch import Batch, pad_batch
from limner.models.config import SketchformerConfig
from limner.models.mixture import Mixture
from limner.models.sketchformer.token_layers import TokenHead, Vocabulary, tokenizer_settings
from limner.models.sketchformer.tokenizer.tokenizer import Scheme, Tokenizer, TokenSettings
from limner.training.losses import likelihood_terms

EVERY = pytest.mark.parametrize("scheme", get_args(Scheme))


def _config(scheme: Scheme) -> SketchformerConfig:
    return SketchformerConfig(tokens=scheme, token_count=36, lift_count=10, grid=6)


def _tokenizer(scheme: Scheme, scale: float = 1.0) -> Tokenizer:
    rng = np.random.default_rng(1)
    made = tokenizer_settings(_config(scheme))
    centres = rng.normal(size=(made.tokens, 2)).astype(np.float32)
    return Tokenizer(made, scale, centres, rng.uniform(0.05, 0.2, (made.tokens, 2)).astype(np.float32))


def _vocabulary(scheme: Scheme) -> Vocabulary:
    vocabulary = Vocabulary(_config(scheme))
    vocabulary.load(_tokenizer(scheme), 1.0)
    return vocabulary


def _drawings() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [
        np.column_stack([rng.normal(size=(n, 2)), rng.random(n) < 0.3]).astype(np.float32)
        for n in (9, 4, 1, 15)
    ]


def _batch() -> Batch:
    return pad_batch(_drawings(), length=17)


def _log_p(vocabulary: Vocabulary) -> Tensor:
    torch.manual_seed(0)
    head = TokenHead(vocabulary.tokens, 5)
    torch.nn.init.normal_(head.joint_bias)
    found: Tensor = head(torch.randn(4, 17, 5), vocabulary.forbidden)
    return found.detach()


@EVERY
def test_words_are_those_of_the_tokenizer(scheme: Scheme) -> None:
    """The same rule, in numpy for files and in torch for networks."""
    tokenizer, vocabulary, batch = _tokenizer(scheme), _vocabulary(scheme), _batch()
    found = vocabulary.tokenize(batch.targets).ids
    for rows, index, length in zip(_drawings(), found, batch.lengths.tolist(), strict=True):
        numbers = tokenizer.encode(rows)
        is_point = (numbers > 0) & (numbers <= tokenizer.settings.tokens)
        assert (index[:length, 0] + 1).tolist() == numbers[is_point].tolist()
        assert index[:length, 1].tolist() == rows[:, 2].tolist()
        assert index[length:, 1].unique().tolist() == [2]


@EVERY
def test_where_words_lead(scheme: Scheme) -> None:
    """``drift`` leads from the pen to the end of what the tokens decode to so far."""
    tokenizer, batch = _tokenizer(scheme), _batch()
    drift = _vocabulary(scheme).tokenize(batch.targets).drift
    for k, rows in enumerate(_drawings()):
        true = np.cumsum(rows[:, :2], axis=0)
        decoded = tokenizer.decode(tokenizer.encode(rows))
        base = 0 * true if scheme == "grid" else np.cumsum(decoded[:, :2], axis=0)
        np.testing.assert_allclose(drift[k, 0], [0, 0])
        np.testing.assert_allclose(drift[k, 1 : len(rows)], (base - true)[:-1], atol=1e-5)


@EVERY
def test_probabilities_add_up_to_one(scheme: Scheme) -> None:
    vocabulary = _vocabulary(scheme)
    log_p = _log_p(vocabulary)
    assert log_p.shape[-1] == 2 * vocabulary.tokens + 1
    torch.testing.assert_close(log_p.exp().sum(-1), torch.ones(4, 17))
    mixture = vocabulary.mixture(log_p, torch.zeros(4, 17, 2))
    torch.testing.assert_close(mixture.pi.sum(-1), torch.ones(4, 17))
    torch.testing.assert_close(mixture.pen.sum(-1), torch.ones(4, 17))
    torch.testing.assert_close(mixture.pen[..., 2], log_p[..., -1].exp())


def test_by_state_a_token_has_one_state() -> None:
    """26 tokens for points that are drawn on from, 10 for last ones."""
    vocabulary = _vocabulary("by-state")
    p = torch.unflatten(_log_p(vocabulary).exp()[..., :-1], -1, (-1, 2))
    assert p[..., :26, 1].sum() == p[..., 26:, 0].sum() == 0
    assert vocabulary.forbidden.sum() == 36


@EVERY
def test_a_token_in_the_mixture(scheme: Scheme) -> None:
    """A narrow normal where the token leads, from where the pen is, and the pen states that go with it."""
    vocabulary, drift = _vocabulary(scheme), torch.randn(4, 17, 2)
    log_p = _log_p(vocabulary)
    mixture = vocabulary.mixture(log_p, drift)
    k, centre = 30, vocabulary.centres[30]
    torch.testing.assert_close(mixture.mu_x[..., k], centre[0] + drift[..., 0])
    torch.testing.assert_close(mixture.mu_y[..., k], centre[1] + drift[..., 1])
    torch.testing.assert_close(mixture.log_sigma_y[..., k], vocabulary.log_sigmas[k, 1].expand(4, 17))
    own = log_p.exp()[..., 2 * k : 2 * k + 2]
    torch.testing.assert_close(mixture.pi[..., k], own.sum(-1))
    pens = mixture.pen_logits[..., k, :].softmax(-1)
    torch.testing.assert_close(pens[..., :2], own / own.sum(-1, keepdim=True))


def _nll(mixture: Mixture, batch: Batch) -> Tensor:
    terms = likelihood_terms(mixture, batch, density_floor=False)
    return terms.total("end-once")


@EVERY
def test_costs_bound_the_likelihood_from_above(scheme: Scheme) -> None:
    """They count one token where the mixture counts all; with narrow tokens that is the same."""
    vocabulary, tokenizer = _vocabulary(scheme), _tokenizer(scheme)
    decoded = [tokenizer.decode(tokenizer.encode(rows)) for rows in _drawings()]
    batch = pad_batch(decoded, length=17)
    log_p, tokens = _log_p(vocabulary), vocabulary.tokenize(batch.targets)
    counted = torch.arange(17) <= batch.lengths.unsqueeze(1)
    gaps = []
    for log_sigma in (-1.0, -8.0):
        vocabulary.log_sigmas.fill_(log_sigma)
        bound = (vocabulary.row_costs(log_p, tokens, batch.targets) * counted).sum(1)
        gaps.append(bound - _nll(vocabulary.mixture(log_p, tokens.drift), batch))
    assert (gaps[0] > -1e-3).all()
    assert gaps[0].sum() > 1
    torch.testing.assert_close(gaps[1], torch.zeros(4), rtol=0, atol=0.1)


def test_costs_by_hand() -> None:
    """- log p of token and state - log of the normal's density; - log p of the end behind the last point."""
    vocabulary = _vocabulary("joint")
    batch = pad_batch([np.array([[0.3, -0.2, 1]], np.float32)], length=2)
    log_p = _log_p(vocabulary)[:1, :2]
    tokens = vocabulary.tokenize(batch.targets)
    k = int(((vocabulary.centres - torch.tensor([0.3, -0.2])) ** 2).sum(-1).argmin())
    assert tokens.ids[0, 0].tolist() == [k, 1]
    sigma, centre = vocabulary.log_sigmas[k].exp(), vocabulary.centres[k]
    gap = (torch.tensor([0.3, -0.2]) - centre) / sigma
    density = math.exp(-float((gap**2).sum()) / 2) / (2 * math.pi * float(sigma.prod()))
    wanted = [-float(log_p[0, 0, 2 * k + 1]) - math.log(density), -float(log_p[0, 1, -1])]
    np.testing.assert_allclose(vocabulary.row_costs(log_p, tokens, batch.targets)[0], wanted, rtol=1e-4)


def test_the_start_stands_before_the_tokens() -> None:
    vocabulary = _vocabulary("joint")
    index = torch.tensor([[[3, 0], [5, 1], [7, 2]]])
    assert vocabulary.shift_right(index).tolist() == [[[36, 0], [3, 0], [5, 1]]]


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"tokens": "joint", "token_count": 7}, TokenSettings("joint", 7, 40)),
        ({"tokens": "by-state"}, TokenSettings("by-state", 960, 40)),
        ({"tokens": "grid", "grid": 5}, TokenSettings("grid", 5, 40)),
    ],
)
def test_sizes_of_the_settings(settings: dict[str, Any], wanted: TokenSettings) -> None:
    assert tokenizer_settings(SketchformerConfig(**settings)) == wanted
