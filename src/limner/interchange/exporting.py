"""A model of limner to where people use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from limner.corpus.text import counted
from limner.sampling.model import Model

FILE_STEM = "model"


@dataclass(frozen=True)
class Exported:
    """What was written."""

    files: tuple[Path, ...]
    """All files, or the folder."""
    notes: tuple[str, ...] = ()
    """What there is to know, as sentences."""
    figures: dict[str, Any] = field(default_factory=dict)
    """What was measured."""


def export_model(model: Model, target: str, out: Path) -> Exported:
    """Write a model in another program's format.

    Parameters
    ----------
    model : Model
    target : str
        A key of :data:`TARGETS`.
    out : Path
        A file with the target's suffix, or a folder.

    Raises
    ------
    LimnerError
        If the target cannot hold the model.
    """
    return TARGETS[target](model, out)


def _to_sketch_rnn_js(model: Model, out: Path) -> Exported:
    from limner.interchange.sketch_rnn_js import write_js

    path = _file(out, ".json")
    clipped = write_js(model.network, model.card, path)
    notes = [f"{counted(clipped, 'weight')} beyond +-10, which the format cannot hold"] if clipped else []
    if model.conditional:
        notes.append("@magenta/sketch draws with decoders alone; sketch-rnn-js reads this one")
    return Exported((path,), tuple(notes), {"clipped": clipped})


def _to_onnx(model: Model, out: Path) -> Exported:
    from limner.interchange.onnx_export import write_onnx

    files, difference = write_onnx(model.network, model.card, _file(out, ".onnx"))
    note = f"onnxruntime and torch differ by {difference:.1e} at most"
    return Exported(tuple(files), (note,), {"difference": difference})


def _to_hub_folder(model: Model, out: Path) -> Exported:
    from limner.interchange.hub_folder import write_hub_folder

    write_hub_folder(model, out)
    return Exported((out,))


def _to_web(model: Model, out: Path) -> Exported:
    from limner.interchange.web_page import write_web_page

    write_web_page(model.network, model.card, out)
    return Exported((out,), ("open index.html in it with any browser",))


TARGETS: dict[str, Callable[[Model, Path], Exported]] = {
    "sketch-rnn-js": _to_sketch_rnn_js,
    "onnx": _to_onnx,
    "hub-folder": _to_hub_folder,
    "web": _to_web,
}


def _file(out: Path, suffix: str) -> Path:
    return out if out.suffix.lower() == suffix else out / f"{FILE_STEM}{suffix}"
