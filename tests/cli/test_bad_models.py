"""Weights files and run folders that no drawing can come from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from limner.models.weights import FILE_NAME, HEADER_KEY

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

Tensors = dict[str, torch.Tensor]


def card_of(path: Path) -> dict[str, Any]:
    with safe_open(path, framework="pt") as file:
        card = json.loads(file.metadata()[HEADER_KEY])
    assert isinstance(card, dict)
    return card


def with_card(path: Path, **changes: Any) -> None:
    """Change entries of the header; None takes one out."""
    card = card_of(path) | changes
    header = json.dumps({key: value for key, value in card.items() if value is not None})
    save_file(load_file(path), path, metadata={HEADER_KEY: header})


def with_config(path: Path, **changes: Any) -> None:
    with_card(path, config=card_of(path)["config"] | changes)


def with_tensors(path: Path, change: Callable[[Tensors, str], object]) -> None:
    """Change the tensors; ``change`` gets them and the name of the first."""
    card, tensors = card_of(path), load_file(path)
    change(tensors, next(iter(tensors)))
    save_file(tensors, path, metadata={HEADER_KEY: json.dumps(card)})


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": lambda p: p.unlink(),
    "empty": lambda p: p.write_bytes(b""),
    "text": lambda p: p.write_text("these are no weights"),
    "half": lambda p: p.write_bytes(p.read_bytes()[: p.stat().st_size // 2]),
    "cut short": lambda p: p.write_bytes(p.read_bytes()[:-4]),
    "enormous header": lambda p: p.write_bytes((2**62).to_bytes(8, "little") + b"{}"),
    "foreign": lambda p: save_file(load_file(p), p),
    "header no JSON": lambda p: save_file(load_file(p), p, metadata={HEADER_KEY: "{{"}),
    "header a list": lambda p: save_file(load_file(p), p, metadata={HEADER_KEY: "[1]"}),
    "later format": lambda p: with_card(p, format=1000),
    "no scale factor": lambda p: with_card(p, scale_factor=None),
    "scale factor 0": lambda p: with_card(p, scale_factor=0.0),
    "scale factor a text": lambda p: with_card(p, scale_factor="large"),
    "scale factor nan": lambda p: with_card(p, scale_factor=float("nan")),
    "no n_max": lambda p: with_card(p, n_max=None),
    "unknown entry": lambda p: with_card(p, surprise=1),
    "unknown kind": lambda p: with_config(p, kind="oracle"),
    "unknown setting": lambda p: with_config(p, kindd="sketch_rnn"),
    "other size": lambda p: with_config(p, latent_size=5),
    "decoder only": lambda p: with_config(p, conditional=False),
    "tensor missing": lambda p: with_tensors(p, lambda tensors, name: tensors.pop(name)),
    "tensor too many": lambda p: with_tensors(p, lambda tensors, _: tensors.update(x=torch.zeros(1))),
    "tensor of other shape": lambda p: with_tensors(
        p, lambda tensors, name: tensors.update({name: torch.zeros(1)})
    ),
    "tensor of nan": lambda p: with_tensors(
        p, lambda tensors, name: tensors.update({name: tensors[name] * torch.nan})
    ),
}


@pytest.fixture
def copy(run: Path, tmp_path: Path) -> Path:
    """Return a copy of the run that may be damaged."""
    return Path(shutil.copytree(run, tmp_path / "run"))


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_model_is_refused(refused: Refused, copy: Path, damage: str) -> None:
    DAMAGE[damage](copy / FILE_NAME)
    refused("sample", copy, "--out", "new/x.svg", names=FILE_NAME)
    if damage != "missing":
        refused("sample", copy / FILE_NAME, "--out", "new/x.svg", names=FILE_NAME)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["evaluate", "reconstruct", "complete", "interpolate"])
def test_all_verbs_refuse_a_damaged_model(refused: Refused, copy: Path, verb: str) -> None:
    (copy / FILE_NAME).write_bytes(b"no weights")
    refused(verb, copy, names=FILE_NAME)


@pytest.mark.parametrize("verb", ["evaluate", "sample", "reconstruct", "complete", "interpolate"])
def test_a_model_that_is_not_there(refused: Refused, verb: str) -> None:
    refused(verb, "no-such-model", names="no-such-model")


def test_a_folder_that_is_no_run(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    refused("sample", tmp_path / "folder", names=FILE_NAME)


def test_a_corpus_is_no_model(refused: Refused, npz: Path) -> None:
    refused("sample", npz, names=npz.name)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["reconstruct", "interpolate"])
def test_a_decoder_alone_cannot_encode(refused: Refused, decoder_run: Path, verb: str) -> None:
    assert "train a conditional one" in refused(verb, decoder_run, names="decoder alone")


@pytest.mark.parametrize("verb", ["evaluate", "reconstruct", "complete", "interpolate"])
class TestWithoutItsCorpus:
    """The run does not know, or no longer has, what it was trained on."""

    def test_weights_alone(self, refused: Refused, copy: Path, tmp_path: Path, verb: str) -> None:
        alone = shutil.move(copy / FILE_NAME, tmp_path / "alone.safetensors")
        assert "--data" in refused(verb, alone, names="alone.safetensors")

    def test_no_config(self, refused: Refused, copy: Path, verb: str) -> None:
        (copy / "config.toml").unlink()
        assert "--data" in refused(verb, copy, names="run")

    def test_corpus_gone(self, refused: Refused, copy: Path, verb: str) -> None:
        (copy / "config.toml").write_text('corpus = ["/nowhere/gone.npz"]\n')
        assert "--data" in refused(verb, copy, names="gone.npz")

    def test_damaged_config(self, refused: Refused, copy: Path, verb: str) -> None:
        (copy / "config.toml").write_text("corpus = [")
        refused(verb, copy, names="config.toml")

    def test_another_corpus_will_do(self, limner: Limner, copy: Path, npz: Path, verb: str) -> None:
        (copy / "config.toml").unlink()
        assert limner(verb, copy, "--data", npz).code == 0


def test_a_split_that_is_not_there(refused: Refused, run: Path) -> None:
    assert "test, valid and train" in refused("evaluate", run, "--split", "nosuch", names="nosuch")


@pytest.mark.parametrize("which", ["#99", "#-1", "#", "#x", "#valid/5", "#nosuch/0", ""])
@pytest.mark.parametrize("verb", ["reconstruct", "complete"])
def test_a_drawing_that_is_not_there(refused: Refused, run: Path, npz: Path, verb: str, which: str) -> None:
    names = "nosuch" if "nosuch" in which else npz.name
    refused(verb, run, f"{npz}{which}", "--out", "new/x.svg", names=names)


@pytest.mark.parametrize("verb", ["sample", "reconstruct", "complete", "interpolate"])
@pytest.mark.parametrize("out", ["x.jpg", "x.txt", "x.svg.gz"])
def test_pictures_of_unknown_kind_are_refused(refused: Refused, run: Path, verb: str, out: str) -> None:
    assert ".svg" in refused(verb, run, "--out", f"new/{out}", names=out)


@pytest.mark.parametrize("verb", ["sample", "reconstruct", "complete", "interpolate"])
def test_pictures_that_cannot_be_written(refused: Refused, run: Path, npz: Path, verb: str) -> None:
    refused(verb, run, "--out", npz / "x.svg", names="x.svg")
