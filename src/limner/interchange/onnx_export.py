"""Export models to ONNX files, which are compared with torch before they are written.

``model.onnx`` is one step of the decoder. Beside it is, if the first state depends on z, a class or both,
``model.begin.onnx`` (from these to the state), and for a conditional model ``model.encoder.onnx`` (from
drawings to z) and, if its z are not standard normal, ``model.prior.onnx``.
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
from limner.interchange.model_format import ExportReport, ModelFormat, with_suffix
from limner.interchange.onnx_graph import OnnxGraph, onnx_graphs
from limner.models.protocol import SketchModel
from limner.models.weights import HEADER_KEY, Card
from limner.sampling.model import Model
from limner.settings import to_dict
from limner.strokes.formats import START_TOKEN

if TYPE_CHECKING:
    from onnx import ModelProto

TOLERANCE = 1e-4
"""Largest difference of onnxruntime and torch, relative where a value is beyond 1. Deviations reach e**10,
where neighbouring float32 numbers are 2e-3 apart, so that no two programs can agree more closely in absolute
terms."""
NEEDED = ("onnx", "onnxscript", "onnxruntime")
SUFFIXES = {"step": ".onnx"} | {name: f".{name}.onnx" for name in ("begin", "prior", "encoder")}


def write_onnx(network: SketchModel, card: Card, path: Path) -> tuple[list[Path], float]:
    """Write a model's graphs.

    Parameters
    ----------
    network : SketchModel
        In evaluation mode, on the CPU.
    card : Card
        Written to the metadata of every graph.
    path : Path
        Of the step's graph; ends in ``.onnx``.

    Returns
    -------
    files : list of Path
    difference : float
        The largest between onnxruntime and torch over all outputs; see :data:`TOLERANCE`.

    Raises
    ------
    LimnerError
        If the network has no ONNX graph, or the difference is above the tolerance.
    MissingExtraError
        If onnx, onnxscript or onnxruntime is missing.
    """
    if not all(map(find_spec, NEEDED)):
        raise MissingExtraError("onnx", "Export to ONNX")
    graphs = {path.with_suffix(SUFFIXES[graph.name]): graph for graph in onnx_graphs(network)}
    for graph in graphs.values():
        _label(graph.model, card)
    difference = float(np.max([max_difference(graph) for graph in graphs.values()]))  # nan counts
    if not difference <= TOLERANCE:
        raise LimnerError(
            f"The graph for {path} differs from the model by {difference:.1e}; nothing was written."
        )
    with ExitStack() as stack:
        for file, graph in graphs.items():
            stack.enter_context(whole_file(file)).write_bytes(graph.model.SerializeToString())
    return list(graphs), difference


def _label(model: ModelProto, card: Card) -> None:
    """Write the card to the metadata, and what programs need of it under keys of its own."""
    from onnx import helper

    everything = asdict(card) | {"config": to_dict(card.config)}
    facts = {
        HEADER_KEY: json.dumps(everything, sort_keys=True),
        "scale_factor": repr(card.scale_factor),
        "n_max": str(card.n_max),
        "first_point": json.dumps(START_TOKEN),
        "licence": card.licence,
    }
    helper.set_model_props(model, facts)
    model.producer_name = "limner"


@torch.no_grad()
def max_difference(graph: OnnxGraph) -> float:
    """Return the largest difference between onnxruntime and torch over a graph's examples."""
    from onnxruntime import InferenceSession

    session = InferenceSession(graph.model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [value.name for value in graph.model.graph.input]
    gaps = []
    for example in graph.examples:
        outputs = session.run(None, {name: x.numpy() for name, x in zip(names, example, strict=True)})
        gaps += [_gap(a, b.numpy()) for a, b in zip(outputs, graph.module(*example), strict=True)]
    return float(np.max(gaps))


def _gap(output: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    return float((np.abs(output - expected) / np.maximum(1, np.abs(expected))).max(initial=0))


def _export(model: Model, out: Path) -> ExportReport:
    files, difference = write_onnx(model.network, model.card, with_suffix(out, ".onnx"))
    note = f"onnxruntime and torch differ by {difference:.1e} at most"
    return ExportReport(tuple(files), (note,), {"difference": difference})


FORMAT = ModelFormat("onnx", "ONNX graphs of one step, of the first state and of the encoder", write=_export)
