"""Weights on disk: a round trip, what the header says, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from limner.errors import DataError, LimnerError
from limner.models import weights
from limner.models.build import build_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.protocol import SketchModel
from limner.models.weights import HEADER_KEY, Card, find_weights, load_weights, save_weights, shipped_names

CONFIG = ModelConfig(
    latent_size=4, encoder=EncoderConfig(size=6), decoder=DecoderConfig(size=10, components=3)
)
CARD = Card(
    config=CONFIG,
    scale_factor=18.519826873930498,
    n_max=250,
    extent=239.0,
    start=(-4.0, 2.5),
    start_reach=38.9,
    tolerance=1.1,
    classes=("sheep", "Möwe"),
    licence="CC BY-NC 4.0",
    training={"step": 500, "valid_L_R": -0.25},
)


@pytest.fixture
def network() -> SketchModel:
    torch.manual_seed(0)
    return build_model(CONFIG)


@pytest.fixture
def file(network: SketchModel, tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    save_weights(network, CARD, path)
    return path


def test_round_trip(network: SketchModel, file: Path) -> None:
    loaded, card = load_weights(file)
    assert card == CARD
    assert not loaded.training
    wanted = network.state_dict()
    assert loaded.state_dict().keys() == wanted.keys()
    assert all(torch.equal(value, wanted[name]) for name, value in loaded.state_dict().items())


def test_half_precision_round_trip(network: SketchModel, tmp_path: Path) -> None:
    path = tmp_path / "half.safetensors"
    save_weights(network, CARD, path, half=True)
    assert {value.dtype for value in load_file(path).values()} == {torch.float16}
    loaded, card = load_weights(path)
    assert card == CARD
    for name, value in loaded.state_dict().items():
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, network.state_dict()[name], rtol=2**-11, atol=2**-25)


def test_decoder_alone_round_trip(tmp_path: Path) -> None:
    config = dataclasses.replace(CONFIG, conditional=False)
    save_weights(build_model(config), dataclasses.replace(CARD, config=config), tmp_path / "a.safetensors")
    loaded, _ = load_weights(tmp_path / "a.safetensors")
    assert not loaded.conditional


@pytest.mark.parametrize("half", [False, True])
def test_file_is_the_weights_and_little_else(network: SketchModel, tmp_path: Path, half: bool) -> None:
    save_weights(network, CARD, tmp_path / "a.safetensors", half=half)
    numbers = sum(parameter.numel() for parameter in network.parameters())
    size = (tmp_path / "a.safetensors").stat().st_size
    assert 0 < size - numbers * (2 if half else 4) < 4096


def test_header_is_plain_json(file: Path) -> None:
    """Other programs can read it."""
    with safe_open(file, framework="pt") as opened:
        header = json.loads(opened.metadata()[HEADER_KEY])
    assert header["format"] == 1
    decoder = header["config"]["decoder"]
    assert (decoder["cell"], decoder["size"], decoder["components"]) == ("lstm", 10, 3)
    assert header["scale_factor"] == CARD.scale_factor
    assert header["n_max"] == 250
    assert header["classes"] == ["sheep", "Möwe"]
    assert header["licence"] == "CC BY-NC 4.0"
    assert header["training"]["step"] == 500


def test_loading_leaves_chance_alone(file: Path) -> None:
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    load_weights(file)
    assert torch.equal(torch.rand(3), wanted)


# What is refused ---------------------------------------------------------------------------------

Spoil = Callable[[dict[str, torch.Tensor], dict[str, Any]], None]


def _rewritten(file: Path, spoil: Spoil) -> Path:
    """Write the file anew after ``spoil`` has changed its tensors and its header."""
    tensors = load_file(file)
    with safe_open(file, framework="pt") as opened:
        header = json.loads(opened.metadata()[HEADER_KEY])
    spoil(tensors, header)
    save_file(tensors, file, metadata={HEADER_KEY: json.dumps(header)})
    return file


def _refused(path: Path, words: str) -> None:
    with pytest.raises(DataError, match=words) as refusal:
        load_weights(path)
    sentence = str(refusal.value)
    assert path.name in sentence
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))


@pytest.mark.parametrize("left", [0, 4, 100, -10])
def test_truncated_file(file: Path, left: int) -> None:
    file.write_bytes(file.read_bytes()[:left])
    _refused(file, "cannot be read as a weights file")


def test_other_file(tmp_path: Path) -> None:
    path = tmp_path / "letter.safetensors"
    path.write_text("Dear reader, this is not a model at all.")
    _refused(path, "cannot be read as a weights file")


def test_missing_file(tmp_path: Path) -> None:
    _refused(tmp_path / "none.safetensors", "cannot be read as a weights file")


def test_no_header(network: SketchModel, tmp_path: Path) -> None:
    save_file(network.state_dict(), tmp_path / "bare.safetensors")
    _refused(tmp_path / "bare.safetensors", "holds no limner header")


@pytest.mark.parametrize("text", ["{", "[]", "3", "null", "{}", '"words"', "[" * 100_000])
def test_header_that_is_no_card(network: SketchModel, tmp_path: Path, text: str) -> None:
    save_file(network.state_dict(), tmp_path / "odd.safetensors", metadata={HEADER_KEY: text})
    _refused(tmp_path / "odd.safetensors", "cannot be understood")


def test_later_format(file: Path) -> None:
    _refused(_rewritten(file, lambda _, header: header.update(format=2)), "later limner")


def test_misspelt_setting(file: Path) -> None:
    def misspell(_: dict[str, torch.Tensor], header: dict[str, Any]) -> None:
        header["config"]["kindd"] = header["config"].pop("kind")

    _refused(_rewritten(file, misspell), "did you mean 'kind'")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("scale_factor", 0.0, "scale_factor 0.0; it must be above 0"),
        ("scale_factor", float("nan"), "scale_factor nan"),
        ("scale_factor", -3.0, "scale_factor -3.0"),
        ("scale_factor", "wide", "cannot be understood"),
        ("n_max", 0, "n_max 0"),
        ("n_max", [1], "cannot be understood"),
        ("extent", float("inf"), "extent inf"),
        ("start", [1.0], "cannot be understood"),
        ("start", "ab", "cannot be understood"),
        ("classes", 3, "cannot be understood"),
        ("unheard_of", 1, "cannot be understood"),
    ],
)
def test_odd_header(file: Path, name: str, value: object, words: str) -> None:
    _refused(_rewritten(file, lambda _, header: header.update({name: value})), words)


@pytest.mark.parametrize("name", ["config", "scale_factor", "start", "format"])
def test_incomplete_header(file: Path, name: str) -> None:
    _refused(_rewritten(file, lambda _, header: header.pop(name)), "cannot be understood")


def test_tensor_of_another_shape(file: Path) -> None:
    def cut(tensors: dict[str, torch.Tensor], _: dict[str, Any]) -> None:
        tensors["decoder.output.bias"] = tensors["decoder.output.bias"][:-1].clone()

    _refused(_rewritten(file, cut), r"does not fit its own config: decoder\.output\.bias")


def test_missing_and_unknown_tensors(file: Path) -> None:
    def rename(tensors: dict[str, torch.Tensor], _: dict[str, Any]) -> None:
        tensors["decoder.bias"] = tensors.pop("decoder.output.bias")

    _refused(_rewritten(file, rename), r"decoder\.bias and decoder\.output\.bias differ")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers(file: Path, value: float) -> None:
    def poison(tensors: dict[str, torch.Tensor], _: dict[str, Any]) -> None:
        tensors["decoder.cell.w_hh"][3, 3] = value

    _refused(_rewritten(file, poison), r"not finite numbers, in decoder\.cell\.w_hh")


def test_failed_save_keeps_the_old_file(network: SketchModel, file: Path) -> None:
    before = file.read_bytes()
    odd = dataclasses.replace(CARD, training={"step": object()})
    with pytest.raises(TypeError):
        save_weights(network, odd, file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


# Finding them ------------------------------------------------------------------------------------


def test_find(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "owl.safetensors").write_bytes(file.read_bytes())
    monkeypatch.setattr(weights, "SHIPPED", shipped)
    assert shipped_names() == ["owl"]
    assert find_weights(file) == file
    assert find_weights(str(file)) == file
    assert find_weights(file.parent) == file
    assert find_weights("owl") == shipped / "owl.safetensors"


@pytest.mark.parametrize("name", ["owll", "runs/owl", "../owl"])
def test_unknown_name(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "owl.safetensors").touch()
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)
    with pytest.raises(LimnerError, match=rf"no model {name}: .* did you mean owl"):
        find_weights(name)


def test_folder_without_weights(tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match=rf"{tmp_path} holds no model\.safetensors"):
        find_weights(tmp_path)


def test_last_weights_of_a_run(file: Path) -> None:
    with pytest.raises(LimnerError, match=r"holds no last\.safetensors; the best weights are in model"):
        find_weights(file.parent, "last")
    last = file.with_name("last.safetensors")
    last.write_bytes(file.read_bytes())
    assert find_weights(file.parent, "last") == last
    assert find_weights(file.parent, "best") == file
    assert find_weights(last) == last


def test_only_a_run_has_last_weights(file: Path, tmp_path: Path) -> None:
    for name in (file, "doodles"):
        with pytest.raises(LimnerError, match=f"{name} is one set of weights; only a run folder has last"):
            find_weights(name, "last")
    (tmp_path / "empty").mkdir()
    with pytest.raises(LimnerError, match=r"holds no last\.safetensors; train a model there"):
        find_weights(tmp_path / "empty", "last")


def test_header_that_promises_a_giant_is_refused(file: Path) -> None:
    """Without making room for it."""

    def grow(_: dict[str, Tensor], header: dict[str, Any]) -> None:
        header["config"]["decoder"]["size"] = 65_536

    _refused(_rewritten(file, grow), "does not fit its own config")


@pytest.mark.parametrize("name", ["start", "start_reach", "tolerance"])
def test_header_with_a_place_that_is_no_number_is_refused(file: Path, name: str) -> None:
    def poison(_: dict[str, Tensor], header: dict[str, Any]) -> None:
        header[name] = [0.0, float("nan")] if name == "start" else float("nan")

    _refused(_rewritten(file, poison), "not a finite number")
