"""Networks of torchvision, timm and open_clip as embedders of pictures.

None of these packages is imported until one of its networks is asked for.

Letters: ``n`` pictures, ``D`` numbers of each.
"""

from __future__ import annotations

import hashlib
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
"""Side of the pictures, as most of these networks take them."""
HASH_DIGITS = 12
"""Hexadecimal digits of the weights' sha256 in an identifier."""
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
CLIP = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
"""Mean and standard deviation of red, green and blue in the pictures that networks are trained with."""

BATCH = 32

HEADS = ("fc", "classifier", "head", "heads")
"""Names of the last layer, which predicts classes, in torchvision's networks."""


class VisionNetwork(NamedTuple):
    """A network, the function that computes its features, and the normalization of its pictures."""

    module: nn.Module
    features: Callable[[Tensor], Tensor]
    normalization: tuple[tuple[float, ...], tuple[float, ...]] = IMAGENET


def vision_embedder(package: str, name: str, weights: Path | None = None, *, hub: bool = False) -> Embedder:
    """Return an embedder whose features are the inputs of a network's last layer.

    Pictures are laid on a white square of 224 pixels. The single-line project takes ``torchvision:resnet34``,


    Parameters
    ----------
    package : {"torchvision", "timm", "open_clip"}
    name : str
        Of the network, in its package.
    weights : Path, optional
        ``.safetensors``, or a ``.pt`` or ``.pth`` file, of which only tensors are read.
    hub : bool
        Whether the package may download its default weights.

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
    network = PACKAGES[package](_package(package), name, weights is None)
    if weights is not None:
        _load_weights(network.module, weights)
    network.module.eval()

    @torch.no_grad()
    def rows(pictures: Sequence[Image.Image]) -> NDArray[np.float32]:
        batches = [pictures[k : k + BATCH] for k in range(0, len(pictures), BATCH)]
        tensors = (_tensor(batch, network.normalization) for batch in batches)
        return np.concatenate([network.features(tensor).float().numpy() for tensor in tensors])

    settings = {"weights": weights.name if weights else "hub", "px": PX}
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()[:HASH_DIGITS] if weights else ""
    return Embedder(f"{package}:{name}", "pictures", rows, px=PX, settings=settings, digest=digest)


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        install = name.replace("open_clip", "open_clip_torch")
        raise LimnerError(
            f"Features of {name} need that package: pip install {install}; or use --features shape or page."
        ) from error


def _of_torchvision(package: Any, name: str, fetch: bool) -> VisionNetwork:
    models = import_module(f"{package.__name__}.models")
    if name not in models.list_models():
        raise LimnerError(f"torchvision has no network {name}; one that it has is resnet34.")
    module = models.get_model(name, weights="DEFAULT" if fetch else None)
    return VisionNetwork(module, _without_head(module))


def _of_timm(package: Any, name: str, fetch: bool) -> VisionNetwork:
    if not package.is_model(name):
        raise LimnerError(f"timm has no network {name}.")
    module = package.create_model(name, pretrained=fetch, num_classes=0)
    return VisionNetwork(module, module)


def _of_open_clip(package: Any, name: str, fetch: bool) -> VisionNetwork:
    name, _, tag = name.partition("/")
    if name not in package.list_models():
        raise LimnerError(f"open_clip has no network {name}; one that it has is ViT-B-32.")
    if fetch and not tag:
        raise LimnerError(f"open_clip knows several weights of {name}; name them, as in {name}/openai.")
    module = package.create_model(name, pretrained=tag if fetch else None)
    return VisionNetwork(module, module.encode_image, CLIP)


PACKAGES: dict[str, Callable[[Any, str, bool], VisionNetwork]] = {
    "torchvision": _of_torchvision,
    "timm": _of_timm,
    "open_clip": _of_open_clip,
}
"""Functions that make a network of each package, from the package, a name and whether to download weights."""


def _without_head(module: nn.Module) -> nn.Module:
    """Replace the last layer by the identity."""
    for name in HEADS:
        if isinstance(getattr(module, name, None), nn.Module):
            setattr(module, name, nn.Identity())
            return module
    raise LimnerError("The network has no last layer of a name that is known; use another one.")


def _load_weights(module: nn.Module, path: Path) -> None:
    """Load weights; those of the last layer, which was removed, are ignored."""
    expected, tensors = module.state_dict(), _tensors(path)
    for name, value in expected.items():
        if name not in tensors:
            raise DataError(f"{path} holds no weights of this network: {name} is missing.")
        if tensors[name].shape != value.shape:
            raise DataError(f"{path} holds no weights of this network: {name} is of another shape.")
    module.load_state_dict({name: tensors[name] for name in expected})


def _tensors(path: Path) -> dict[str, Tensor]:
    if path.suffix.lower() != ".safetensors":
        tensors = read_tensors(path)[0]
        return {
            name.removeprefix("state_dict.").removeprefix("module."): value for name, value in tensors.items()
        }
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise DataError(f"{path} cannot be read: {reason}.") from error


def _tensor(
    pictures: Sequence[Image.Image], normalization: tuple[tuple[float, ...], tuple[float, ...]]
) -> Tensor:
    """Return pictures as ``(n, 3, PX, PX)``, each centred on a white square."""
    squares = []
    for picture in pictures:
        square = Image.new("RGB", (PX, PX), "white")
        square.paste(picture, ((PX - picture.width) // 2, (PX - picture.height) // 2))
        squares.append(np.asarray(square, np.float32) / 255)
    mean, deviation = np.array(normalization, np.float32)
    pixels = (np.stack(squares) - mean) / deviation
    return torch.from_numpy(np.moveaxis(pixels, 3, 1).copy())
