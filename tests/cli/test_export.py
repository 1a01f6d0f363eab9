"""``limner export``: what it writes, says and refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused


@pytest.mark.slow
def test_sketch_rnn_js(limner: Limner, decoder_run: Path) -> None:
    said = limner("export", decoder_run, "--to", "sketch-rnn-js", "--out", "cat.json")
    assert (said.code, said.out, said.err) == (0, "cat.json\n", "")
    info, shapes, _ = json.loads(Path("cat.json").read_text())
    assert (info["mode"], shapes[0]) == (2, [16, 123])
    assert limner("import", "cat.json", "--out", "m", "--json").json["scale_factor"] == info["scale_factor"]


def test_an_autoencoder_goes_to_sketch_rnn_js_alone(limner: Limner, run: Path) -> None:
    said = limner("export", run, "--to", "sketch-rnn-js", "--out", "folder")
    assert "note: @magenta/sketch draws with decoders alone" in said.out
    info, shapes, _ = json.loads(Path("folder/model.json").read_text())
    assert (info["mode"], len(shapes)) == (1, 17)


@pytest.mark.slow
def test_onnx(limner: Limner, decoder_run: Path) -> None:
    found = limner("export", decoder_run, "--to", "onnx", "--out", "m.onnx", "--json").json
    assert found["files"] == ["m.onnx"]
    assert found["difference"] < 1e-4
    assert Path("m.onnx").is_file()


def test_hub_folder(limner: Limner, run: Path) -> None:
    assert limner("export", run, "--to", "hub-folder", "--out", "cats").out == "cats\n"
    assert limner("sample", "cats", "--out", "x.svg").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["layer_norm", "hyper"])
def test_what_sketch_rnn_js_cannot_hold(
    limner: Limner, refused: Refused, npz: Path, tmp_path: Path, cell: str
) -> None:
    options = ("--model.decoder.cell", cell, "--model.decoder.size", "8", "--model.conditional", "False")
    assert limner("train", npz, "--out", tmp_path / "r", "--max-steps", 1, *options).code == 0
    refused(
        "export",
        tmp_path / "r",
        "--to",
        "sketch-rnn-js",
        "--out",
        "new/x.json",
        names=f"decoder.cell is {cell}",
    )


@pytest.mark.parametrize("to", ["sketch-rnn-js", "onnx", "hub-folder", "web"])
def test_no_such_model(refused: Refused, to: str) -> None:
    refused("export", "no-such-model", "--to", to, "--out", "new/x", names="no-such-model")


@pytest.mark.parametrize("to", ["sketch-rnn-js", "hub-folder"])
def test_a_place_that_cannot_be_written(refused: Refused, decoder_run: Path, npz: Path, to: str) -> None:
    refused("export", decoder_run, "--to", to, "--out", npz / "x.json", names=npz.name)


def test_a_hub_takes_its_folder_alone(refused: Refused, decoder_run: Path) -> None:
    refused(
        "export", decoder_run, "--to", "web", "--out", "hf://me/cats", names="which takes --to hub-folder"
    )


def test_a_hub_without_the_extra(
    refused: Refused, decoder_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    monkeypatch.delitem(sys.modules, "limner.interchange.hub", raising=False)
    out = ("--to", "hub-folder", "--out", "hf://me/cats")
    refused("export", decoder_run, *out, names="pip install 'limner[hub]'")


@pytest.mark.slow
def test_to_a_hub(limner: Limner, decoder_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("limner.interchange.hub")
    written: dict[str, object] = {}

    def create(name: str, *, exist_ok: bool) -> None:
        written.update(made=name, again=exist_ok)

    def upload(*, repo_id: str, folder_path: Path, revision: str | None) -> None:
        written.update(to=repo_id, at=revision, files=sorted(p.name for p in folder_path.iterdir()))

    monkeypatch.setattr(hub, "create_repo", create)
    monkeypatch.setattr(hub, "upload_folder", upload)
    said = limner("export", decoder_run, "--to", "hub-folder", "--out", "hf://me/cats@wild")
    assert (said.code, said.err) == (0, "")
    assert "huggingface.co/me/cats" in said.out
    assert (written["made"], written["to"], written["at"]) == ("me/cats", "me/cats", "wild")
    assert "model.safetensors" in written["files"]  # type: ignore[operator]
