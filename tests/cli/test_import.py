"""``limner import``: what it says, and the damaged files that it refuses without leaving anything behind."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from tests.interchange.torch_ports import PaddedEncoder, PenLastDecoder

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

H = 4
SHAPES = [[H, 123], [123], [5, 4 * H], [H, 4 * H], [4 * H]]


def _document() -> list[Any]:
    chance = np.random.default_rng(0)
    arrays = [chance.integers(-9999, 9999, shape).astype("<i2") for shape in SHAPES]
    info = {"mode": 2, "version": 6, "max_seq_len": 9, "name": "cat", "scale_factor": 80.0}
    return [info, [list(s) for s in SHAPES], [base64.b64encode(a.tobytes()).decode() for a in arrays]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "cat.gen.json"
    path.write_text(json.dumps(_document()))
    return path


def test_report(limner: Limner, source: Path) -> None:
    said = limner("import", source, "--out", "m")
    assert (said.code, said.err) == (0, "")
    assert "found sketch-rnn-js: cat, lstm decoder of 4 units alone" in said.out
    assert "scale factor 40.0000, N_max 9, sha256 " in said.out
    assert said.out.count("assumed: ") == 3
    assert said.out.endswith("m/model.safetensors\n")


def test_json(limner: Limner, source: Path) -> None:
    found = limner("import", source, "--out", "m.safetensors", "--json", "--n-max", 5).json
    assert (found["scale_factor"], found["n_max"], found["out"]) == (40.0, 5, "m.safetensors")
    assert len(found["sha256"]) == 64
    assert Path("m.safetensors").is_file()


@pytest.mark.parametrize("rules", ["paper", "magenta", "js"])
def test_the_model_draws(limner: Limner, source: Path, rules: str) -> None:
    assert limner("import", source, "--out", "m").code == 0
    assert limner("sample", "m", "-n", 2, "--convention", rules, "--out", "x.svg").code == 0


def test_out_and_in_again(limner: Limner, source: Path) -> None:
    limner("import", source, "--out", "m")
    assert limner("export", "m", "--to", "sketch-rnn-js", "--out", "again.json").code == 0
    assert json.loads(Path("again.json").read_text()) == json.loads(source.read_text())


DAMAGE: dict[str, Callable[[list[Any]], object]] = {
    "wrong shape": lambda d: d[1].__setitem__(0, [H + 1, 123]),
    "short blob": lambda d: d[2].__setitem__(0, d[2][0][:-8]),
    "bad base64": lambda d: d[2].__setitem__(0, "!!" + d[2][0][2:]),
    "nan among integers": lambda d: d[2].__setitem__(1, [float("nan")] * 123),
    "nan scale": lambda d: d[0].update(scale_factor=float("nan")),
    "no scale": lambda d: d[0].pop("scale_factor"),
    "zero scale": lambda d: d[0].update(scale_factor=0),
    "no arrays": lambda d: d[2].clear(),
    "other document": lambda d: d.clear(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_files_are_refused(refused: Refused, source: Path, damage: str) -> None:
    document = _document()
    DAMAGE[damage](document)
    source.write_text(json.dumps(document))
    refused("import", source, "--out", "new/m", names="cat.gen.json")


def test_state_dicts(limner: Limner, refused: Refused, tmp_path: Path) -> None:
    """Of a port in two files; what no state dict says must be given."""
    encoder, decoder = PaddedEncoder(), PenLastDecoder()
    torch.save(encoder.state_dict(), tmp_path / "encoder-1.pth")
    torch.save(decoder.state_dict(), tmp_path / "decoder-1.pth")
    said = limner("import", tmp_path / "decoder-1.pth", "--out", "m", "--scale-factor", 20, "--n-max", 30)
    assert (said.code, said.err) == (0, "")
    assert "found a state dict of OhataKenji's SketchRNN-Pytorch" in said.out
    assert "scale factor 20.0000, N_max 30" in said.out
    assert limner("sample", "m", "-n", 2, "--out", "x.svg").code == 0
    refused("import", tmp_path / "decoder-1.pth", "--out", "new/m", names="--scale-factor")


@pytest.mark.parametrize("content", [b"", b"{", b"\x00\x01\x02", b"[[], []"])
@pytest.mark.parametrize("name", ["cat.gen.json", "cat.gen.js", "vector.index", "model.pth", "model.pt"])
def test_foreign_files_are_refused(refused: Refused, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    refused("import", tmp_path / name, "--out", "new/m", names=name)


def test_an_empty_folder_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    refused("import", tmp_path / "logs", "--out", "new/m", names="logs")


def test_a_corpus_is_no_model(refused: Refused, npz: Path) -> None:
    refused("import", npz, "--out", "new/m", names=npz.name)


def test_a_place_that_cannot_be_written(refused: Refused, source: Path, npz: Path) -> None:
    refused("import", source, "--out", npz / "m", names="m")
