"""Documents of sketch-rnn-js before version 6, where z goes through tanh on its way to the first state."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from limner.interchange.sketch_rnn_js import VAE, read_js, write_js
from limner.models.protocol import SketchModel
from limner.models.weights import Card

Document = list[Any]
Make = Callable[..., Document]
Save = Callable[..., Path]


@pytest.mark.parametrize(("version", "old"), [(1, True), (5, True), (6, False), (None, False)])
def test_old_autoencoders_bound_z(
    make_document: Make, save_document: Save, version: object, old: bool
) -> None:
    found = read_js(save_document(make_document(True, version=version)))
    assert found.network.config.decoder.latent_tanh == old
    assert any("z goes through tanh" in sentence for sentence in found.assumed) == old
    decoder = read_js(save_document(make_document(False, version=version)))
    assert not decoder.network.config.decoder.latent_tanh
    assert len(decoder.assumed) == 1


@torch.no_grad()
@pytest.mark.parametrize("version", [5, 6])
def test_first_points_by_hand(make_document: Make, save_document: Save, version: int) -> None:
    """From the file's numbers by the client's equations: c before h, gates i, j, f, o, z beside the point."""
    document = make_document(True, version=version)
    arrays = [np.frombuffer(base64.b64decode(blob), "<i2") // 20 for blob in document[2]]  # nothing saturates
    document[2] = [array.tolist() for array in arrays]
    w = {
        name: array.reshape(shape) * 10 / 32767
        for name, shape, array in zip(VAE, document[1], arrays, strict=True)
    }
    network = read_js(save_document(document)).network
    z, point = np.array([1.7, -0.9]), np.array([0.3, -0.2, 1, 0, 0])
    bounded = np.tanh(z) if version < 6 else z
    c, h = np.split(np.tanh(bounded @ w["linear/super_linear_w"] + w["linear/super_linear_b"]), 2)
    w_x, w_h, bias = (w[f"RNN/LSTMCell/{name}"] for name in ("W_xh", "W_hh", "bias"))
    state = network.begin(z=torch.tensor(z[None], dtype=torch.float32))
    for _ in range(3):
        mixture, state = network.step(torch.tensor(point[None], dtype=torch.float32), state)
        i, j, f, o = np.split(np.concatenate([point, z]) @ w_x + h @ w_h + bias, 4)
        c = c / (1 + np.exp(-f - 1)) + np.tanh(j) / (1 + np.exp(-i))
        h = np.tanh(c) / (1 + np.exp(-o))
        y = h @ w["RNN/output_w"] + w["RNN/output_b"]
        np.testing.assert_allclose(mixture.mu_x[0], y[23:43], atol=1e-5)
        np.testing.assert_allclose(mixture.sigma_y[0], np.exp(y[83:103]), rtol=1e-5)
        np.testing.assert_allclose(mixture.pen[0], np.exp(y[:3]) / np.exp(y[:3]).sum(), atol=1e-5)


@pytest.mark.parametrize("bounded", [True, False])
def test_the_version_says_whether_z_is_bounded(
    make_network: Callable[..., SketchModel], make_card: Callable[..., Card], tmp_path: Path, bounded: bool
) -> None:
    network = make_network(True, latent_tanh=bounded)
    write_js(network, make_card(network), tmp_path / "cat.json")
    assert read_js(tmp_path / "cat.json").network.config.decoder.latent_tanh == bounded
