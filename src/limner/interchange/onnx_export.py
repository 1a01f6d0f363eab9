"""Models as ONNX files, checked against torch before they are written.

``model.onnx`` is one step of the decoder. Beside it, for a conditional model, lie ``model.begin.onnx`` (from
z to the first state) and ``model.encoder.onnx`` (from drawings to z).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import one_hot

from limner.errors import LimnerError, MissingExtraError
from limner.files import whole_file
from limner.interchange.onnx_graph import Step, begin_graph, encoder_graph, step_graph
from limner.models.batch import Batch
from limner.models.protocol import SketchModel
from limner.models.weights import HEADER_KEY, Card
from limner.settings import to_dict
from limner.strokes.formats import START_TOKEN

if TYPE_CHECKING:
    from onnx import ModelProto

TOLERANCE = 1e-4
CHECKED_BATCHES = (1, 3)
CHECKED_POINTS = (7, 2, 5)
CHECKED_STEPS = 4
NEEDED = ("onnx", "onnxscript", "onnxruntime")


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

    Raises
    ------
    LimnerError
        If the difference is beyond 1e-4.
    MissingExtraError
        If onnx, onnxscript or onnxruntime is missing.
    """
    if not all(map(find_spec, NEEDED)):
        raise MissingExtraError("onnx", "Export to ONNX")
    graphs = {path: step_graph(network)}
    if network.conditional:
        graphs[path.with_suffix(".begin.onnx")] = begin_graph(network)
        graphs[path.with_suffix(".encoder.onnx")] = encoder_graph(network)
    for file, graph in graphs.items():
        if any(value.type.tensor_type.shape.dim[0].dim_param != "batch" for value in graph.graph.input):
            raise LimnerError(f"The graph for {file} takes no batch of any size; nothing was written.")
        _label(graph, card)
    difference = float(np.max([_difference(network, graph) for graph in graphs.values()]))  # nan counts
    if not difference <= TOLERANCE:
        raise LimnerError(
            f"The graph for {path} differs from the model by {difference:.1e}; nothing was written."
        )
    with ExitStack() as stack:
        for file, graph in graphs.items():
            stack.enter_context(whole_file(file)).write_bytes(graph.SerializeToString())
    return list(graphs), difference


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


def _difference(network: SketchModel, graph: ModelProto) -> float:
    from onnxruntime import InferenceSession

    session = InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    gaps = []
    for inputs, wanted in _cases(network, [value.name for value in graph.graph.input]):
        found = session.run(None, {name: value.numpy() for name, value in inputs.items()})
        gaps += [_gap(f, w.numpy()) for f, w in zip(found, wanted, strict=True)]
    return float(np.max(gaps))


def _gap(found: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    return float((np.abs(found - wanted) / np.maximum(1, np.abs(wanted))).max())


@torch.no_grad()
def _cases(network: SketchModel, inputs: list[str]) -> Iterator[tuple[dict[str, Tensor], tuple[Tensor, ...]]]:
    """Make inputs for a graph and what torch gives for them."""
    chance = torch.Generator().manual_seed(0)
    for batch in CHECKED_BATCHES:
        if inputs == ["strokes", "lengths"]:
            strokes = torch.randn(batch, max(CHECKED_POINTS) + 1, 5, generator=chance)
            lengths = torch.tensor(CHECKED_POINTS[:batch])
            latent = network.encode(Batch(strokes, lengths))
            yield {"strokes": strokes[:, 1:], "lengths": lengths}, (latent.mu, latent.presig)
        elif inputs == ["z"]:
            z = torch.randn(batch, network.config.latent_size, generator=chance)
            yield {"z": z}, tuple(network.begin(z=z).values())
        else:
            z = torch.randn(batch, network.config.latent_size, generator=chance)
            step, state = Step(network), network.begin(batch, z if network.conditional else None)
            for _ in range(CHECKED_STEPS):
                pen = torch.randint(3, (batch,), generator=chance)
                point = torch.cat([torch.randn(batch, 2, generator=chance), one_hot(pen, 3)], dim=1)
                values = (point, *state.values())
                yield dict(zip(inputs, values, strict=True)), step(*values)
                _, state = network.step(point, state)
