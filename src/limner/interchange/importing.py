"""Import models of other programs into limner's own weights file.

What a card says of drawings and no foreign file does (their size, where they begin, how fine they are) is
measured on drawings that the model itself samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from limner._version import __version__
from limner.corpus.corpus import Corpus, Split
from limner.errors import DataError
from limner.interchange.checkpoint import find_prefix
from limner.interchange.foreign_model import ForeignModel
from limner.interchange.model_format import MODEL_FORMATS, ImportOptions
from limner.models.config import ModelConfig
from limner.models.limits import check_scale
from limner.models.protocol import SketchModel
from limner.models.weights import FILE_NAME, Card, save_weights
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import generate
from limner.settings import to_dict
from limner.training.data import training_data

N_MAX = 250
"""Points of a drawing at most, unless the source says otherwise: the original's default."""
USUAL_EXTENT = 255.0
"""Longest side of a usual drawing whose scale is not known, as in QuickDraw's simplified drawings."""
SAMPLES = 64
"""Drawings that the card's figures are measured on."""
START_ASSUMPTION = "the start token is (0, 0, 1, 0, 0), as in training; --convention js begins with zeros"
TEMPERATURE_ASSUMPTION = (
    "temperature means what the paper says; --convention js or magenta mean what these programs did"
)


@dataclass(frozen=True)
class ImportReport:
    """What was read from a source, what had to be assumed, and where the model was written."""

    source: str
    form: str
    """The format, in words."""
    sha256: str
    """Of all that was read: of a checkpoint the index, the shards and the configuration, concatenated."""
    name: str
    network: dict[str, Any]
    """The settings of the network."""
    summary: str
    """The network, in words."""
    parameters: int
    scale_factor: float
    n_max: int
    assumed: tuple[str, ...]
    """What had to be assumed, as sentences."""
    out: str


def import_model(
    source: str | Path,
    out: str | Path,
    *,
    scale_factor: float | None = None,
    n_max: int | None = None,
    licence: str = "",
) -> ImportReport:
    """Read another program's model and write it as limner's.

    Parameters
    ----------
    source : str or Path
        A file or folder of a format in :data:`limner.interchange.model_format.MODEL_FORMATS`: a ``.json`` or
        ``.js`` model of sketch-rnn-js, a TensorFlow 1 checkpoint of sketch-rnn, or a ``.pth`` or ``.pt``
        state dict of one of its ports to torch.
    out : str or Path
        A ``.safetensors`` file, or a folder to hold ``model.safetensors``.
    scale_factor : float, optional
        Units of drawings in one model unit, instead of what the source says. State dicts do not say it.
    n_max : int, optional
        Points of a drawing at most, instead of what the source says.
    licence : str
        Terms of the weights, for their header.

    Raises
    ------
    DataError
        If there is no such file, it is damaged, of no known format, or no network of limner computes the same
        as its network.
    """
    target = Path(out) if Path(out).suffix.lower() == ".safetensors" else Path(out) / FILE_NAME
    model = read_model(Path(source), ImportOptions(scale_factor, n_max))
    model, samples = _complete(model)
    card = _card(model, samples, licence)
    save_weights(model.network, card, target)
    return _report(model, card, source, target)


def read_model(path: Path, options: ImportOptions) -> ForeignModel:
    """Read a model by the first format that recognizes it, with what the options say instead of the file.

    Raises
    ------
    DataError
        If no format recognizes the path, or the file is damaged.
    """
    model = _read(path, options)
    model = replace(
        model,
        scale_factor=options.scale_factor or model.scale_factor,
        n_max=options.n_max or model.n_max,
    )
    check_scale(model.scale_factor, model.n_max, path)
    return model


def _read(path: Path, options: ImportOptions) -> ForeignModel:
    formats = list(dict(MODEL_FORMATS.items()).values())
    for entry in formats:
        if entry.read is not None and entry.takes(path):
            return entry.read(path, options)
    if path.is_dir():
        find_prefix(path)  # says why the folder holds no checkpoint
    if path.exists():
        suffixes = [suffix for entry in formats if entry.read for suffix in entry.suffixes]
        raise DataError(f"{path} is of no known kind; limner imports {', '.join(suffixes)}.")
    raise DataError(f"{path} does not exist.")


def _complete(model: ForeignModel) -> tuple[ForeignModel, list[NDArray[np.float32]]]:
    """Fill in what neither file nor user says; return the samples that it is measured on, too."""
    assumed = [*model.assumed, START_ASSUMPTION, TEMPERATURE_ASSUMPTION]
    if (n_max := model.n_max) is None:
        n_max = N_MAX
        assumed.append(f"drawings have {N_MAX} points at most, the original's default")
    samples = _sample(model.network, n_max)
    if (scale_factor := model.scale_factor) is None:
        scale_factor = USUAL_EXTENT / training_data(_corpus(samples, 1.0)).extent
        assumed.append(
            f"the scale factor is {scale_factor:.4g}, so that a usual drawing is {USUAL_EXTENT:.0f} large; "
            "--scale-factor sets it"
        )
    return replace(model, n_max=n_max, scale_factor=scale_factor, assumed=tuple(assumed)), samples


def _sample(network: SketchModel, n_max: int) -> list[NDArray[np.float32]]:
    """Sample stroke-3 drawings in model units at temperature 1."""
    generator = torch.Generator().manual_seed(0)
    z = torch.randn(SAMPLES, network.config.latent_size, generator=generator) if network.conditional else None
    rows = generate(
        network, SAMPLES, z=z, sampling_config=SamplingConfig(1.0), generator=generator,
        max_points=min(n_max, N_MAX),
    )  # fmt: skip
    return [row for row in rows if len(row)] or [np.zeros((1, 3), np.float32)]


def _corpus(rows: Sequence[NDArray[np.float32]], scale_factor: float) -> Corpus:
    scaled = [row * np.array([scale_factor, scale_factor, 1], np.float32) for row in rows]
    return Corpus({"train": Split.from_arrays(scaled)})


def _card(model: ForeignModel, samples: Sequence[NDArray[np.float32]], licence: str) -> Card:
    if model.scale_factor is None or model.n_max is None:
        raise RuntimeError("the model is not complete")
    data = training_data(_corpus(samples, model.scale_factor))
    origin = {"form": model.form, "sha256": _checksum(model.files), "by": f"limner {__version__}"}
    return Card(
        config=model.network.config,
        scale_factor=model.scale_factor,
        n_max=model.n_max,
        extent=data.extent,
        start=data.start,
        start_reach=data.start_reach,
        tolerance=data.tolerance,
        classes=(model.name,) if model.name else (),
        licence=licence,
        training={"imported": origin | model.facts},
    )


def _checksum(files: Sequence[Path]) -> str:
    digest = sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _report(model: ForeignModel, card: Card, source: str | Path, target: Path) -> ImportReport:
    return ImportReport(
        source=str(source),
        form=model.form,
        sha256=card.training["imported"]["sha256"],
        name=model.name,
        network=to_dict(card.config),
        summary=_summary(card.config),
        parameters=sum(p.numel() for p in model.network.parameters()),
        scale_factor=card.scale_factor,
        n_max=card.n_max,
        assumed=model.assumed,
        out=str(target),
    )


def _summary(config: ModelConfig) -> str:
    decoder = f"{config.decoder.cell} decoder of {config.decoder.size} units"
    if not config.conditional:
        return f"{decoder} alone"
    return (
        f"{config.encoder.cell} encoder of {config.encoder.size} units, z of {config.latent_size}, {decoder}"
    )
