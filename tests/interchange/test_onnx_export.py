"""Graphs for ONNX: their contract, what onnxruntime makes of them, and refusals.

Letters: ``B`` batch, ``T`` points.
"""

from __future__ import annotations

import json
from collections.abc import Callable
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
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig, TransformerConfig
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.models.state import State
from limner.models.weights import Card, find_weights, load_weights

onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is missing: pip install 'limner[onnx]'")

MakeNetwork = Callable[..., SketchModel]
MakeCard = Callable[..., Card]
PARAMETERS = ("pi", "mu_x", "mu_y", "sigma_x", "sigma_y", "rho", "pen")
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
        if mixture.is_joint:
            pens = mixture.pen_logits.softmax(dim=-1)
            torch.testing.assert_close(told["component_pen"], pens, rtol=1e-5, atol=1e-5)
        theirs = {name: told[f"next_{name}"] for name in theirs}
        point = torch.cat([mixture.mu_x[:, :1], mixture.mu_y[:, :1], START[:, 2:].expand(batch, 3)], dim=1)


def _told(network: SketchModel, batch: int) -> dict[str, Tensor]:
    """Return z and labels, those that the network takes."""
    chance = torch.Generator().manual_seed(batch)
    z = {"z": torch.randn(batch, 4, generator=chance)} if network.conditional else {}
    return z | ({"labels": torch.arange(batch) % 2} if network.config.classes else {})


class Written(NamedTuple):
    """A network, and what was written of it."""

    network: SketchModel
    files: list[Path]
    difference: float


def _transformer() -> SketchModel:
    torch.manual_seed(0)
    shape = TransformerConfig(
        layers=2, width=16, heads=2, feedforward=24, positions="learned", coordinates="absolute",
        joint="conditioned",
    )  # fmt: skip
    config = ModelConfig(
        kind="transformer", latent_size=4, classes=2, decoder=DecoderConfig(size=8), transformer=shape
    )
    return build_model(config).eval()


def _with_places() -> SketchModel:
    torch.manual_seed(0)
    encoder = EncoderConfig(size=8, attentive_pooling=True, coordinates="both")
    decoder = DecoderConfig(size=8, components=2, coordinates="both")
    return build_model(ModelConfig(latent_size=4, encoder=encoder, decoder=decoder)).eval()


@pytest.fixture(scope="module", params=["lstm", "places", "transformer"])
def written(
    request: pytest.FixtureRequest,
    make_network: MakeNetwork,
    make_card: MakeCard,
    tmp_path_factory: pytest.TempPathFactory,
) -> Written:
    """Return the graphs of variational autoencoders, and of a transformer that is told classes."""
    built = {"transformer": _transformer, "places": _with_places}.get(request.param)
    network = make_network(True) if built is None else built()
    return Written(
        network,
        *write_onnx(network, make_card(network, licence="CC0"), tmp_path_factory.mktemp("onnx") / "m.onnx"),
    )


