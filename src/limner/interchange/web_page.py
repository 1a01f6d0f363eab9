"""Models as pages that draw, complete and morph in a browser.

``index.html`` is self-contained and opens from a disk, without a network. Beside it are the same parts for
other people's pages: ``limner.js``, an ES module that draws; ``model.json``, the weights; and a sketch for
p5.

The page computes the network itself, in 20 kB of JavaScript. onnxruntime-web is about twice as fast, but both
take far less than a frame for a step, and it would add 14 MB of WebAssembly, which a page on a disk may not
fetch, to networks of 1 to 7 MB.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import nn

from limner.files import whole_folder
from limner.interchange.compatibility import check_fits
from limner.interchange.model_format import ExportReport, ModelFormat
from limner.interchange.web_weights import pack_weights
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.render.page import fill_template
from limner.sampling.labels import ANYTHING, unnamed_classes
from limner.sampling.model import Model
from limner.settings import to_dict

WEB = Path(__file__).with_name("web")
DOCUMENT_VERSION = 1
ABLE = (
    "classes", "class_size", "encoder.cell", "encoder.reads_start", "encoder.rows", "decoder.cell",
    "decoder.latent_tanh", "decoder.components", "decoder.sigma", "decoder.sigma_min", "decoder.sigma_alpha",
)  # fmt: skip
"""Settings in which a model may differ from sketch-rnn."""
OF_CLASSES = ("classes.weight", "decoder.z_to_state.weight", "decoder.z_to_state.bias")
"""Weights of a network that is told classes, with or without z."""


def write_web_page(network: SketchModel, card: Card, path: Path) -> None:
    """Write the page and its parts to a folder, whole or not at all.

    Raises
    ------
    LimnerError
        If the page cannot compute the network.
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
    """Return what ``limner.js`` loads: the card, and every array as :func:`pack_weights` packs it.

    Matrices have the shape (inputs, outputs).
    """
    linear = {f"{name}.weight" for name, part in network.named_modules() if isinstance(part, nn.Linear)}
    weights = {name: value.cpu().numpy() for name, value in network.state_dict().items()}
    return {
        "format": DOCUMENT_VERSION,
        "card": asdict(card) | {"config": to_dict(card.config)},
        "weights": pack_weights({name: a.T if name in linear else a for name, a in weights.items()}),
    }


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
    """Return the class that is drawn unless one is named, by a network that is told classes."""
    return "".join(unnamed_classes(card.classes, card.own_classes)[:1])


def _facts(network: SketchModel, card: Card) -> str:
    parameters = sum(p.numel() for p in network.parameters())
    return f"A network of {parameters:,} numbers, made with limner. {card.licence}"


def _export(model: Model, out: Path) -> ExportReport:
    write_web_page(model.network, model.card, out)
    return ExportReport((out,), ("open index.html in it with any browser",))


FORMAT = ModelFormat("web", "pages that draw on the visitor's machine", write=_export)
