"""Graphs for ONNX: their contract, what onnxruntime makes of them, and refusals.

Letters: ``B`` batch, ``T`` points.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from limner.errors import LimnerError, MissingExtraError
from limner.interchange import onnx_export
from limner.interchange.onnx_export import write_onnx
from limner.models.batch import pad_batch
from limner.models.build import build_model
from limner.models.config import CellName, DecoderConfig, ModelConfig, PositionsName, TransformerConfig
from limner.models.protocol import SketchModel
from limner.models.weights import Card, find_weights, load_weights

onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is missing: pip install 'limner[onnx]'")

MakeNetwork = Callable[..., SketchModel]
MakeCard = Callable[..., Card]
PARAMETERS = ("pi", "mu_x", "mu_y", "sigma_x", "sigma_y", "rho", "pen")
CELLS: tuple[CellName, ...] = ("lstm", "layer_norm", "hyper")
START = torch.tensor([[0.0, 0, 1, 0, 0]])


def _session(path: Path) -> Any:
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def _run(session: Any, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    found = session.run(None, {name: value.detach().numpy() for name, value in inputs.items()})
    return {
        value.name: torch.from_numpy(array) for value, array in zip(session.get_outputs(), found, strict=True)
    }


@torch.no_grad()
def _walk(session: Any, network: SketchModel, state: dict[str, Tensor], batch: int) -> None:
    """Go three steps with both, each with its own state."""
    theirs, ours, point = dict(state), dict(state), START.expand(batch, 5)
    for _ in range(3):
        told = _run(session, {"point": point, **theirs})
        mixture, ours = network.step(point, ours)
        for name in PARAMETERS:
            torch.testing.assert_close(told[name], getattr(mixture, name), rtol=1e-5, atol=1e-5)
        theirs = {name: told[f"next_{name}"] for name in theirs}
        point = torch.cat([mixture.mu_x[:, :1], mixture.mu_y[:, :1], START[:, 2:].expand(batch, 3)], dim=1)


class Written(NamedTuple):
    """A network, and what was written of it."""

    network: SketchModel
    files: list[Path]
    difference: float


@pytest.fixture(scope="module", params=CELLS)
def written(
    request: pytest.FixtureRequest,
    make_network: MakeNetwork,
    make_card: MakeCard,
    tmp_path_factory: pytest.TempPathFactory,
) -> Written:
    """Give the graphs of a conditional network of each cell."""
    network = make_network(True, request.param)
    return Written(
        network,
        *write_onnx(network, make_card(network, licence="CC0"), tmp_path_factory.mktemp("onnx") / "m.onnx"),
    )


@pytest.mark.slow
class TestConditional:
    """What is written of a variational autoencoder, for every cell."""

    def test_contract(self, written: Written) -> None:
        assert written.difference < 1e-5
        assert [file.name for file in written.files] == ["m.onnx", "m.begin.onnx", "m.encoder.onnx"]
        session = _session(written.files[0])
        names = [value.name for value in session.get_inputs()]
        outputs = [value.name for value in session.get_outputs()]
        assert names == ["point", *written.network.begin(1)]
        assert outputs == [*PARAMETERS, *(f"next_{name}" for name in names[1:])]
        assert all(value.type == "tensor(float)" for value in session.get_inputs())

    def test_metadata(self, written: Written) -> None:
        for file in written.files:
            facts = _session(file).get_modelmeta().custom_metadata_map
            assert (facts["scale_factor"], facts["n_max"], facts["licence"]) == ("20.0", "30", "CC0")
            assert json.loads(facts["first_point"]) == [0, 0, 1, 0, 0]
            assert json.loads(facts["limner"])["config"]["decoder"]["size"] == 8

    @pytest.mark.parametrize("batch", [1, 2, 5])
    def test_steps(self, written: Written, batch: int) -> None:
        state = written.network.begin(z=torch.randn(batch, 4, generator=torch.Generator().manual_seed(batch)))
        _walk(_session(written.files[0]), written.network, state, batch)

    def test_beginnings(self, written: Written) -> None:
        z = torch.linspace(-2, 2, 12).reshape(3, 4)
        first = _run(_session(written.files[1]), {"z": z})
        for name, value in written.network.begin(z=z).items():
            torch.testing.assert_close(first[f"first_{name}"], value, rtol=1e-5, atol=1e-5)

    def test_encoders(self, written: Written) -> None:
        chance = np.random.default_rng(0)
        rows = [np.column_stack([chance.normal(size=(n, 2)), np.arange(n) % 3 == 2]) for n in (4, 11, 1)]
        batch = pad_batch([row.astype(np.float32) for row in rows])
        latent = written.network.encode(batch)
        told = _run(_session(written.files[2]), {"strokes": batch.targets, "lengths": batch.lengths})
        torch.testing.assert_close(told["mu"], latent.mu, rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(told["presig"], latent.presig, rtol=1e-5, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
def test_a_decoder_alone_begins_with_zeros(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path, cell: CellName
) -> None:
    network = make_network(False, cell)
    files, _ = write_onnx(network, make_card(network), tmp_path / "m.onnx")
    assert files == [tmp_path / "m.onnx"]
    session = _session(files[0])
    zeros = {value.name: torch.zeros(2, value.shape[1]) for value in session.get_inputs()[1:]}
    _walk(session, network, zeros, 2)


@pytest.mark.slow
@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "rotary"])
def test_states_that_grow(make_card: MakeCard, tmp_path: Path, positions: PositionsName) -> None:
    """A transformer remembers every point; before the first there is none."""
    torch.manual_seed(0)
    shape = TransformerConfig(layers=2, width=16, heads=2, feedforward=24, positions=positions)
    network = build_model(ModelConfig(kind="transformer", conditional=False, transformer=shape)).eval()
    files, _ = write_onnx(network, make_card(network), tmp_path / "m.onnx")
    session = _session(files[0])
    assert {tuple(value.shape) for value in session.get_inputs()[1:]} == {
        ("batch", 2, "places", 8),
        ("batch", 2),
    }
    _walk(session, network, network.begin(2), 2)


@pytest.mark.slow
def test_attention_of_the_decoder(make_card: MakeCard, tmp_path: Path) -> None:
    torch.manual_seed(0)
    plain = DecoderConfig(size=8)
    decoder = replace(plain, attention=replace(plain.attention, heads=2))
    network = build_model(ModelConfig(conditional=False, decoder=decoder)).eval()
    files, _ = write_onnx(network, make_card(network), tmp_path / "m.onnx")
    _walk(_session(files[0]), network, network.begin(2), 2)


@pytest.mark.slow
def test_the_shipped_model(tmp_path: Path) -> None:
    network, card = load_weights(find_weights("doodles"))
    _, difference = write_onnx(network, card, tmp_path / "doodles.onnx")
    assert difference < 1e-4


def test_a_graph_that_differs_is_not_written(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_export, "_gap", lambda *_: float("nan"))
    network = make_network(False)
    with pytest.raises(LimnerError, match=r"m\.onnx differs from the model by nan; nothing was written"):
        write_onnx(network, make_card(network), tmp_path / "new" / "m.onnx")
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_export, "NEEDED", ("no_such_module",))
    network = make_network(False)
    with pytest.raises(MissingExtraError, match=r"pip install 'limner\[onnx\]'"):
        write_onnx(network, make_card(network), tmp_path / "m.onnx")
