"""The Sketchformer as a whole.

Letters: ``B`` batch, ``T`` points, ``Z`` latent, ``K`` slots of the memory.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from tests.models.causal import assert_causal
from torch.nn.functional import layer_norm

from limner.models.batch import Batch, pad_batch
from limner.models.build import build_model
from limner.models.config import ModelConfig, SketchformerConfig
from limner.models.protocol import SketchModel
from limner.models.sketchformer.model import Sketchformer
from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer, TokenSettings
from limner.training.losses import likelihood_terms

Z = 4
OWN = SketchformerConfig(
    layers=2, width=12, heads=3, feedforward=16, dropout=0.2, components=2, longest=20, memory=3,
    num_classes_recognized=5, token_count=30, lift_count=8, grid=6,
)  # fmt: skip
BOTH = pytest.mark.parametrize("conditional", [True, False])
EVERY = pytest.mark.parametrize(
    "settings",
    [
        {},
        {"norm": "post", "positions": "learned", "mask": "open"},
        {"positions": "rotary", "heads": 2, "coordinates": "both", "variational": True},
        {"joint": "component", "coordinates": "absolute", "variational": True, "mask": "open"},
        {"tokens": "joint"},
        {"tokens": "by-state", "mask": "open"},
        {"tokens": "grid", "variational": True},
    ],
    ids=str,
)
NORMAL = torch.nn.init.normal_


def _network(conditional: bool = True, classes: int = 0, **settings: Any) -> SketchModel:
    torch.manual_seed(0)
    own = replace(OWN, **settings)
    config = ModelConfig(kind="sketchformer", conditional=conditional, latent_size=Z, classes=classes)
    network = build_model(replace(config, sketchformer=own))
    for parameter in network.parameters():  # the latent layers begin almost at zero
        NORMAL(parameter, std=0.3)
    return network.eval()


def _rows(length: int, rng: np.random.Generator) -> np.ndarray:
    return np.column_stack([rng.normal(size=(length, 2)), rng.random(length) < 0.3]).astype(np.float32)


def _batch(length: int | None = 18) -> Batch:
    rng = np.random.default_rng(0)
    return pad_batch([_rows(n, rng) for n in (9, 4, 1, 15)], length=length)


# Steps and sequences -----------------------------------------------------------------------------


@BOTH
@EVERY
def test_steps_agree_with_teacher_forcing(conditional: bool, settings: dict[str, Any]) -> None:
    network, batch = _network(conditional, **settings), _batch()
    prediction = network(batch)
    state = network.begin(len(batch), prediction.latent.mu if conditional else None)
    for t, point in enumerate(batch.inputs.unbind(1)):
        mixture, state = network.step(point, state)
        going = batch.lengths >= t  # behind its end a drawing is no matter
        for found, wanted in zip(mixture, prediction.mixture, strict=True):
            torch.testing.assert_close(found[going], wanted[going, t], rtol=0, atol=2e-5)


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
    wanted = _batch(None)
    narrow = network(wanted)
    of_narrow = likelihood_terms(narrow.mixture, wanted, density_floor=False)
    for length in (16, 20):
        found = _batch(length)
        prediction = network(found)
        terms = likelihood_terms(prediction.mixture, found, density_floor=False)
        torch.testing.assert_close(terms.offsets, of_narrow.offsets, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(terms.pen + terms.pen_end, of_narrow.pen + of_narrow.pen_end)
        if conditional:
            torch.testing.assert_close(prediction.latent.mu, narrow.latent.mu, rtol=1e-4, atol=1e-5)
            torch.testing.assert_close(prediction.classes, narrow.classes, rtol=1e-4, atol=1e-4)


@EVERY
def test_the_order_of_a_batch_is_no_matter(settings: dict[str, Any]) -> None:
    network, batch = _network(**settings), _batch()
    turned = Batch(batch.strokes.flip(0), batch.lengths.flip(0))
    torch.testing.assert_close(network.encode(turned).mu.flip(0), network.encode(batch).mu)


@EVERY
def test_z_changes_every_output(settings: dict[str, Any]) -> None:
    network, batch = _network(**settings), _batch()
    states = [network.begin(4, torch.full((4, Z), value)) for value in (0.0, 1.0)]
    one, other = (network.step(batch.inputs[:, 0], state)[0].log_pi for state in states)
    assert (one != other).any(-1).all()


# The parts ---------------------------------------------------------------------------------------


def _gradients(network: SketchModel) -> dict[str, float]:
    prediction = network.train()(_batch(), torch.ones(4, Z))
    parts = [prediction.mixture.log_pi.sum(), prediction.mixture.log_pen.sum(), prediction.classes.sum()]
    noise = torch.linspace(-1, 1, prediction.mixture.mu_x.numel()).view_as(prediction.mixture.mu_x)
    (sum(parts) + (prediction.mixture.log_pi * noise).sum()).backward()
    given = network.named_parameters()
    return {name: 0.0 if p.grad is None else float(p.grad.abs().sum()) for name, p in given}


@pytest.mark.parametrize("settings", [{}, {"tokens": "joint"}, {"variational": True}], ids=str)
def test_everything_learns(settings: dict[str, Any]) -> None:
    """Every part is joined up; keys' biases alone change nothing that a softmax sees."""
    still = {name for name, size in _gradients(_network(**settings)).items() if size < 1e-9}
    allowed = ("key.bias", "pooling.score.bias", "output.weight", "output.bias", "token.weight")
    assert {name for name in still if not name.endswith(allowed)} == set()


