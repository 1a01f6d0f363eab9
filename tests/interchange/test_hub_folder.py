"""Folders for a model hub, and what the hub's own library makes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from limner.interchange.hub_folder import write_hub_folder
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.sampling.model import Model, load_model

hub = pytest.importorskip(
    "limner.interchange.hub", reason="huggingface_hub is missing: pip install 'limner[hub]'"
)


@pytest.fixture(params=[True, False], ids=["conditional", "decoder"])
def model(
    request: pytest.FixtureRequest, make_network: Callable[..., SketchModel], make_card: Callable[..., Card]
) -> Model:
    network = make_network(request.param)
    return Model(
        network, make_card(network, licence="CC BY 4.0, QuickDraw", training={"step": 7, "L_R": -1.5})
    )


@pytest.fixture
def folder(model: Model, tmp_path: Path) -> Path:
    write_hub_folder(model, tmp_path / "cats")
    return tmp_path / "cats"


def test_files(folder: Path) -> None:
    names = {"README.md", "config.json", "model.safetensors", "samples.png", "samples.svg"}
    assert {path.name for path in folder.iterdir()} == names


def test_limner_reads_it(folder: Path, model: Model) -> None:
    assert load_model(folder).card == model.card


def test_from_pretrained_reads_it(folder: Path, model: Model) -> None:
    read = hub.HubModel.from_pretrained(str(folder))
    assert read.card == model.card
    for name, value in model.network.state_dict().items():
        assert torch.equal(read.network.state_dict()[name], value)
    assert read.sample(2, seed=1) == model.sample(2, seed=1)


@pytest.mark.slow
def test_save_pretrained_writes_it(folder: Path, tmp_path: Path) -> None:
    hub.HubModel.from_pretrained(folder).save_pretrained(tmp_path / "again")
    again = (tmp_path / "again" / "model.safetensors").read_bytes()
    assert again == (folder / "model.safetensors").read_bytes()


def test_config(folder: Path, model: Model) -> None:
    config = json.loads((folder / "config.json").read_text())
    assert config["library"] == "limner"
    assert config["config"]["conditional"] == model.conditional
    assert (config["scale_factor"], config["n_max"]) == (20.0, 30)


def test_model_card(folder: Path) -> None:
    text = (folder / "README.md").read_text()
    head = text.split("---\n")[1].splitlines()
    assert "license: cc-by-4.0" in head
    assert '- "cat"' in head
    assert "# cats" in text
    assert "| scale factor | 20.0000 |" in text
    assert "| L_R | -1.5000 |" in text
    assert text.rstrip().endswith("CC BY 4.0, QuickDraw")


@pytest.mark.parametrize(("licence", "wanted"), [("", "unknown"), ("ask me", "other"), ("MIT", "mit")])
def test_licences(
    make_network: Callable[..., SketchModel],
    make_card: Callable[..., Card],
    tmp_path: Path,
    licence: str,
    wanted: str,
) -> None:
    network = make_network(False)
    write_hub_folder(Model(network, make_card(network, licence=licence)), tmp_path / "m")
    assert f"\nlicense: {wanted}\n" in (tmp_path / "m" / "README.md").read_text()
