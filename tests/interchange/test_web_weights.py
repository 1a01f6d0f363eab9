"""Weights as text: how exactly they come back."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.interchange import web_weights
from limner.interchange.web_weights import pack_weights


def _unpacked(packed: dict[str, Any], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Do what ``limner.js`` does."""
    if "int8" in packed:
        scales = np.frombuffer(base64.b64decode(packed["scales"]), "<f4")
        values = np.frombuffer(base64.b64decode(packed["int8"]), "i1").reshape(shape).astype(float)
        return np.asarray(values * scales, float)
    values = np.frombuffer(base64.b64decode(packed["int16"]), "<i2").reshape(shape).astype(float)
    return np.asarray(values * (packed["largest"] / 32767), float)


@pytest.fixture
def weights() -> dict[str, NDArray[np.float32]]:
    chance = np.random.default_rng(0)
    columns = np.exp(chance.normal(size=300)).astype(np.float32)  # outputs of very different size
    return {
        "matrix": chance.normal(size=(200, 300)).astype(np.float32) * columns,
        "stack": chance.normal(size=(4, 100, 150)).astype(np.float32),
        "bias": chance.normal(size=300).astype(np.float32),
        "empty": np.zeros((2, 3), np.float32),
    }


def test_small_networks_keep_sixteen_bits(weights: dict[str, NDArray[np.float32]]) -> None:
    for name, packed in pack_weights(weights).items():
        error = np.abs(_unpacked(packed, weights[name].shape) - weights[name])
        assert error.max() <= 0.51 * np.abs(weights[name]).max() / 32767


def test_large_networks_keep_eight_bits_of_a_column(
    weights: dict[str, NDArray[np.float32]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_weights, "SMALL_NETWORK", 1000)
    packed = pack_weights(weights)
    assert [name for name, one in packed.items() if "int8" in one] == ["matrix", "stack"]
    for name in ("matrix", "stack"):
        axes = tuple(range(weights[name].ndim - 1))
        error = np.abs(_unpacked(packed[name], weights[name].shape) - weights[name]).max(axis=axes)
        assert (error <= 0.51 * np.abs(weights[name]).max(axis=axes) / 127).all()


def test_a_column_of_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_weights, "SMALL_NETWORK", 0)
    array = np.ones((256, 256), np.float32)
    array[:, 7] = 0
    found = _unpacked(pack_weights({"w": array})["w"], array.shape)
    np.testing.assert_allclose(found, array, atol=1e-6)
