"""The command line in the same process, a place to work, and tiny corpora and runs to work on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pytest

from limner.cli.main import main
from limner.corpus.doodles.make import make_doodles

TINY = (
    *("--model.encoder.size", "8", "--model.decoder.size", "16", "--model.latent-size", "4"),
    *("--train.batch-size", "8", "--train.validate-every", "40", "--train.learning-rate", "0.02"),
)
"""Options of a training that takes no time and learns next to nothing."""


class Said(NamedTuple):
    """What became of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """What stands on stdout, which must be one line with one JSON object."""
        assert self.out.count("\n") == 1, self.out
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


class Limner(Protocol):
    """Runs a command in this process."""

    def __call__(self, *arguments: object) -> Said: ...


class Refused(Protocol):
    """Runs a command that must be refused as the contract says; gives the sentence."""

    def __call__(self, *arguments: object, names: str, code: int = 1) -> str: ...


class SaveNpz(Protocol):
    """Writes an npz file whose members are object arrays of the given drawings."""

    def __call__(self, path: Path, **members: Sequence[Any]) -> Path: ...


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Apply the shared fixture to every test here."""


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to work in, with files to read beside it."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def limner(capsys: pytest.CaptureFixture[str]) -> Limner:
    """Return the command line."""

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def refused(limner: Limner, tmp_path: Path) -> Refused:
    """Return the command line with the contract for what it refuses: a short sentence, and nothing new."""

    def run(*arguments: object, names: str, code: int = 1) -> str:
        before = sorted(tmp_path.rglob("*"))
        said = limner(*arguments)
        assert said.code == code, said
        assert said.out == ""
        lines = said.err.strip().splitlines()
        assert 1 <= len(lines) <= 3, said.err
        assert names in said.err
        assert "by itself" not in said.err
        assert "Traceback" not in said.err
        assert sorted(tmp_path.rglob("*")) == before
        return lines[-1]

    return run


@pytest.fixture(scope="session")
def save_npz() -> SaveNpz:
    def save(path: Path, **members: Sequence[Any]) -> Path:
        arrays: dict[str, Any] = {}
        for key, drawings in members.items():
            arrays[key] = np.empty(len(drawings), object)
            for i, drawing in enumerate(drawings):
                arrays[key][i] = drawing
        np.savez(path, **arrays)
        return path

    return save


@pytest.fixture(scope="session")
def doodles() -> list[Any]:
    """Return thirty drawings as stroke-3."""
    return [drawing.to_stroke3().round().astype(np.int16) for drawing in make_doodles(30, seed=1)]


@pytest.fixture(scope="session")
def npz(tmp_path_factory: pytest.TempPathFactory, doodles: list[Any], save_npz: SaveNpz) -> Path:
    """Return a corpus of 20 + 5 + 5 drawings."""
    path = tmp_path_factory.mktemp("corpus") / "toys.npz"
    return save_npz(path, train=doodles[:20], valid=doodles[20:25], test=doodles[25:])


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory, npz: Path) -> Path:
    """Return the run of a conditional model; not to be changed."""
    folder = tmp_path_factory.mktemp("runs") / "conditional"
    assert main(["train", str(npz), "--out", str(folder), *TINY, "--max-steps", "40"]) == 0
    return folder


@pytest.fixture(scope="session")
def decoder_run(tmp_path_factory: pytest.TempPathFactory, npz: Path) -> Path:
    """Return the run of a decoder alone; not to be changed."""
    folder = tmp_path_factory.mktemp("runs") / "decoder"
    options = [*TINY, "--max-steps", "40", "--model.conditional", "False"]
    assert main(["train", str(npz), "--out", str(folder), *options]) == 0
    return folder


@pytest.fixture(scope="session")
def svg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SVG file with one stroke."""
    path = tmp_path_factory.mktemp("svg") / "zigzag.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        '<path d="M1 1 20 4 5 12 20 22" fill="none" stroke="black"/></svg>'
    )
    return path