def test_every_layer_of_the_decoder_adds_to_what_goes_through() -> None:
    """With all three parts of every layer silenced, the points themselves come out."""
    network = _network(norm="pre", dropout=0.0)
    stack = network.get_submodule("stack")
    for name, parameter in stack.named_parameters():
        if any(part in name for part in ("project.", "cross_project.", "feedforward.3.")):
            parameter.data.zero_()
    x = torch.randn(2, 5, 12)
    memory = network.get_submodule("memory")(torch.ones(2, Z), None)
    torch.testing.assert_close(stack(x, memory=memory), stack.norm(x))  # type: ignore[operator]


def test_an_embedding_lies_on_a_sphere() -> None:
    latent = _network().encode(_batch())
    torch.testing.assert_close(latent.mu, layer_norm(latent.mu, (Z,)), rtol=0, atol=1e-3)
    assert latent.presig is None
    assert latent.kl().tolist() == [0, 0, 0, 0]
    assert torch.equal(latent.sample(torch.ones(4, Z)), latent.mu)


def test_a_variational_embedding_is_a_distribution() -> None:
    latent = _network(variational=True).encode(_batch())
    assert latent.presig is not None
    assert (latent.kl() > 0).all()
    assert not torch.equal(latent.sample(torch.ones(4, Z)), latent.mu)


def test_an_open_mask_shows_as_much_as_the_drawing_is_long() -> None:
    network = _network(mask="open", memory=20)
    z = network.encode(pad_batch([_rows(n, np.random.default_rng(n)) for n in (1, 8, 9, 40, 300)])).mu
    hidden = network.get_submodule("memory")(z, None).mask
    assert (hidden == 0).sum(1).tolist() == [1, 1, 2, 5, 20]
    blind = _network(memory=20).get_submodule("memory")(z, None).mask
    assert (blind == 0).all()


def test_hidden_places_change_nothing() -> None:
    network = _network(mask="open", memory=20)
    batch = pad_batch([_rows(8, np.random.default_rng(0))])
    before = network(batch).mixture.mu_x
    spread = network.get_parameter("memory.project.weight")
    spread.data.view(20, 12, Z)[1:] += 1
    assert torch.equal(network(batch).mixture.mu_x, before)
    spread.data.view(20, 12, Z)[0] += 1
    assert not torch.equal(network(batch).mixture.mu_x, before)


@BOTH
def test_a_class_that_is_told_changes_every_output(conditional: bool) -> None:
    network = _network(conditional, classes=2)
    states = [network.begin(4, labels=torch.full((4,), label)) for label in (0, 1)]
    start = _batch().inputs[:, 0]
    one, other = (network.step(start, state)[0].log_pi for state in states)
    assert (one != other).any(-1).all()


# Classes and prior -------------------------------------------------------------------------------


def test_classes_are_read_from_the_embedding() -> None:
    network, batch = _network(), _batch()
    assert network.num_classes_recognized == 5
    prediction = network(batch)
    assert prediction.classes.shape == (4, 5)
    assert torch.equal(prediction.classes, network.class_logits(network.encode(batch).mu))


@pytest.mark.parametrize(("conditional", "classes"), [(True, 0), (False, 5)])
def test_networks_that_tell_no_classes_apart(conditional: bool, classes: int) -> None:
    network = _network(conditional, num_classes_recognized=classes)
    assert network.num_classes_recognized == 0
    assert network(_batch()).classes is None
    with pytest.raises(ValueError, match="tells no classes apart"):
        network.class_logits(torch.zeros(1, Z))


