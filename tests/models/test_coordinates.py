"""Networks that read offsets, places or both: whole drawings and step by step they predict the same."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
import torch

from limner.models.batch import Batch, pad_batch
from limner.models.config import (
    AttentionConfig,
    CoordinatesName,
    DecoderConfig,
    EncoderConfig,
    ModelConfig,
)
from limner.models.coordinates import absolute_positions, feature_count, point_features
from limner.models.sketch_rnn import SketchRNN

EVERY = get_args(CoordinatesName)


def _batch() -> Batch:
    chance = np.random.default_rng(0)
    return pad_batch([(chance.normal(size=(n, 3)) * [1, 1, 0]).astype(np.float32) for n in (7, 3)])


def _network(coordinates: CoordinatesName) -> SketchRNN:
    torch.manual_seed(0)
    return SketchRNN(
        ModelConfig(
            latent_size=6,
            encoder=EncoderConfig(size=32, attentive_pooling=True, coordinates=coordinates),
            decoder=DecoderConfig(
                size=32, components=2, coordinates=coordinates, attention=AttentionConfig(1, 8)
            ),
        )
    ).eval()


@pytest.mark.parametrize("coordinates", EVERY)
def test_features(coordinates: CoordinatesName) -> None:
    rows = _batch().targets
    at = absolute_positions(rows)
    found = point_features(rows, at, coordinates)
    assert found.shape == (*rows.shape[:2], feature_count(coordinates))
    assert torch.equal(found[..., -3:], rows[..., 2:])
    places = {"offsets": [rows[..., :2]], "absolute": [at], "both": [rows[..., :2], at]}[coordinates]
    assert torch.equal(found[..., :-3], torch.cat(places, dim=-1))
    torch.testing.assert_close(at[:, 4], rows[:, :5, :2].sum(1))


@torch.no_grad()
@pytest.mark.parametrize("coordinates", EVERY)
def test_step_by_step(coordinates: CoordinatesName) -> None:
    network, batch = _network(coordinates), _batch()
    whole = network(batch)
    state = network.begin(2, whole.latent.mu)
    for t in range(3):
        step, state = network.step(batch.inputs[:, t], state)
        torch.testing.assert_close(step.mu_x, whole.mixture.mu_x[:, t], atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(step.pen_logits, whole.mixture.pen_logits[:, t], atol=1e-5, rtol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("coordinates", EVERY)
def test_padding_never_touches_the_latent(coordinates: CoordinatesName) -> None:
    network, batch = _network(coordinates), _batch()
    alone = pad_batch([np.column_stack([batch.targets[1, :3, :2], np.zeros(3)]).astype(np.float32)], length=3)
    torch.testing.assert_close(network.encode(batch).mu[1:], network.encode(alone).mu)
