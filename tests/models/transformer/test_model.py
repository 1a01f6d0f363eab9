"""The transformer as a whole.

Letters: ``B`` batch, ``T`` points, ``Z`` latent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from tests.models.causal import assert_causal

from limner.models.batch import Batch, pad_batch
from limner.models.build import build_model
from limner.models.config import ModelConfig, TransformerConfig
from limner.models.protocol import SketchModel
from limner.training.losses import likelihood_terms

Z = 4
OWN = TransformerConfig(layers=2, width=12, heads=3, feedforward=16, dropout=0.2, components=2, longest=20)
BOTH = pytest.mark.parametrize("conditional", [True, False])
EVERY = pytest.mark.parametrize(
    "settings",
    [
        {},
        {"norm": "post", "positions": "learned"},
        {"positions": "rotary", "heads": 2, "coordinates": "absolute"},
        {"joint": "component", "sigma": "elu", "sigma_min": 0.01},
        {"joint": "conditioned", "coordinates": "absolute"},
    ],
    ids=str,
)


def _network(conditional: bool, **settings: Any) -> SketchModel:
    torch.manual_seed(0)
    own = replace(OWN, **settings)
    network = build_model(
        ModelConfig(kind="transformer", conditional=conditional, latent_size=Z, transformer=own)
    )
    for parameter in network.parameters():  # the latent layers begin almost at zero
        torch.nn.init.normal_(parameter, std=0.3)
    return network.eval()


def _batch(length: int | None = 18) -> Batch:
    rng = np.random.default_rng(0)
    drawings = [np.column_stack([rng.normal(size=(n, 2)), rng.random(n) < 0.3]) for n in (9, 4, 1, 15)]
    return pad_batch([rows.astype(np.float32) for rows in drawings], length=length)


@BOTH
@EVERY
def test_steps_agree_with_teacher_forcing(conditional: bool, settings: dict[str, Any]) -> None:
    network, batch = _network(conditional, **settings), _batch()
    prediction = network(batch)
    state = network.begin(len(batch), prediction.latent.mu if conditional else None)
    for t, point in enumerate(batch.inputs.unbind(1)):
        mixture, state = network.step(point, state)
        for found, wanted in zip(mixture, prediction.mixture, strict=True):
            torch.testing.assert_close(found, wanted[:, t], rtol=0, atol=2e-5)


@BOTH
@EVERY
def test_later_points_do_not_alter_earlier_outputs(conditional: bool, settings: dict[str, Any]) -> None:
    network, batch = _network(conditional, **settings), _batch()
    z = torch.ones(len(batch), Z) if conditional else None
    assert_causal(network, batch, z)


@BOTH
@EVERY
def test_padding_changes_nothing(conditional: bool, settings: dict[str, Any]) -> None:
    """Latents and likelihoods are those of the real points."""
    network = _network(conditional, **settings)
    for length in (16, 20):
        found, wanted = _batch(length), _batch(None)
        prediction, narrow = network(found), network(wanted)
        terms = likelihood_terms(prediction.mixture, found, density_floor=False)
        of_narrow = likelihood_terms(narrow.mixture, wanted, density_floor=False)
        torch.testing.assert_close(terms.offsets, of_narrow.offsets, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(terms.pen + terms.pen_end, of_narrow.pen + of_narrow.pen_end)
        if conditional:
            torch.testing.assert_close(prediction.latent.mu, narrow.latent.mu, rtol=1e-4, atol=1e-5)


@EVERY
def test_z_changes_every_output(settings: dict[str, Any]) -> None:
    network, batch = _network(True, **settings), _batch()
    one = network(batch).mixture.mu_x
    other = network(batch, torch.ones(len(batch), Z)).mixture.mu_x
    assert (one != other).any(-1).all()


def test_dropout_in_training_alone() -> None:
    network, batch = _network(False), _batch()
    assert torch.equal(network(batch).mixture.mu_x, network(batch).mixture.mu_x)
    network.train()
    assert not torch.equal(network(batch).mixture.mu_x, network(batch).mixture.mu_x)


def test_learned_positions_end_somewhere() -> None:
    network = _network(False, positions="learned", longest=17)
    with pytest.raises(ValueError, match="learned for 17 points, and there are 18"):
        network(_batch(18))


@BOTH
def test_absolute_coordinates_are_sums_of_offsets(conditional: bool) -> None:
    """The state keeps where the pen is."""
    network = _network(conditional, coordinates="absolute", layers=1)
    state = network.begin(1, torch.zeros(1, Z) if conditional else None)
    seen = []
    for offset in ([0.0, 0.0], [1.0, 2.0], [-3.0, 0.5]):
        _, state = network.step(torch.tensor([[*offset, 1, 0, 0]]), state)
        seen.append(state["at"][0].tolist())
    assert seen == [[0, 0], [1, 2], [-2, 2.5]]


def test_an_empty_drawing_has_a_finite_latent() -> None:
    network = _network(True)
    batch = pad_batch([np.zeros((0, 3), np.float32), np.ones((3, 3), np.float32)])
    prediction = network(batch)
    assert prediction.latent.mu.isfinite().all()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"heads": 5}, r"heads \(5\) must share model.transformer.width \(12\) evenly"),
        ({"positions": "rotary", "heads": 4}, "each of an even width"),
        ({"layers": 0}, "transformer.layers must be at least 1"),
        ({"dropout": 1.0}, "transformer.dropout must be from 0 to below 1"),
        ({"components": 0}, "transformer.components must be at least 1"),
        ({"sigma_min": -1.0}, "transformer.sigma_min must be from 0 to 1e6"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ModelConfig(transformer=replace(OWN, **settings))