def test_the_prior_has_mean_and_covariance_of_the_embeddings() -> None:
    network = _network(dropout=0.0)
    noise = torch.randn(20_000, Z, generator=torch.Generator().manual_seed(0))
    assert torch.equal(network.prior(noise), noise)  # before any training
    network.train()
    rng = np.random.default_rng(0)
    batch = pad_batch([_rows(int(n), rng) for n in rng.integers(1, 15, 64)])
    for _ in range(3):
        embeddings = network.encode(batch).mu
    drawn = network.prior(noise)
    torch.testing.assert_close(drawn.mean(0), embeddings.mean(0), rtol=0, atol=0.03)
    torch.testing.assert_close(drawn.T.cov(), embeddings.T.cov(correction=0), rtol=0, atol=0.05)
    network.eval().encode(_batch())
    assert torch.equal(network.prior(noise), drawn)  # evaluation teaches nothing


def test_the_prior_of_a_variational_network_is_standard_normal() -> None:
    network = _network(variational=True)
    noise = torch.randn(3, Z)
    assert torch.equal(network.train().prior(noise), noise)


def test_an_empty_drawing_has_a_finite_latent() -> None:
    batch = pad_batch([np.zeros((0, 3), np.float32), np.ones((3, 3), np.float32)])
    assert _network()(batch).latent.mu.isfinite().all()


# Words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tokens", ["joint", "by-state", "grid"])
def test_prepare_makes_words_of_the_drawings(tokens: str) -> None:
    network = _network(tokens=tokens)
    rng = np.random.default_rng(0)
    drawings = [_rows(12, rng) for _ in range(40)]
    before = likelihood_terms(network(pad_batch(drawings)).mixture, pad_batch(drawings), density_floor=False)
    network.prepare(drawings)
    after = likelihood_terms(network(pad_batch(drawings)).mixture, pad_batch(drawings), density_floor=False)
    assert after.offsets.isfinite().all()
    assert not torch.equal(before.offsets, after.offsets)


def _tokenizer(settings: TokenSettings, scale: float) -> Tokenizer:
    rng = np.random.default_rng(0)
    centres, spreads = rng.normal(size=(2, settings.tokens, 2)).astype(np.float32)
    return Tokenizer(settings, scale, centres, np.abs(spreads) + 0.1)


def test_words_of_a_file_come_in_model_units() -> None:
    network = _network(tokens="joint")
    assert isinstance(network, Sketchformer)
    tokenizer = _tokenizer(TokenSettings("joint", 30), 6.0)
    network.set_vocabulary(tokenizer, 3.0)
    mixture, _ = network.step(torch.tensor([[0.0, 0, 1, 0, 0]]), network.begin(1))
    np.testing.assert_allclose(mixture.mu_x[0, :30], tokenizer.centres[:, 0] * 2, rtol=1e-6)
    np.testing.assert_allclose(mixture.sigma_y[0, :30], tokenizer.sigmas[:, 1] * 2, rtol=1e-5)


@pytest.mark.parametrize(
    ("tokens", "settings", "said"),
    [
        ("none", TokenSettings("joint", 30), "reads numbers"),
        ("joint", TokenSettings("joint", 31), r"has 30 tokens \(joint\), the tokenizer 31 \(joint\)"),
        ("grid", TokenSettings("joint", 36), r"has 36 tokens \(grid\), the tokenizer 36 \(joint\)"),
    ],
)
def test_words_that_do_not_fit_are_refused(tokens: str, settings: TokenSettings, said: str) -> None:
    network = _network(tokens=tokens)
    assert isinstance(network, Sketchformer)
    with pytest.raises(ValueError, match=said):
        network.set_vocabulary(_tokenizer(settings, 1.0), 1.0)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"heads": 5}, r"sketchformer.heads \(5\) must share model.sketchformer.width \(12\) evenly"),
        ({"memory": 0}, "sketchformer.memory must be at least 1"),
        ({"class_dropout": 1.0}, "sketchformer.class_dropout must be from 0 to below 1"),
        ({"num_classes_recognized": -1}, "sketchformer.num_classes_recognized must be at least 0"),
        ({"tokens": "by-state", "lift_count": 30}, r"lift_count \(30\) must be below"),
        ({"grid": 0}, "sketchformer.grid must be at least 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ModelConfig(sketchformer=replace(OWN, **settings))
