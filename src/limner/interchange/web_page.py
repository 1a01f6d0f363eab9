"""A model as a page that draws, completes and morphs in a browser.

``index.html`` holds everything and opens from a disk, without a network. Beside it lie the same parts for
makers of their own pages: ``limner.js``, an ES module that draws; ``model.json``, the weights; and a sketch
for p5.

The arithmetic is the page's own, 14 kB: a step takes less time than adding up as many products in a plain
loop. onnxruntime-web is some two times as quick, but both are far quicker than a frame, and it would bring
14 MB of WebAssembly for networks of 1 to 7 MB, which a page on a disk may not fetch.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from limner.files import whole_folder
from limner.interchange.compatibility import check_fits
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.render.page import fill_template
from limner.sampling.labels import ANYTHING
from limner.settings import to_dict

WEB = Path(__file__).with_name("web")
LARGEST = 32767
FORMAT = 1
ABLE = (
    "classes", "class_size", "encoder.cell", "encoder.reads_start", "encoder.rows", "decoder.cell",
    "decoder.latent_tanh", "decoder.components", "decoder.sigma", "decoder.sigma_min", "decoder.sigma_alpha",
)  # fmt: skip
"""Settings in which a model may depart from sketch-rnn's own."""
OF_CLASSES = ("classes.weight", "decoder.z_to_state.weight", "decoder.z_to_state.bias")
"""Weights of a network that is told classes, whether or not it has a z too."""


def write_web_page(network: SketchModel, card: Card, path: Path) -> None:
    """Write the page and its parts to a folder, whole or not at all.

    Raises
    ------
    LimnerError
        If the page's arithmetic does not know the network.
    """
    check_fits(network, "web", "The page", ABLE, OF_CLASSES)
    model = json.dumps(document(network, card), separators=(",", ":"))
    runtime = _part("limner.js")
    words = {
        "title": _title(card),
        "anything": _unnamed(card),
        "facts": _facts(network, card),
        "runtime": base64.b64encode(runtime.encode()).decode(),
        "page": _part("page.js"),
        "model": model.replace("<", "\\u003c"),
    }
    with whole_folder(path) as draft:
        (draft / "index.html").write_text(fill_template(WEB / "index.html", **words), "utf-8")
        (draft / "model.json").write_text(model, "utf-8")
        (draft / "limner.js").write_text(runtime, "utf-8")
        (draft / "sketch.js").write_text(_part("sketch.js"), "utf-8")
        (draft / "p5.html").write_text(fill_template(WEB / "p5.html", **words), "utf-8")


def document(network: SketchModel, card: Card) -> dict[str, Any]:
    """Give what ``limner.js`` loads: the card, and every array as int16 relative to its largest weight.

    Matrices stand as (inputs, outputs).
    """
    linear = {f"{name}.weight" for name, part in network.named_modules() if isinstance(part, nn.Linear)}
    weights = {name: value.cpu().numpy() for name, value in network.state_dict().items()}
    return {
        "format": FORMAT,
        "card": asdict(card) | {"config": to_dict(card.config)},
        "weights": {name: _packed(a.T if name in linear else a) for name, a in weights.items()},
    }


def _packed(array: NDArray[np.float32]) -> dict[str, Any]:
    largest = float(np.abs(array).max()) or 1.0
    values = np.rint(array.astype(np.float64) * LARGEST / largest).astype("<i2")
    return {"largest": largest, "int16": base64.b64encode(values.tobytes()).decode()}


def _part(name: str) -> str:
    return (WEB / name).read_text("utf-8")


def _title(card: Card) -> str:
    if not card.classes:
        return "Draw with me"
    if ANYTHING in card.classes:
        return f"Draw with me: anything, or one of {len(card.classes) - 1} things"
    some = ", ".join(card.classes[:3])
    return f"Draw with me: {some}" + (f" and {len(card.classes) - 3} more" if len(card.classes) > 3 else "")


def _unnamed(card: Card) -> str:
    """Return the class that is drawn where none is named, for a network that is told classes."""
    return ANYTHING if ANYTHING in card.classes else "".join(card.classes[:1])


def _facts(network: SketchModel, card: Card) -> str:
    parameters = sum(p.numel() for p in network.parameters())
    return f"A network of {parameters:,} numbers, made with limner. {card.licence}"
