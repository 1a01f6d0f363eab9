"""Published models: fetched from a mirror, converted on arrival, taken out of archives."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from limner.errors import DataError, LimnerError
from limner.interchange.get_model import get_model
from limner.interchange.tensorflow import PREFIX, variables_of
from limner.models.protocol import SketchModel
from limner.models.published import fetched_path, find_published, nearest_published, published_models
from limner.models.weights import find_weights
from limner.sampling.model import load_model


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("LIMNER_DATA", raising=False)


@pytest.fixture
def archive(
    tmp_path: Path, make_network: Callable[..., SketchModel], write_checkpoint: Callable[..., None]
) -> Path:
    """Return a mirror that holds an archive such as the original's, with the checkpoint of owls."""
    source = tmp_path / "source"
    source.mkdir()
    write_checkpoint(source / "vector", {PREFIX + k: v for k, v in variables_of(make_network()).items()})
    folder = tmp_path / "mirror"
    folder.mkdir()
    with zipfile.ZipFile(folder / "sketch_rnn.zip", "w") as file:
        file.writestr("models/owl/lstm/", "")
        for path in source.iterdir():
            file.write(path, f"models/owl/lstm/{path.name}")
        file.writestr("models/catbus/lstm/vector.index", "nothing")
    return folder


@pytest.mark.slow
def test_a_checkpoint_of_the_archive(archive: Path) -> None:
    path = get_model("sketch-rnn/owl/lstm", mirror=archive)
    assert path == fetched_path("sketch-rnn/owl/lstm") == find_weights("sketch-rnn/owl/lstm")
    model = load_model("sketch-rnn/owl/lstm")
    assert model.conditional
    assert model.card.licence.startswith("Apache-2.0 (data: Quick, Draw!")
    with pytest.raises(DataError):  # damaged, and not kept
        get_model("sketch-rnn/catbus/lstm", mirror=archive)
    assert not fetched_path("sketch-rnn/catbus/lstm").exists()
    with pytest.raises(DataError, match="holds no folder flamingo/lstm_uncond"):
        get_model("sketch-rnn/flamingo/lstm_uncond", mirror=archive)


def test_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "sketch_rnn.zip").write_text("moved")
    with pytest.raises(DataError, match=r"is not the model sketch-rnn/owl/lstm: .* whole \.zip file"):
        get_model("sketch-rnn/owl/lstm", mirror=tmp_path)


def test_a_damaged_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is as published, for all that is known of it, and yet no model."""
    entry = replace(find_published("magenta/owl-vae"), sha256=None)
    monkeypatch.setitem(published_models(), entry.name, entry)
    (tmp_path / "owl.vae.json").write_text(json.dumps([{}, [], []]))
    with pytest.raises(DataError, match=r"owl.vae.json holds 0 arrays"):
        get_model("magenta/owl-vae", mirror=tmp_path)
    assert not fetched_path("magenta/owl-vae").exists()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("octopuss", "magenta/octopus"),
        ("magneta/cat", "magenta/cat"),
        ("alarm clock", "magenta/alarm_clock"),
        ("sketch-rnn/owl", "sketch-rnn/owl/lstm"),
        ("runs/mine", None),
        ("qqq", None),
    ],
)
def test_the_nearest_name(name: str, wanted: str | None) -> None:
    assert nearest_published(name) == wanted


def test_no_such_model() -> None:
    with pytest.raises(LimnerError, match=r"There is no published model .cats.; did you mean magenta/cat\?"):
        get_model("cats")
