"""Figures of the original TensorFlow graph: forward pass, losses and gradients.

Runs over every ``magenta_*.npz`` in the folder ``LIMNER_ORACLE``, or in ``oracle`` beside ``LIMNER_DATA``.

Letters: ``B`` batch, ``T`` points, ``M`` components, ``Z`` latent.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.interchange.tensorflow import PREFIX, model_from_variables, parameter_slices
from limner.models.batch import Batch
from limner.models.mixture import Mixture
from limner.models.protocol import Prediction, SketchModel
from limner.training.losses import kl_loss, likelihood_terms, reconstruction_loss

VALUES = 1e-4  # absolute
GRADIENTS = 1e-3  # of the largest entry of a variable's gradient

NAMES = {
    "pi": "pi", "mu1": "mu_x", "mu2": "mu_y", "sigma1": "sigma_x", "sigma2": "sigma_y",
    "corr": "rho", "pen": "pen",
}  # fmt: skip


def _oracle_files() -> list[Path | None]:
    named, data = os.environ.get("LIMNER_ORACLE"), os.environ.get("LIMNER_DATA")
    folder = Path(named) if named else Path(data).parent / "oracle" if data else None
    found = sorted(folder.glob("magenta_*.npz")) if folder else []
    if named and not found:
        raise FileNotFoundError(f"LIMNER_ORACLE is {named}, which holds no magenta_*.npz")
    return [*found] or [None]


@dataclass(frozen=True)
class Oracle:
    """One file of the original's figures."""

    arrays: dict[str, NDArray[Any]]

    def out(self, name: str) -> NDArray[Any]:
        return self.arrays[f"out/{name}"]

    def tensor(self, name: str) -> Tensor:
        return torch.from_numpy(self.arrays[name])

    def under(self, folder: str) -> dict[str, NDArray[Any]]:
        start = f"{folder}/"
        return {name.removeprefix(start): a for name, a in self.arrays.items() if name.startswith(start)}

    @cached_property
    def model(self) -> SketchModel:
        return model_from_variables(self.under("weight"))

    @cached_property
    def batch(self) -> Batch:
        return Batch(self.tensor("in/strokes5"), self.tensor("in/lengths").long())

    @property
    def noise(self) -> Tensor | None:
        """The normal numbers behind the sample z that the original drew, ``(B, Z)``."""
        if not self.model.conditional:
            return None
        return (self.tensor("out/z") - self.tensor("out/mean")) / (self.tensor("out/presig") / 2).exp()

    def predict(self) -> Prediction:
        prediction: Prediction = self.model(self.batch, self.noise)
        return prediction

    def losses(self) -> dict[str, Tensor]:
        prediction = self.predict()
        terms = likelihood_terms(prediction.mixture, self.batch, density_floor=True)
        n_max = int(self.arrays["in/config"][4])
        train = reconstruction_loss(terms, "magenta-train", n_max)
        kl = kl_loss(prediction.latent, train)
        return {
            "r_cost_train": train,
            "r_cost_eval": reconstruction_loss(terms, "magenta-eval", n_max),
            "kl_cost": kl,
            "cost": train + float(self.arrays["in/kl_weight"]) * kl,
        }


@pytest.fixture(params=_oracle_files(), ids=lambda path: path.stem if path else "none", scope="module")
def oracle(request: pytest.FixtureRequest) -> Oracle:
    if request.param is None:
        pytest.skip("neither LIMNER_ORACLE nor an oracle folder beside LIMNER_DATA is there")
    with np.load(request.param) as file:
        return Oracle(dict(file))


def _close(found: Tensor, wanted: NDArray[Any]) -> None:
    value = found.detach().numpy()
    assert value.shape == wanted.shape
    np.testing.assert_allclose(value, wanted, rtol=0, atol=VALUES)


def _flat(mixture: Mixture, name: str) -> Tensor:
    value: Tensor = getattr(mixture, NAMES[name])
    return value.reshape(-1, value.shape[-1])  # (B T, M or 3)


def test_teacher_forcing(oracle: Oracle) -> None:
    mixture = oracle.predict().mixture
    for name in NAMES:
        _close(_flat(mixture, name), oracle.out(name))


def test_one_point_at_a_time(oracle: Oracle) -> None:
    model, inputs = oracle.model, oracle.batch.inputs
    state = model.begin(len(inputs), oracle.tensor("out/z") if model.conditional else None)
    steps = []
    for point in inputs.unbind(1):
        mixture, state = model.step(point, state)
        steps.append(mixture)
    for name in NAMES:
        stacked = torch.stack([getattr(mixture, NAMES[name]) for mixture in steps], dim=1)  # (B, T, ...)
        _close(stacked.reshape(-1, stacked.shape[-1]), oracle.out(name))


def test_latent(oracle: Oracle) -> None:
    latent, noise = oracle.predict().latent, oracle.noise
    if latent is None or noise is None:
        assert not any(name.startswith(f"{PREFIX}ENC") for name in oracle.under("weight"))
        return
    assert latent.presig is not None
    _close(latent.mu, oracle.out("mean"))
    _close(latent.presig, oracle.out("presig"))
    _close(latent.sample(noise), oracle.out("z"))


def test_losses(oracle: Oracle) -> None:
    for name, loss in oracle.losses().items():
        _close(loss, oracle.out(name))


def test_gradients(oracle: Oracle) -> None:
    """Each entry is off by at most a thousandth of the largest entry of its variable's gradient."""
    oracle.model.zero_grad()
    oracle.losses()["cost"].backward()  # type: ignore[no-untyped-call]
    parameters, places = dict(oracle.model.named_parameters()), parameter_slices(oracle.model.config)
    wanted = oracle.under("grad")
    assert set(wanted) == set(oracle.under("weight"))
    for name, gradient in wanted.items():
        place = places[name.removeprefix(PREFIX)]
        found = parameters[place.parameter].grad
        assert found is not None, name
        error = np.abs(place.view(found).numpy() - gradient).max()
        assert error <= GRADIENTS * np.abs(gradient).max(), f"{name}: {error}"
