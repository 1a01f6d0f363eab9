"""torch runs in one thread; a base and a preset that take no time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from limner.models.build import build_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.weights import Card
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing
from limner.training.presets import PRESETS

TINY = ModelConfig(latent_size=4, encoder=EncoderConfig(size=8), decoder=DecoderConfig(size=16, components=3))


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Apply the shared fixture to every test here."""


@pytest.fixture(scope="session")
def base() -> Model:
    """Return an untrained base that is told one of four classes; its drawings have 20 points at most."""
    config = replace(TINY, conditional=False, classes=4, class_size=3)
    torch.manual_seed(0)
    card = Card(
        config, scale_factor=30.0, n_max=20, extent=200.0, start=(50.0, 50.0), start_reach=50.0,
        tolerance=1.0, classes=("anything", "cat", "face", "zebra"),
    )  # fmt: skip
    return Model(build_model(config).eval(), card)


@pytest.fixture
def with_base(base: Model, monkeypatch: pytest.MonkeyPatch) -> Model:
    """Put the untrained base into the place of the one that ships."""
    for module in ("base_drawings", "learn_pictures"):
        monkeypatch.setattr(f"limner.demo.{module}.load_base", lambda: base)
    return base


@pytest.fixture
def tiny_preset(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a preset that learns next to nothing in no time."""
    fast = PRESETS["fast"]
    train = replace(fast.train, batch_size=4, validate_every=4, log_every=2)
    monkeypatch.setitem(PRESETS, "tiny", replace(fast, model=TINY, train=train, max_steps=6))
    return "tiny"


def drawing(k: int) -> Drawing:
    """Return a drawing of two strokes, another one for each number."""
    turn = np.linspace(0, 5, 12)
    loop = np.column_stack([40 + (20 + k) * np.cos(turn), 50 + (30 - k) * np.sin(turn)])
    return Drawing.from_polylines([loop, np.array([[10, 90], [60 + k, 95]])])


@pytest.fixture
def svgs(tmp_path: Path) -> Path:
    """Return a folder of five SVG files."""
    folder = tmp_path / "svgs"
    folder.mkdir()
    for k in range(5):
        (folder / f"drawing-{k}.svg").write_text(drawing(k).to_svg())
    return folder


def draw_page(path: Path, k: int = 0) -> None:
    """Write a picture of a page with one line."""
    image = Image.new("L", (160, 200), 250)
    points = [(20, 30 + k), (130, 40), (90 - k, 100), (140, 150), (30, 170)]
    ImageDraw.Draw(image).line(points, fill=20, width=3)
    image.save(path)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a sketchbook of three pages, one of them blank."""
    folder = tmp_path / "sketchbook"
    folder.mkdir()
    for k in range(2):
        draw_page(folder / f"page-{k}.png", 10 * k)
    Image.new("L", (160, 200), 250).save(folder / "page-9-blank.png")
    return folder
