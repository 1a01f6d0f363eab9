"""Trainings of the original: the variables among all that a checkpoint holds, and its two configurations."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from limner.errors import DataError
from limner.interchange.sketch_rnn import read_sketch_rnn
from limner.interchange.tensorflow import PREFIX, variables_of
from limner.models.config import CellName
from limner.models.protocol import SketchModel

Write = Callable[..., None]
MakeNetwork = Callable[..., SketchModel]
CELLS: tuple[CellName, ...] = ("lstm", "layer_norm", "hyper")


def _training(network: SketchModel) -> dict[str, Any]:
    """Return the variables of a whole training: two graphs, steps and the moments of Adam."""
    weights = {PREFIX + name: value for name, value in variables_of(network).items()}
    nothing = np.zeros(1, np.float32)
    other = {f"vector_rnn_1/{name.removeprefix(PREFIX)}": nothing for name in weights}
    adam = {f"{name}/{slot}": nothing for name in weights for slot in ("Adam", "Adam_1")}
    steps = {"global_step": np.array(500, np.int64), "Variable": np.float32(1e-3).reshape(())}
    powers = {name: np.float32(0.9).reshape(()) for name in ("beta1_power", "beta2_power")}
    return weights | other | adam | steps | powers


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("conditional", [True, False])
def test_all_cells(
    make_network: MakeNetwork, write_checkpoint: Write, tmp_path: Path, cell: CellName, conditional: bool
) -> None:
    network = make_network(conditional, cell)
    write_checkpoint(tmp_path / "vector-500", _training(network), shards=2)
    found = read_sketch_rnn(tmp_path)
    assert found.network.config.decoder == network.config.decoder
    assert found.network.conditional == conditional
    for name, value in network.state_dict().items():
        assert torch.equal(found.network.state_dict()[name], value)


@pytest.fixture
def folder(make_network: MakeNetwork, write_checkpoint: Write, tmp_path: Path) -> Path:
    write_checkpoint(tmp_path / "vector", _training(make_network()))
    return tmp_path


def test_a_good_configuration(folder: Path) -> None:
    settings = {"data_set": ["aaron_sheep.npz"], "max_seq_len": 250, "dec_rnn_size": 8}
    (folder / "model_config.json").write_text(json.dumps(settings))
    found = read_sketch_rnn(folder)
    assert (found.n_max, found.name, found.scale_factor) == (250, "aaron_sheep", 18.5198)
    assert found.facts == {"checkpoint": "vector", "settings": settings}
    assert found.assumed == ()
    assert [file.name for file in found.files][-1] == "model_config.json"


@pytest.mark.parametrize(
    "settings", [{"data_set": "owl.npz"}, {"data_set": ["sheep.npz", "owl.npz"]}, {"max_seq_len": "long"}, {}]
)
def test_what_a_configuration_need_not_say(folder: Path, settings: dict[str, Any]) -> None:
    (folder / "model_config.json").write_text(json.dumps(settings))
    found = read_sketch_rnn(folder)
    assert (found.n_max, found.scale_factor) == (None, None)


def test_a_configuration_of_names_only(folder: Path) -> None:
    (folder / "model_config.json").write_text(json.dumps(["data_set", "num_steps", "max_seq_len"]))
    found = read_sketch_rnn(folder)
    assert found.n_max is None
    assert "without their values" in found.assumed[0]


def test_no_configuration(folder: Path) -> None:
    assert "there is no model_config.json" in read_sketch_rnn(folder).assumed[0]


@pytest.mark.parametrize("text", ["", "{", "3", "null", "[" * 100_000])
def test_a_damaged_configuration(folder: Path, text: str) -> None:
    (folder / "model_config.json").write_text(text)
    with pytest.raises(DataError, match=r"model_config\.json"):
        read_sketch_rnn(folder)


def test_a_checkpoint_of_something_else(write_checkpoint: Write, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "mnist", {"dense/kernel": np.zeros((3, 3), np.float32)})
    with pytest.raises(DataError, match=r"mnist\.index holds no variables of sketch-rnn"):
        read_sketch_rnn(tmp_path)


def test_variables_that_do_not_fit(
    make_network: MakeNetwork, write_checkpoint: Write, tmp_path: Path
) -> None:
    variables = _training(make_network())
    del variables[f"{PREFIX}RNN/LSTMCell/bias"]
    write_checkpoint(tmp_path / "vector", variables)
    with pytest.raises(DataError, match=r"vector\.index: The variables RNN/LSTMCell/bias are missing"):
        read_sketch_rnn(tmp_path)


def test_the_oracle_through_a_checkpoint(data_dir: Path, write_checkpoint: Write, tmp_path: Path) -> None:
    """Weights of the original graph, written and read: the network gives the original's latents."""
    oracle = data_dir.parent / "oracle" / "magenta_layer_norm.npz"
    if not oracle.is_file():
        pytest.skip(f"{oracle.name} is not beside LIMNER_DATA")
    arrays = np.load(oracle)
    weights = {
        name.removeprefix("weight/"): arrays[name] for name in arrays.files if name.startswith("weight/")
    }
    write_checkpoint(tmp_path / "vector", weights)
    network = read_sketch_rnn(tmp_path).network
    strokes, lengths = torch.from_numpy(arrays["in/strokes5"]), torch.from_numpy(arrays["in/lengths"]).long()
    latent = network.encoder(strokes[:, 1:], lengths)  # type: ignore[operator]
    np.testing.assert_allclose(latent.mu.detach(), arrays["out/mean"], atol=1e-5)
