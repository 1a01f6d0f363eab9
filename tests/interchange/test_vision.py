"""Networks of other packages that look at pictures: made-up packages with tiny networks stand for them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn

from limner.errors import DataError, LimnerError
from limner.interchange.vision import PX, vision_embedder

WIDTH = 5
CLASSES = 7


class Tiny(nn.Module):
    """Sees the mean colour of a picture."""

    def __init__(self, head: str = "fc") -> None:
        super().__init__()
        self.body = nn.Linear(3, WIDTH)
        self.norm = nn.BatchNorm1d(WIDTH)
        setattr(self, head, nn.Linear(WIDTH, CLASSES))
        self.head_name = head

    def forward(self, pixels: Tensor) -> Tensor:
        found = getattr(self, self.head_name)(self.norm(self.body(pixels.mean(dim=(2, 3)))))
        assert isinstance(found, Tensor)
        return found

    def encode_image(self, pixels: Tensor) -> Tensor:
        return self.norm(self.body(pixels.mean(dim=(2, 3))))  # type: ignore[no-any-return]


@pytest.fixture
def torchvision(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Put a package in the place of torchvision; give what it was asked for."""
    asked: list[Any] = []

    def get_model(name: str, weights: str | None) -> nn.Module:
        asked.append((name, weights))
        torch.manual_seed(1)
        return Tiny()

    package, models = ModuleType("torchvision"), ModuleType("torchvision.models")
    models.list_models = lambda: ["resnet34"]  # type: ignore[attr-defined]
    models.get_model = get_model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torchvision", package)
    monkeypatch.setitem(sys.modules, "torchvision.models", models)
    return asked


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Return weights of the tiny network, its last layer included."""
    torch.manual_seed(4)
    path = tmp_path / "tiny.safetensors"
    save_file(Tiny().state_dict(), path)
    return path


def _pictures() -> list[Image.Image]:
    return [Image.new("RGB", (PX, PX // 2), colour) for colour in ("red", "white", "#102030")]


def _wanted(file: Path, colours: list[float]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the tiny network's features of a mean colour, computed by hand."""
    from safetensors.torch import load_file

    network = Tiny().eval()
    network.load_state_dict(load_file(file))
    with torch.no_grad():
        return network.encode_image(torch.tensor(colours).reshape(1, 3, 1, 1)).numpy()[0]  # type: ignore[no-any-return]


@pytest.mark.usefixtures("torchvision")
def test_what_comes_before_the_last_layer(weights: Path) -> None:
    embedder = vision_embedder("torchvision", "resnet34", weights)
    rows = embedder.rows(_pictures())
    assert rows.shape == (3, WIDTH)
    assert rows.dtype == np.float32
    assert (embedder.takes, embedder.px, embedder.whitened) == ("pictures", PX, False)
    assert embedder.facts() == {
        "name": "torchvision:resnet34",
        "version": 1,
        "settings": {"weights": "tiny.safetensors", "px": PX},
    }
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    white, half_red = (1 - mean) / deviation, (np.array([1, 0.5, 0.5]) - mean) / deviation
    np.testing.assert_allclose(rows[1], _wanted(weights, white.tolist()), atol=1e-4)
    np.testing.assert_allclose(rows[0], _wanted(weights, half_red.tolist()), atol=1e-4)


def test_the_package_fetches_when_asked(torchvision: list[Any]) -> None:
    vision_embedder("torchvision", "resnet34", hub=True).rows(_pictures())
    assert torchvision == [("resnet34", "DEFAULT")]
    with pytest.raises(LimnerError, match="--weights"):
        vision_embedder("torchvision", "resnet34")


@pytest.mark.usefixtures("torchvision")
@pytest.mark.parametrize("wrapped", [False, True])
def test_files_of_torch(tmp_path: Path, weights: Path, wrapped: bool) -> None:
    torch.manual_seed(4)
    state = Tiny().state_dict()
    nested = {"state_dict": {f"module.{name}": value for name, value in state.items()}}
    torch.save(nested if wrapped else state, tmp_path / "tiny.pth")
    plain, other = (vision_embedder("torchvision", "resnet34", f) for f in (weights, tmp_path / "tiny.pth"))
    np.testing.assert_array_equal(plain.rows(_pictures()), other.rows(_pictures()))


