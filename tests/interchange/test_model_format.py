"""The table of model formats: what each reads and writes, and those of other packages."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tests.docs import python_blocks
from tests.plugins import installed, read_again

from limner.errors import DataError, LimnerError
from limner.interchange.exporting import export_model, writable_formats
from limner.interchange.importing import import_model
from limner.interchange.model_format import MODEL_FORMATS, ModelFormat, with_suffix
from limner.sampling.model import load_model


def test_the_table() -> None:
    for name, entry in MODEL_FORMATS.built_in():
        assert isinstance(entry, ModelFormat)
        assert entry.name == name
        assert entry.description
        assert entry.read or entry.write
        assert bool(entry.suffixes) == (entry.read is not None)
    assert writable_formats()[:4] == ["sketch-rnn-js", "onnx", "hub-folder", "web"]


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match="reads the model format tensorflow but does not write it"):
        export_model(load_model("doodles"), "tensorflow", tmp_path / "x")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "x.bin",
            r"x\.bin is of no known kind; limner imports \.json, \.js, \.pth, \.pt, TensorFlow's \.index",
        ),
        ("folder", "folder holds no checkpoint"),
        ("none.json", r"none\.json does not exist"),
    ],
)
def test_what_cannot_be_read(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match=words):
        import_model(tmp_path / name, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_stranger_adds_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [block] = python_blocks("docs/adding/model_format.md")
    (tmp_path / "my_package.py").write_text(block)
    installed(tmp_path, monkeypatch, "limner.model_formats", npz="my_package:FORMAT")
    read_again(monkeypatch, MODEL_FORMATS)
    model = load_model("doodles")
    assert export_model(model, "npz", tmp_path / "m.npz").files == (tmp_path / "m.npz",)
    report = import_model(tmp_path / "m.npz", tmp_path / "m.safetensors", scale_factor=20.0)
    assert (report.form, report.scale_factor) == ("weights in npz", 20.0)
    back = load_model(tmp_path / "m.safetensors").network.state_dict()
    assert all(torch.equal(value, back[name]) for name, value in model.network.state_dict().items())
    (tmp_path / "bad.npz").write_bytes(b"no zip")
    with pytest.raises(DataError, match=r"bad\.npz holds no weights in npz"):
        import_model(tmp_path / "bad.npz", tmp_path / "bad")


def test_names_of_files() -> None:
    assert with_suffix(Path("a.JSON"), ".json") == Path("a.JSON")
    assert with_suffix(Path("a"), ".json") == Path("a/model.json")
