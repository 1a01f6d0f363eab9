"""A model of another program to limner's own weights file.

What the card says of drawings and no foreign file does (their size, where they begin, how fine they are) is
measured on drawings by the model itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from limner import __version__
from limner.corpus.corpus import Corpus, Split
from limner.errors import DataError
from limner.interchange.checkpoint import is_checkpoint
from limner.interchange.foreign_model import Found
from limner.interchange.sketch_rnn import read_sketch_rnn
from limner.interchange.sketch_rnn_js import read_js
from limner.interchange.state_dict import read_state_dict
from limner.interchange.torch_file import SUFFIXES
from limner.models.config import ModelConfig
from limner.models.limits import check_scale
from limner.models.protocol import SketchModel
from limner.models.weights import FILE_NAME, Card, save_weights
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import generate
from limner.settings import to_dict
from limner.training.data import training_data

N_MAX = 250
USUAL_EXTENT = 255.0
JUDGES = 64
JUDGE_TASTE = SamplingConfig(1.0)  # as learnt
START_RULE = "the start token is (0, 0, 1, 0, 0), as in training; --convention js begins with zeros"
TEMPERATURE_RULE = (
    "temperature means what the paper says; --convention js or magenta mean what these programs did"
)


@dataclass(frozen=True)
class Report:
    """What was found in a file, what had to be assumed, and where the model is now."""

    source: str
    form: str
    """The format, as one says it."""
    sha256: str
    """Of what was read: the index, the shards and the configuration of a checkpoint one after another."""
    name: str
    network: dict[str, Any]
    """The settings of the network."""
    summary: str
    """The network in words."""
    parameters: int
    scale_factor: float
    n_max: int
    assumed: tuple[str, ...]
    out: str


def import_model(
    source: str | Path,
    out: str | Path,
    *,
    scale_factor: float | None = None,
    n_max: int | None = None,
    licence: str = "",
) -> Report:
    """Read another program's model and write it as limner's.

    Parameters
    ----------
    source : str or Path
        A ``.json`` or ``.js`` model of sketch-rnn-js, a TensorFlow 1 checkpoint of sketch-rnn, or a ``.pth``
        or ``.pt`` state dict of one of its ports to torch.
    out : str or Path
        A ``.safetensors`` file, or a folder to hold ``model.safetensors``.
    scale_factor : float, optional
        Units of drawings in one model unit, instead of what the source says. State dicts say nothing.
    n_max : int, optional
        Points of a drawing at most, instead of what the source says.
    licence : str
        Terms of the weights, to stand in their header.

    Raises
    ------
    DataError
        If there is no such file, or it is damaged, or none of the known formats, or limner's networks are
        not able to say what its network says.
    """
    target = Path(out) if Path(out).suffix.lower() == ".safetensors" else Path(out) / FILE_NAME
    found = _checked(source, scale_factor, n_max)
    assumed = [*found.assumed, START_RULE, TEMPERATURE_RULE]
    if (n_max := n_max or found.n_max) is None:
        n_max = N_MAX
        assumed.append(f"drawings have {N_MAX} points at most, the original's default")
    drawn = _drawn(found.network, n_max)
    if (scale_factor := scale_factor or found.scale_factor) is None:
        scale_factor = USUAL_EXTENT / training_data(_corpus(drawn, 1.0)).extent
        assumed.append(
            f"the scale factor is {scale_factor:.4g}, so that a usual drawing is {USUAL_EXTENT:.0f} large; "
            "--scale-factor sets it"
        )
    checksum = _checksum(found.files)
    facts = {"form": found.form, "sha256": checksum, "by": f"limner {__version__}", **found.facts}
    card = _card(found, drawn, scale_factor, n_max, licence, {"imported": facts})
    save_weights(found.network, card, target)
    return Report(
        source=str(source),
        form=found.form,
        sha256=checksum,
        name=found.name,
        network=to_dict(card.config),
        summary=_summary(card.config),
        parameters=sum(p.numel() for p in found.network.parameters()),
        scale_factor=scale_factor,
        n_max=n_max,
        assumed=tuple(assumed),
        out=str(target),
    )


def _checked(source: str | Path, scale_factor: float | None, n_max: int | None) -> Found:
    """Read a model, and see that drawings can be made to its scale."""
    found = _read(Path(source), scale_factor, n_max)
    check_scale(scale_factor or found.scale_factor, n_max or found.n_max, source)
    return found


def _read(path: Path, scale_factor: float | None, n_max: int | None) -> Found:
    if path.suffix.lower() in (".json", ".js") and path.is_file():
        return read_js(path)
    if path.suffix.lower() in SUFFIXES and path.is_file():
        return read_state_dict(path, scale_factor, n_max)
    if is_checkpoint(path):
        return read_sketch_rnn(path)
    if path.is_file():
        raise DataError(
            f"{path} is of no known kind; limner imports .json, .js, .pth, .pt and TensorFlow's .index."
        )
    raise DataError(f"{path} does not exist.")


def _checksum(files: Sequence[Path]) -> str:
    digest = sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _summary(config: ModelConfig) -> str:
    decoder = f"{config.decoder.cell} decoder of {config.decoder.size} units"
    if not config.conditional:
        return f"{decoder} alone"
    return (
        f"{config.encoder.cell} encoder of {config.encoder.size} units, z of {config.latent_size}, {decoder}"
    )


def _drawn(network: SketchModel, n_max: int) -> list[NDArray[np.float32]]:
    """Let the network draw what it is judged by: stroke-3 in model units."""
    generator = torch.Generator().manual_seed(0)
    z = torch.randn(JUDGES, network.config.latent_size, generator=generator) if network.conditional else None
    rows = generate(
        network, JUDGES, z=z, sampling_config=JUDGE_TASTE, generator=generator, max_points=min(n_max, N_MAX)
    )
    return [row for row in rows if len(row)] or [np.zeros((1, 3), np.float32)]


def _corpus(rows: Sequence[NDArray[np.float32]], scale_factor: float) -> Corpus:
    scaled = [row * np.array([scale_factor, scale_factor, 1], np.float32) for row in rows]
    return Corpus({"train": Split.from_arrays(scaled)})


def _card(
    found: Found, drawn: Sequence[NDArray[np.float32]], scale_factor: float, n_max: int, licence: str,
    facts: dict[str, Any],
) -> Card:  # fmt: skip
    seen = training_data(_corpus(drawn, scale_factor))
    return Card(
        config=found.network.config,
        scale_factor=scale_factor,
        n_max=n_max,
        extent=seen.extent,
        start=seen.start,
        start_reach=seen.start_reach,
        tolerance=seen.tolerance,
        classes=(found.name,) if found.name else (),
        licence=licence,
        training=facts,
    )
