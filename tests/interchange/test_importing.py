"""From a foreign file to a weights file and its card."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from limner.errors import DataError
from limner.interchange.importing import import_model
from limner.interchange.tensorflow import PREFIX, variables_of
from limner.models.protocol import SketchModel
from limner.models.weights import load_weights
from limner.sampling.config import SamplingConfig
from limner.sampling.model import load_model

Document = list[Any]
Make = Callable[..., Document]
Save = Callable[[Document], Path]


@pytest.fixture
def source(make_document: Make, save_document: Save) -> Path:
    return save_document(make_document())


def test_the_card(source: Path, tmp_path: Path) -> None:
    report = import_model(source, tmp_path / "cat", licence="CC BY 4.0")
    assert report.out == str(tmp_path / "cat" / "model.safetensors")
    card = load_model(tmp_path / "cat").card
    assert (card.scale_factor, card.n_max, card.classes, card.licence) == (40.25, 12, ("cat",), "CC BY 4.0")
    kept = card.training["imported"]
    assert kept["sha256"] == report.sha256 == sha256(source.read_bytes()).hexdigest()
    assert kept["info"]["scale_factor"] == 80.5
    assert card.extent > 0
    assert np.isfinite([*card.start, card.start_reach, card.tolerance]).all()


def test_the_report(source: Path, tmp_path: Path) -> None:
    report = import_model(source, tmp_path / "cat.safetensors")
    assert (tmp_path / "cat.safetensors").is_file()
    assert report.form == "sketch-rnn-js"
    assert report.summary == "lstm decoder of 5 units alone"
    assert report.parameters == sum(
        p.numel() for p in load_model(tmp_path / "cat.safetensors").network.parameters()
    )
    words = " ".join(report.assumed)
    assert all(word in words for word in ("scale_factor", "start token", "temperature"))


def test_what_is_said_by_hand_counts(source: Path, tmp_path: Path) -> None:
    report = import_model(source, tmp_path / "cat", scale_factor=3.0, n_max=7)
    assert (report.scale_factor, report.n_max) == (3.0, 7)


def test_the_same_file_gives_the_same_model(source: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        import_model(source, tmp_path / f"{name}.safetensors")
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


@pytest.mark.slow
def test_a_checkpoint_without_scale(
    make_network: Callable[..., SketchModel], write_checkpoint: Callable[..., None], tmp_path: Path
) -> None:
    """A usual drawing is made as large as QuickDraw's."""
    variables = {PREFIX + name: value for name, value in variables_of(make_network(decoder="hyper")).items()}
    write_checkpoint(tmp_path / "vector", variables)
    report = import_model(tmp_path, tmp_path / "out")
    _, card = load_weights(tmp_path / "out" / "model.safetensors")
    assert card.extent == pytest.approx(255, rel=0.01)
    assert card.n_max == 250
    assert any("255 large" in sentence for sentence in report.assumed)
    assert any("250 points" in sentence for sentence in report.assumed)


@pytest.mark.parametrize("name", ["gone.json", "gone", "gone.index", "gone.pb", "gone.pth"])
def test_nothing_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=f"{name} does not exist"):
        import_model(tmp_path / name, tmp_path / "out")


def test_another_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "model.h5").write_bytes(b"HDF")
    with pytest.raises(DataError, match=r"model\.h5 is of no known kind"):
        import_model(tmp_path / "model.h5", tmp_path / "out")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cat", "bird", "bicycle"])
def test_published_models_draw(data_dir: Path, tmp_path: Path, name: str) -> None:
    """Steps are as long as QuickDraw's, drawings about twice as large; they begin at home and end."""
    import_model(data_dir / "sketch-rnn-js" / f"{name}.gen.json", tmp_path / name)
    model = load_model(tmp_path / name)
    assert 400 < model.card.extent < 550
    assert model.card.start_reach < model.card.extent / 2
    drawings = model.sample(10, sampling_config=SamplingConfig(0.25, convention="js"), seed=1)
    assert sum(drawing.n_points < model.card.n_max for drawing in drawings) >= 5
    steps = np.concatenate([np.hypot(*np.diff(s, axis=0).T) for drawing in drawings for s in drawing])
    assert 15 < np.median(steps) < 30
    assert all(len(drawing) > 1 for drawing in drawings)