@pytest.mark.usefixtures("torchvision")
def test_weights_that_do_not_fit(tmp_path: Path, weights: Path) -> None:
    with pytest.raises(LimnerError, match="no network resnet35"):
        vision_embedder("torchvision", "resnet35", weights)
    with pytest.raises(DataError, match=r"nosuch\.safetensors"):
        vision_embedder("torchvision", "resnet34", tmp_path / "nosuch.safetensors")
    save_file({"body.weight": torch.zeros(2, 2)}, tmp_path / "a.safetensors")
    with pytest.raises(DataError, match=r"a\.safetensors holds no weights of this network"):
        vision_embedder("torchvision", "resnet34", tmp_path / "a.safetensors")
    state = Tiny().state_dict() | {"body.weight": torch.zeros(WIDTH, 9)}
    save_file(state, tmp_path / "b.safetensors")
    with pytest.raises(DataError, match=r"body\.weight is of another shape"):
        vision_embedder("torchvision", "resnet34", tmp_path / "b.safetensors")


def test_code_in_a_weights_file_is_not_run(tmp_path: Path, torchvision: list[Any]) -> None:
    del torchvision

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (exec, ("import pathlib; pathlib.Path('ran').touch()",))

    torch.save({"a": Evil()}, tmp_path / "evil.pth")
    with pytest.raises(DataError, match=r"evil\.pth"):
        vision_embedder("torchvision", "resnet34", tmp_path / "evil.pth")
    assert not Path("ran").exists()


def test_timm(monkeypatch: pytest.MonkeyPatch, weights: Path) -> None:
    asked: dict[str, Any] = {}

    def create_model(name: str, **options: Any) -> nn.Module:
        asked.update(options, name=name)
        network = Tiny()
        network.fc = nn.Identity()
        return network

    package = ModuleType("timm")
    package.is_model = lambda name: name == "tiny"  # type: ignore[attr-defined]
    package.create_model = create_model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "timm", package)
    assert vision_embedder("timm", "tiny", weights).rows(_pictures()).shape == (3, WIDTH)
    assert asked == {"name": "tiny", "pretrained": False, "num_classes": 0}
    with pytest.raises(LimnerError, match="timm has no network huge"):
        vision_embedder("timm", "huge", weights)


def test_open_clip(monkeypatch: pytest.MonkeyPatch, weights: Path) -> None:
    asked: list[Any] = []

    def create_model(name: str, pretrained: str | None) -> nn.Module:
        asked.append((name, pretrained))
        return Tiny()

    package = ModuleType("open_clip")
    package.list_models = lambda: ["ViT-B-32"]  # type: ignore[attr-defined]
    package.create_model = create_model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "open_clip", package)
    assert vision_embedder("open_clip", "ViT-B-32", weights).rows(_pictures()).shape == (3, WIDTH)
    vision_embedder("open_clip", "ViT-B-32/openai", hub=True)
    assert asked == [("ViT-B-32", None), ("ViT-B-32", "openai")]
    with pytest.raises(LimnerError, match="ViT-B-32/openai"):
        vision_embedder("open_clip", "ViT-B-32", hub=True)


@pytest.mark.parametrize("package", ["torchvision", "timm", "open_clip"])
def test_packages_that_are_missing_explain_themselves(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(LimnerError, match=f"pip install {package}"):
        vision_embedder(package, "resnet34", hub=True)


def test_a_network_without_a_known_head(torchvision: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    del torchvision
    monkeypatch.setattr(sys.modules["torchvision.models"], "get_model", lambda *_, **__: Tiny("other"))
    with pytest.raises(LimnerError, match="no last layer"):
        vision_embedder("torchvision", "resnet34", hub=True)