@pytest.mark.slow
class TestConditional:
    """What is written of networks that draw from z; ``test_exporting.py`` has more of them."""

    def test_contract(self, written: Written) -> None:
        assert written.difference < 1e-5
        assert [file.name for file in written.files] == ["m.onnx", "m.begin.onnx", "m.encoder.onnx"]
        session = _session(written.files[0])
        names = [value.name for value in session.get_inputs()]
        outputs = [value.name for value in session.get_outputs()]
        assert names == ["point", *written.network.begin(1)]
        joint = ["component_pen"] * (written.network.config.kind == "transformer")
        assert outputs == [*PARAMETERS, *joint, *(f"next_{name}" for name in names[1:])]
        assert all(value.type == "tensor(float)" for value in session.get_inputs())

    def test_metadata(self, written: Written) -> None:
        for file in written.files:
            facts = _session(file).get_modelmeta().custom_metadata_map
            assert (facts["scale_factor"], facts["n_max"], facts["licence"]) == ("20.0", "30", "CC0")
            assert json.loads(facts["first_point"]) == [0, 0, 1, 0, 0]
            assert json.loads(facts["limner"])["config"]["decoder"]["size"] == 8

    @pytest.mark.parametrize("batch", [1, 2, 5])
    def test_steps(self, written: Written, batch: int) -> None:
        state = written.network.begin(batch, **_told(written.network, batch))
        _walk(_session(written.files[0]), written.network, state, batch)

    @pytest.mark.parametrize("batch", [1, 4])
    def test_beginnings(self, written: Written, batch: int) -> None:
        told = _told(written.network, batch)
        first = _run(_session(written.files[1]), told)
        for name, value in written.network.begin(batch, **told).items():
            torch.testing.assert_close(first[f"first_{name}"], value, rtol=1e-5, atol=1e-5)

    def test_encoders(self, written: Written) -> None:
        chance = np.random.default_rng(0)
        rows = [np.column_stack([chance.normal(size=(n, 2)), np.arange(n) % 3 == 2]) for n in (4, 11, 1)]
        batch = pad_batch([row.astype(np.float32) for row in rows])
        latent = written.network.encode(batch)
        assert latent.presig is not None
        told = _run(_session(written.files[2]), {"strokes": batch.targets, "lengths": batch.lengths})
        torch.testing.assert_close(told["mu"], latent.mu, rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(told["presig"], latent.presig, rtol=1e-5, atol=1e-5)


@pytest.mark.slow
def test_a_decoder_alone_begins_with_zeros(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path
) -> None:
    network = make_network(False)
    files, _ = write_onnx(network, make_card(network), tmp_path / "m.onnx")
    assert files == [tmp_path / "m.onnx"]
    session = _session(files[0])
    zeros = {value.name: torch.zeros(2, value.shape[1]) for value in session.get_inputs()[1:]}
    _walk(session, network, zeros, 2)


@pytest.mark.slow
def test_states_that_grow(make_card: MakeCard, tmp_path: Path) -> None:
    """A transformer remembers every point; before the first there is none."""
    torch.manual_seed(0)
    shape = TransformerConfig(layers=2, width=16, heads=2, feedforward=24, positions="rotary")
    network = build_model(ModelConfig(kind="transformer", conditional=False, transformer=shape)).eval()
    files, _ = write_onnx(network, make_card(network), tmp_path / "m.onnx")
    session = _session(files[0])
    assert {tuple(value.shape) for value in session.get_inputs()[1:]} == {
        ("batch", 2, "places", 8),
        ("batch", 2),
    }
    _walk(session, network, network.begin(2), 2)


@pytest.mark.slow
def test_a_class_alone(make_card: MakeCard, tmp_path: Path) -> None:
    """The state of a decoder that is told its class is not zeros."""
    torch.manual_seed(0)
    network = build_model(ModelConfig(conditional=False, classes=2, decoder=DecoderConfig(size=8))).eval()
    files, _ = write_onnx(network, make_card(network), tmp_path / "m.onnx")
    assert [file.name for file in files] == ["m.onnx", "m.begin.onnx"]
    first = _run(_session(files[1]), {"labels": torch.tensor([1, 0, 1])})
    _walk(_session(files[0]), network, {name: first[f"first_{name}"] for name in network.begin(1)}, 3)


@pytest.mark.slow
def test_what_no_graph_can(
    make_network: MakeNetwork, make_card: MakeCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, without the exporter's own page of advice."""
    network = make_network(False)
    true = network.step

    def step(point: Tensor, state: State) -> tuple[Mixture, State]:
        if torch.compiler.is_exporting():
            raise ValueError("no graphs today.")
        return true(point, state)

    monkeypatch.setattr(network, "step", step)
    with pytest.raises(LimnerError) as refusal:
        write_onnx(network, make_card(network), tmp_path / "m.onnx")
    words = "No ONNX graph can do what this network does to step (no graphs today); try --to hub-folder."
    assert str(refusal.value) == words


@pytest.mark.slow
def test_the_shipped_model(tmp_path: Path) -> None:
    network, card = load_weights(find_weights("doodles"))
    _, difference = write_onnx(network, card, tmp_path / "doodles.onnx")
    assert difference < 1e-4


@pytest.mark.slow
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
