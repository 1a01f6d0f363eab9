"""SketchRNN as a whole: sizes, teacher forcing against steps, and what must not matter.

Letters: ``B`` batch, ``T`` points, ``Z`` latent.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from limner.models.batch import Batch, pad_batch
from limner.models.build import build_model
from limner.models.config import AttentionConfig, DecoderConfig, EncoderConfig, JointName, ModelConfig
from limner.models.protocol import SketchModel
from limner.training.losses import kl_loss, likelihood_terms, reconstruction_loss

Z = 6
BOTH = pytest.mark.parametrize("conditional", [True, False])


def _network(conditional: bool, *, heads: int = 0, joint: JointName = "independent") -> SketchModel:
    torch.manual_seed(0)
    attention = AttentionConfig(heads=heads, width=4, positions=heads > 1)
    config = ModelConfig(
        conditional=conditional,
        latent_size=Z,
        encoder=EncoderConfig(size=8, attentive_pooling=heads > 0),
        decoder=DecoderConfig(size=12, components=3, attention=attention, joint=joint),
    )
    network = build_model(config)
    for parameter in network.parameters():  # the latent layers begin almost at zero
        torch.nn.init.normal_(parameter, std=0.3)
    return network


def _drawings(lengths: tuple[int, ...] = (9, 4, 1, 15)) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    drawings = []
    for n in lengths:
        rows = rng.normal(size=(n, 3)).astype(np.float32)
        rows[:, 2] = rng.random(n) < 0.3
        drawings.append(rows)
    return drawings


def _noise(n: int) -> torch.Tensor:
    return torch.randn(n, Z, generator=torch.Generator().manual_seed(2))


def _count(config: ModelConfig) -> int:
    return sum(parameter.numel() for parameter in build_model(config).parameters())


@pytest.mark.slow
def test_parameter_counts() -> None:
    """Those of the original's graph with its default sizes."""
    assert _count(ModelConfig()) == 2_186_107
    normed = EncoderConfig(cell="layer_norm"), DecoderConfig(cell="layer_norm")
    assert _count(ModelConfig(encoder=normed[0], decoder=normed[1])) == 2_192_251
    assert _count(ModelConfig(decoder=DecoderConfig(cell="hyper"))) == 3_477_627
    assert _count(ModelConfig(conditional=False)) == 1_123_963


@BOTH
@pytest.mark.parametrize("joint", ["independent", "component", "conditioned"])
@pytest.mark.parametrize("heads", [0, 1, 2])
def test_steps_agree_with_teacher_forcing(conditional: bool, heads: int, joint: JointName) -> None:
    network, batch = _network(conditional, heads=heads, joint=joint), pad_batch(_drawings(), length=24)
    prediction = network(batch)
    state = network.begin(len(batch), prediction.latent.mu if conditional else None)
    for t, point in enumerate(batch.inputs.unbind(1)):
        mixture, state = network.step(point, state)
        for found, wanted in zip(mixture, prediction.mixture, strict=True):
            torch.testing.assert_close(found, wanted[:, t], rtol=0, atol=1e-5)


@BOTH
@pytest.mark.parametrize("heads", [0, 2])
def test_padding_changes_nothing(conditional: bool, heads: int) -> None:
    """The same latent, likelihoods and, rescaled by N_max, the same L_R."""
    network = _network(conditional, heads=heads)
    costs = []
    for n_max in (15, 24, 70):
        batch = pad_batch(_drawings(), length=n_max)
        prediction = network(batch, _noise(len(batch)) if conditional else None)
        terms = likelihood_terms(prediction.mixture, batch, density_floor=False)
        recon = reconstruction_loss(terms, "magenta-eval", n_max) * n_max
        costs.append([terms.offsets, terms.pen, recon, kl_loss(prediction.latent, recon)])
        if n_max > 15:
            costs[-1].append(terms.pen_end)
    for wider in costs[1:]:
        for found, wanted in zip(wider, costs[0], strict=False):
            torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(costs[1][4], costs[2][4], rtol=1e-5, atol=1e-5)


