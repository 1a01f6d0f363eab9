"""Models of sketch-rnn-js and @magenta/sketch: a JSON document ``[info, shapes, blobs]``.

A blob holds an array as little-endian int16, in base64 or as a list; 32767 stands for 10. A decoder alone has
five blobs, a variational autoencoder seventeen, in the order in which TensorFlow lists the variables.

Scale: the drawings of the published models were measured in doubled pixels, and their clients divide
``scale_factor`` by a pixel factor of 2. Documents written by limner state their own pixel factor, which is 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from limner.corpus.text import counted
from limner.errors import DataError, sentence
from limner.files import write_text
from limner.interchange.compatibility import check_fits
from limner.interchange.foreign_model import ForeignModel
from limner.interchange.int16_blobs import LARGEST_WEIGHT, read_blob, write_blob
from limner.interchange.model_format import ExportReport, ModelFormat, with_suffix
from limner.interchange.tensorflow import PREFIX, model_from_variables, variables_of
from limner.models.limits import is_shallow
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.sampling.model import Model

FORM = "sketch-rnn-js"
VERSION = 6
BOUNDED_BEFORE = 6  # older z goes through tanh on its way to the first state, and nowhere else
PIXEL_FACTOR = 2.0
LARGEST_NUMBER = 1e300
LONGEST_NAME = 100

INFO_NAMES = ("mode", "version", "max_seq_len", "name", "scale_factor")
GEN_MODE, VAE_MODE = 2, 1
MODES = {0: VAE_MODE, 1: VAE_MODE, "vae": VAE_MODE, 2: GEN_MODE, "gen": GEN_MODE}
GEN = ("RNN/output_w", "RNN/output_b", *(f"RNN/LSTMCell/{part}" for part in ("W_xh", "W_hh", "bias")))
VAE = (
    *(
        f"ENC_RNN/{direction}/LSTMCell/{part}"
        for direction in ("fw", "bw")
        for part in ("W_xh", "W_hh", "bias")
    ),
    *(f"{layer}/super_linear_{part}" for layer in ("ENC_RNN_mu", "ENC_RNN_sigma", "linear") for part in "wb"),
    *GEN,
)
ORDERS = {GEN_MODE: GEN, VAE_MODE: VAE}

_ASSIGNMENT = re.compile(r"\s*(?:(?:var|let|const)\s+|export\s+default\s*)?[\w.$]*\s*=?\s*(?=\[)")


def read_js(path: Path) -> ForeignModel:
    """Read a ``.json`` document, or the ``.js`` form ``var name = [...];``.

    Raises
    ------
    DataError
        If the document is damaged or is none of sketch-rnn-js.
    """
    info, shapes, blobs = _parse(path)
    order = ORDERS[_mode(info, len(shapes), path)]
    if not len(shapes) == len(blobs) == len(order):
        raise DataError(
            f"{path} holds {len(blobs)} arrays and {len(shapes)} shapes; {len(order)} are wanted."
        )
    bounded = order is VAE and _version(info) < BOUNDED_BEFORE
    named = zip(order, shapes, blobs, strict=True)
    try:
        variables = {PREFIX + name: read_blob(name, shape, blob) for name, shape, blob in named}
        network = model_from_variables(variables, decoder={"latent_tanh": bounded})
    except ValueError as error:
        raise DataError(f"{path}: {error}") from error
    pixel_factor = _number(info, "pixel_factor", path, PIXEL_FACTOR)
    return ForeignModel(
        form=FORM,
        files=(path,),
        network=network,
        name=_name(info),
        scale_factor=_number(info, "scale_factor", path) / pixel_factor,
        n_max=_n_max(info, path),
        facts={"info": info},
        assumed=tuple(_assumptions(info, bounded=bounded)),
    )


def _n_max(info: dict[str, Any], path: Path) -> int | None:
    n_max = info.get("max_seq_len")
    if n_max is not None and (type(n_max) is not int or n_max < 1):
        raise DataError(f"{path} says max_seq_len {n_max!r}; it must be a whole number above 0.")
    return n_max


def _assumptions(info: dict[str, Any], *, bounded: bool) -> Iterator[str]:
    """Yield what has to be assumed of a document, as sentences."""
    if "pixel_factor" not in info:
        yield "drawings have the units of QuickDraw (0 to 255), where half of scale_factor counts"
    if bounded:
        yield (
            f"z goes through tanh on its way to the first state, as before version {BOUNDED_BEFORE}; "
            "the client's decode() forgets that"
        )


def write_js(network: SketchModel, card: Card, path: Path) -> int:
    """Write a document.

    An imported model keeps its info; otherwise info carries scale factor and N_max of the training corpus.
    The version says whether z goes through tanh on its way to the first state.

    Returns
    -------
    int
        How many weights were beyond +-10 and are clipped.

    Raises
    ------
    LimnerError
        If the format cannot hold the network.
    """
    check_fits(network, "sketch-rnn-js", "sketch-rnn-js", ("decoder.latent_tanh",))
    order = ORDERS[VAE_MODE if network.conditional else GEN_MODE]
    variables = variables_of(network)
    arrays = [variables[name] for name in order]
    document = [_info(network, card), [list(a.shape) for a in arrays], [write_blob(a) for a in arrays]]
    write_text(path, json.dumps(document, separators=(",", ":")) + "\n")
    return sum(int((np.abs(a) > LARGEST_WEIGHT).sum()) for a in arrays)


def _parse(path: Path) -> tuple[dict[str, Any], list[Any], list[Any]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = json.loads(text[_start(text) :].rstrip().removesuffix(";"))
    except (ValueError, RecursionError) as error:  # a number of more digits than Python reads is one, too
        raise DataError(
            f"{path} is no JSON, or is cut short; sketch-rnn-js keeps its models in JSON."
        ) from error
    kinds = (dict, list, list)
    if not isinstance(document, list) or [type(part) for part in document] != list(kinds):
        raise DataError(f"{path} is not [info, shapes, blobs], as models of sketch-rnn-js are.")
    if not is_shallow(document[0]):
        raise DataError(f"{path} holds an info that is nested too deeply; that of models is flat.")
    return document[0], document[1], document[2]


def _start(text: str) -> int:
    """Return where the document begins, after an assignment if there is one."""
    match = _ASSIGNMENT.match(text)
    return match.end() if match else 0


def _mode(info: dict[str, Any], n_shapes: int, path: Path) -> int:
    mode = info.get("mode", GEN_MODE if n_shapes == len(GEN) else VAE_MODE)
    if type(mode) not in (int, str) or mode not in MODES:
        raise DataError(f"{path} says mode {mode!r}; known are gen (2) and vae (1).")
    return MODES[mode]


def _number(info: dict[str, Any], name: str, path: Path, default: float | None = None) -> float:
    value = info.get(name, default)
    if value is None:
        raise DataError(f"{path} says no {name}, without which nothing can be drawn to size.")
    if type(value) not in (int, float) or not 0 < value < LARGEST_NUMBER:
        raise DataError(f"{path} says {name} {value!r}; it must be a number above 0.")
    return float(value)


def _version(info: dict[str, Any]) -> float:
    version = info.get("version")
    return version if isinstance(version, (int, float)) else VERSION


def _name(info: dict[str, Any]) -> str:
    name = info.get("name")
    return sentence(name, LONGEST_NAME) if isinstance(name, str) else ""


def _info(network: SketchModel, card: Card) -> dict[str, Any]:
    kept = card.training.get("imported", {}).get("info")
    if kept:
        return {name: kept[name] for name in sorted(kept, key=_rank)}
    bounded = network.conditional and network.config.decoder.latent_tanh
    return {
        "mode": VAE_MODE if network.conditional else GEN_MODE,
        "version": BOUNDED_BEFORE - 1 if bounded else VERSION,
        "max_seq_len": card.n_max,
        "name": ", ".join(card.classes) or "drawing",
        "scale_factor": card.scale_factor,
        "pixel_factor": 1.0,
    }


def _rank(name: str) -> int:
    """Return the position of an entry of info in published files."""
    return INFO_NAMES.index(name) if name in INFO_NAMES else len(INFO_NAMES)


def _export(model: Model, out: Path) -> ExportReport:
    path = with_suffix(out, ".json")
    clipped = write_js(model.network, model.card, path)
    notes = [f"{counted(clipped, 'weight')} beyond +-10, which the format cannot hold"] if clipped else []
    if model.conditional:
        notes.append("@magenta/sketch draws with decoders alone; sketch-rnn-js reads this one")
    return ExportReport((path,), tuple(notes), {"clipped": clipped})


FORMAT = ModelFormat(
    "sketch-rnn-js",
    "models of sketch-rnn-js and @magenta/sketch, which ml5 0.x and p5 use",
    (".json", ".js"),
    read=lambda path, _: read_js(path),
    write=_export,
)
