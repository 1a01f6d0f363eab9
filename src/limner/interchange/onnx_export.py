"""Models as ONNX files, checked against torch before they are written.

``model.onnx`` is one step of the decoder. Beside it, where there is something to draw from, lies
``model.begin.onnx`` (from z, class or both to the first state), and for a conditional model
``model.encoder.onnx`` (from drawings to z) and, if its z are not standard normal, ``model.prior.onnx``.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from limner.errors import LimnerError, MissingExtraError
from limner.files import whole_file
from limner.interchange.onnx_graph import Part, parts_of
from limner.models.protocol import SketchModel
from limner.models.weights import HEADER_KEY, Card
from limner.settings import to_dict
from limner.strokes.formats import START_TOKEN

if TYPE_CHECKING:
    from onnx import ModelProto

TOLERANCE = 1e-4
NEEDED = ("onnx", "onnxscript", "onnxruntime")
SUFFIXES = {"step": ".onnx"} | {name: f".{name}.onnx" for name in ("begin", "prior", "encoder")}


def write_onnx(network: SketchModel, card: Card, path: Path) -> tuple[list[Path], float]:
    """Write a model's graphs.

    Parameters
    ----------
    network : SketchModel
        In evaluation mode, on the CPU.
    card : Card
        Goes into the metadata of every graph.
    path : Path
        Ends in ``.onnx``; takes the step.

    Returns
    -------
    files : list of Path
    difference : float
        The largest between onnxruntime and torch, over all outputs; relative where a value is beyond 1.
        Deviations reach e**10, where neighbouring numbers of float32 lie 2e-3 apart: there no two programs
        agree more closely than that, and 1e-4 of the value is what counts.

    Raises
    ------
    LimnerError
        If the network does what no graph can, or the difference is beyond 1e-4.
    MissingExtraError
        If onnx, onnxscript or onnxruntime is missing.
    """
    if not all(map(find_spec, NEEDED)):
        raise MissingExtraError("onnx", "Export to ONNX")
    parts = {path.with_suffix(SUFFIXES[part.name]): part for part in parts_of(network)}
    for part in parts.values():
        _label(part.graph, card)
    difference = float(np.max([difference_of(part) for part in parts.values()]))  # nan counts
    if not difference <= TOLERANCE:
        raise LimnerError(
            f"The graph for {path} differs from the model by {difference:.1e}; nothing was written."
        )
    with ExitStack() as stack:
        for file, part in parts.items():
            stack.enter_context(whole_file(file)).write_bytes(part.graph.SerializeToString())
    return list(parts), difference


def _label(graph: ModelProto, card: Card) -> None:
    """Put the card into the metadata, and what a program needs of it beside it."""
    from onnx import helper

    everything = asdict(card) | {"config": to_dict(card.config)}
    facts = {
        HEADER_KEY: json.dumps(everything, sort_keys=True),
        "scale_factor": repr(card.scale_factor),
        "n_max": str(card.n_max),
        "first_point": json.dumps(START_TOKEN),
        "licence": card.licence,
    }
    helper.set_model_props(graph, facts)
    graph.producer_name = "limner"


@torch.no_grad()
def difference_of(part: Part) -> float:
    """Give the largest difference between onnxruntime and torch over a graph's examples."""
    from onnxruntime import InferenceSession

    session = InferenceSession(part.graph.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [value.name for value in part.graph.graph.input]
    gaps = []
    for example in part.examples:
        found = session.run(None, {name: x.numpy() for name, x in zip(names, example, strict=True)})
        gaps += [_gap(f, w.numpy()) for f, w in zip(found, part.module(*example), strict=True)]
    return float(np.max(gaps))


def _gap(found: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    return float((np.abs(found - wanted) / np.maximum(1, np.abs(wanted))).max(initial=0))