@BOTH
def test_order_of_a_batch_changes_nothing(conditional: bool) -> None:
    network, batch, order = (
        _network(conditional),
        pad_batch(_drawings(), length=24),
        torch.tensor([2, 3, 0, 1]),
    )
    turned = Batch(batch.strokes[order], batch.lengths[order])
    noise = _noise(len(batch)) if conditional else None
    wanted = network(batch, noise)
    found = network(turned, noise[order] if noise is not None else None)
    for a, b in zip(found.mixture, wanted.mixture, strict=True):
        torch.testing.assert_close(a, b[order], rtol=0, atol=1e-5)


@BOTH
def test_later_points_do_not_alter_earlier_outputs(conditional: bool) -> None:
    """With z given, so that the encoder does not look ahead for the decoder."""
    network, batch = _network(conditional), pad_batch(_drawings())
    z = _noise(len(batch)) if conditional else None
    before = network.decoder(batch.inputs, z)  # type: ignore[operator]
    changed = batch.inputs.clone()
    changed[:, 5, :2] += 10
    after = network.decoder(changed, z)  # type: ignore[operator]
    for a, b in zip(after, before, strict=True):
        assert torch.equal(a[:, :5], b[:, :5])
        assert not torch.equal(a[:, 5:], b[:, 5:])


@BOTH
def test_drawing_without_points_is_finite(conditional: bool) -> None:
    network, batch = _network(conditional), pad_batch(_drawings((9, 0, 3)))
    prediction = network(batch, _noise(3) if conditional else None)
    terms = likelihood_terms(prediction.mixture, batch, density_floor=True)
    loss = reconstruction_loss(terms, "end-once", 16) + kl_loss(prediction.latent, terms.pen)
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.isfinite()
    assert terms.offsets[1] == 0
    assert terms.pen[1] == 0
    assert terms.pen_end[1] > 0
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())


def test_noise_moves_z_and_nothing_else() -> None:
    network, batch = _network(True), pad_batch(_drawings())
    plain, zero, noisy = network(batch), network(batch, torch.zeros(4, Z)), network(batch, _noise(4))
    assert torch.equal(plain.mixture.mu_x, zero.mixture.mu_x)
    assert not torch.equal(plain.mixture.mu_x, noisy.mixture.mu_x)
    assert torch.equal(plain.latent.mu, noisy.latent.mu)


def test_beginning() -> None:
    alone, conditional = _network(False), _network(True)
    assert all(not part.any() for part in alone.begin(3).values())
    assert {part.shape for part in alone.begin(3).values()} == {(3, 12)}
    state, wanted = conditional.begin(2), conditional.begin(z=torch.zeros(2, Z))
    assert set(state) == set(wanted) == {"c", "h", "context"}
    assert all(torch.equal(state[name], wanted[name]) for name in state)


def test_z_decides_the_beginning() -> None:
    """c, then h, out of tanh(z W + b)."""
    network = _network(True)
    z = _noise(2)
    layer = network.decoder.z_to_state  # type: ignore[union-attr]
    wanted = torch.tanh(layer(z))  # type: ignore[operator]
    state = network.begin(z=z)
    assert torch.equal(torch.cat([state["c"], state["h"]], dim=-1), wanted)


@pytest.mark.parametrize("shape", [(Z,), (2, Z + 1), (1, 2, Z)])
def test_beginning_refuses_z_of_another_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"z must be of shape \(B, 6\), not"):
        _network(True).begin(z=torch.zeros(shape))


def test_decoder_alone_refuses_latents() -> None:
    network = _network(False)
    with pytest.raises(ValueError, match="takes no z"):
        network.begin(z=torch.zeros(1, Z))
    with pytest.raises(ValueError, match="cannot encode"):
        network.encode(pad_batch(_drawings()))
