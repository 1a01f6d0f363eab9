"""The graph of a prior: latents that are not standard normal themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from limner.interchange.onnx_export import TOLERANCE, max_difference
from limner.interchange.onnx_graph import onnx_graphs, prior_graph
from limner.models.protocol import SketchModel

pytest.importorskip("onnxruntime", reason="onnxruntime is missing: pip install 'limner[onnx]'")
TURN = torch.tensor([[1.0, 2, 0, 0], [0, 1, 0, 3], [0, 0, -1, 0], [4, 0, 0, 1]])


def _affine(noise: Tensor) -> Tensor:
    return noise @ TURN + torch.tensor([1.0, 2, 3, 4])


@pytest.fixture
def network(make_network: Callable[..., SketchModel]) -> SketchModel:
    return make_network(True)


@pytest.mark.slow
def test_affine_priors(network: SketchModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "prior", _affine)
    part = prior_graph(network)
    assert [value.name for value in (*part.model.graph.input, *part.model.graph.output)] == ["noise", "z"]
    assert max_difference(part) < 1e-5


@pytest.mark.slow
def test_other_priors_are_told_apart(network: SketchModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "prior", torch.sinh)
    assert max_difference(prior_graph(network)) > TOLERANCE


def test_who_has_one(network: SketchModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a network whose latents are standard normal."""
    for name in ("step", "begin", "prior", "encoder"):
        monkeypatch.setattr(f"limner.interchange.onnx_graph.{name}_graph", lambda _, name=name: name)
    assert [str(part) for part in onnx_graphs(network)] == ["step", "begin", "encoder"]
    monkeypatch.setattr(network, "prior", _affine)
    assert [str(part) for part in onnx_graphs(network)] == ["step", "begin", "prior", "encoder"]
