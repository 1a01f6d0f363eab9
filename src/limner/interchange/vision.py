"""Networks of torchvision, timm and open_clip that look at pictures, as embedders.

None of these packages is needed until its networks are asked for.

Letters: ``n`` pictures, ``D`` numbers of each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from limner.curation.embedder import Embedder
from limner.errors import DataError, LimnerError
from limner.interchange.torch_file import read_tensors

PX = 224
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
CLIP = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
"""Mean and standard deviation of red, green and blue that networks are trained with."""

AT_ONCE = 32

HEADS = ("fc", "classifier", "head", "heads")
"""What torchvision calls the last layer, which tells classes."""


class Network(NamedTuple):
    """A network, what makes features of it, and how it likes its pictures."""

    module: nn.Module
    features: Callable[[Tensor], Tensor]
    tone: tuple[tuple[float, ...], tuple[float, ...]] = IMAGENET


def vision_embedder(package: str, name: str, weights: Path | None = None, *, hub: bool = False) -> Embedder:
    """Describe pictures by what comes out of a network before its last layer.

    Pictures are laid on a white square of 224 pixels. The single-line project takes ``torchvision:resnet34``,
    512 numbers.

    Parameters
    ----------
    package : {"torchvision", "timm", "open_clip"}
    name : str
        Of the network, as its package calls it.
    weights : Path, optional
        ``.safetensors``, or a ``.pt`` or ``.pth`` file, of which only tensors are read.
    hub : bool
        Whether the package may fetch its usual weights.

    Raises
    ------
    LimnerError
        If the package is not installed or has no such network, or there are no weights.
    """
    if weights is None and not hub:
        raise LimnerError(
            f"{package}:{name} needs weights: name a file with --weights (limner evaluate: "
            "--feature-weights), or let them be fetched with --hub."
        )
    found = PACKAGES[package](_package(package), name, weights is None)
    if weights is not None:
        _fill(found.module, weights)
    found.module.eval()

    @torch.no_grad()
    def rows(pictures: Sequence[Image.Image]) -> NDArray[np.float32]:
        parts = [pictures[k : k + AT_ONCE] for k in range(0, len(pictures), AT_ONCE)]
        return np.concatenate([found.features(_batch(part, found.tone)).float().numpy() for part in parts])

    settings = {"weights": weights.name if weights else "hub", "px": PX}
    return Embedder(f"{package}:{name}", "pictures", rows, px=PX, settings=settings)


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        install = name.replace("open_clip", "open_clip_torch")
        raise LimnerError(
            f"Features of {name} need that package: pip install {install}; or use --features shape or page."
        ) from error


def _of_torchvision(package: Any, name: str, fetch: bool) -> Network:
    models = import_module(f"{package.__name__}.models")
    if name not in models.list_models():
        raise LimnerError(f"torchvision has no network {name}; one that it has is resnet34.")
    module = models.get_model(name, weights="DEFAULT" if fetch else None)
    return Network(module, _without_head(module))


def _of_timm(package: Any, name: str, fetch: bool) -> Network:
    if not package.is_model(name):
        raise LimnerError(f"timm has no network {name}.")
    module = package.create_model(name, pretrained=fetch, num_classes=0)
    return Network(module, module)


def _of_open_clip(package: Any, name: str, fetch: bool) -> Network:
    name, _, tag = name.partition("/")
    if name not in package.list_models():
        raise LimnerError(f"open_clip has no network {name}; one that it has is ViT-B-32.")
    if fetch and not tag:
        raise LimnerError(f"open_clip knows several weights of {name}; name them, as in {name}/openai.")
    module = package.create_model(name, pretrained=tag if fetch else None)
    return Network(module, module.encode_image, CLIP)


PACKAGES: dict[str, Callable[[Any, str, bool], Network]] = {
    "torchvision": _of_torchvision,
    "timm": _of_timm,
    "open_clip": _of_open_clip,
}
"""How each package's networks are made."""


def _without_head(module: nn.Module) -> nn.Module:
    """Put nothing in the place of the last layer."""
    for name in HEADS:
        if isinstance(getattr(module, name, None), nn.Module):
            setattr(module, name, nn.Identity())
            return module
    raise LimnerError("The network has no last layer of a name that is known; use another one.")


def _fill(module: nn.Module, path: Path) -> None:
    """Load weights; those of the last layer, which is not there any more, do not count."""
    wanted = module.state_dict()
    found = _tensors(path)
    for name, value in wanted.items():
        if name not in found:
            raise DataError(f"{path} holds no weights of this network: {name} is missing.")
        if found[name].shape != value.shape:
            raise DataError(f"{path} holds no weights of this network: {name} is of another shape.")
    module.load_state_dict({name: found[name] for name in wanted})


def _tensors(path: Path) -> dict[str, Tensor]:
    if path.suffix.lower() != ".safetensors":
        found = read_tensors(path)[0]
        return {
            name.removeprefix("state_dict.").removeprefix("module."): value for name, value in found.items()
        }
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise DataError(f"{path} cannot be read: {reason}.") from error


def _batch(pictures: Sequence[Image.Image], tone: tuple[tuple[float, ...], tuple[float, ...]]) -> Tensor:
    """Give pictures as ``(n, 3, PX, PX)``, each in the middle of a white square."""
    squares = []
    for picture in pictures:
        square = Image.new("RGB", (PX, PX), "white")
        square.paste(picture, ((PX - picture.width) // 2, (PX - picture.height) // 2))
        squares.append(np.asarray(square, np.float32) / 255)
    mean, deviation = np.array(tone, np.float32)
    pixels = (np.stack(squares) - mean) / deviation
    return torch.from_numpy(np.moveaxis(pixels, 3, 1).copy())
