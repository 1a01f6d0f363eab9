"""Networks as ONNX graphs: one step of the decoder, the state that z begins with, and the encoder.

``point`` and the parts of the state are inputs of the step; mixture, pen and the parts that follow
(``next_h`` after ``h``) its outputs. A decoder alone begins with zeros; else ``begin`` makes the state of z.

Letters: ``B`` batch, ``T`` points, ``Z`` latent.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from limner.interchange.onnx_encoder import scan_encoder
from limner.models.batch import Batch
from limner.models.protocol import SketchModel
from limner.models.sketch_rnn import SketchRNN
from limner.models.state import State

if TYPE_CHECKING:
    from onnx import ModelProto

PARAMETERS = ("pi", "mu_x", "mu_y", "sigma_x", "sigma_y", "rho", "pen")
TRACED_BATCH, TRACED_POINTS, TRACED_STEPS = 3, 7, 4


class Step(nn.Module):
    """A step with the state laid out flat."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network = network
        self.names = list(network.begin(1))

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take a point ``(B, 5)`` and the parts of the state ``(B, ...)``."""
        point, *state = parts
        mixture, after = self.network.step(point, dict(zip(self.names, state, strict=True)))
        return (*(getattr(mixture, name) for name in PARAMETERS), *(after[name] for name in self.names))


class Begin(nn.Module):
    """The state before the first point, laid out flat."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network = network

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take latents ``(B, Z)``."""
        return _cloned(self.network.begin(z=parts[0]))


class Encode(nn.Module):
    """Drawings to their latents."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network = network

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take rows without the start token ``(B, T, 5)`` and lengths ``(B,)``."""
        rows, lengths = parts
        latent = self.network.encode(Batch(torch.cat([rows[:, :1], rows], dim=1), lengths))
        return latent.mu, latent.presig


def step_graph(network: SketchModel) -> ModelProto:
    """Give the graph of one step. What grows from point to point has an axis ``places``."""
    step = Step(network)
    first, later = (list(state.values()) for state in _states(network))
    sizes = [_growing(a, b) for a, b in zip(first, later, strict=True)]
    return traced(
        step,
        (torch.zeros(TRACED_BATCH, 5), *later),
        inputs=["point", *step.names],
        outputs=[*PARAMETERS, *(f"next_{name}" for name in step.names)],
        sizes=[{0: "batch"}, *sizes],
    )


def begin_graph(network: SketchModel) -> ModelProto:
    """Give the graph from ``z`` to the parts of the state."""
    z = torch.zeros(TRACED_BATCH, network.config.latent_size)
    return traced(Begin(network), (z,), inputs=["z"], outputs=[f"first_{name}" for name in network.begin(1)])


def encoder_graph(network: SketchModel) -> ModelProto:
    """Give the graph from ``strokes`` ``(B, T, 5)`` and ``lengths`` ``(B,)`` to ``mu`` and ``presig``."""
    if isinstance(network, SketchRNN) and network.encoder is not None:
        return scan_encoder(network.encoder, traced)
    rows, lengths = (
        torch.zeros(TRACED_BATCH, TRACED_POINTS, 5),
        torch.full((TRACED_BATCH,), TRACED_POINTS - 1),
    )
    sizes: list[dict[int, str]] = [{0: "batch", 1: "points"}, {0: "batch"}]
    return traced(
        Encode(network), (rows, lengths), inputs=["strokes", "lengths"], outputs=["mu", "presig"], sizes=sizes
    )


def traced(
    module: nn.Module,
    example: tuple[Tensor, ...],
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    sizes: Sequence[dict[int, str]] = (),
) -> ModelProto:
    """Follow a module through an example and give its graph.

    Parameters
    ----------
    module : Module
        Its forward takes any number of tensors ``(B, ...)``, B at least 2 here, and gives such.
    example : tuple of Tensor
    inputs, outputs : sequence of str
        Their names.
    sizes : sequence of dict, optional
        For every input the axes of any size, by the name of that size; the first axis unless given.
    """
    named = sizes or [{0: "batch"}] * len(example)
    known = {name: torch.export.Dim(name) for axes in named for name in axes.values()}
    shapes = tuple({axis: known[name] for axis, name in axes.items()} for axes in named)
    with _silence():
        program = torch.onnx.export(
            module.eval(), example, input_names=inputs, output_names=outputs,
            dynamic_shapes=(shapes,), dynamo=True, verbose=False,
        )  # fmt: skip
    if program is None:
        raise RuntimeError("torch gave no graph")
    return program.model_proto


@torch.no_grad()
def _states(network: SketchModel) -> tuple[State, State]:
    """Give the state before the first point, and that some points later."""
    first = state = network.begin(TRACED_BATCH)
    for _ in range(TRACED_STEPS):
        _, state = network.step(torch.zeros(TRACED_BATCH, 5), state)
    return first, state


def _growing(first: Tensor, later: Tensor) -> dict[int, str]:
    """Name the axes of a part of the state that are of any size."""
    grown = [axis for axis, (a, b) in enumerate(zip(first.shape, later.shape, strict=True)) if a != b]
    return {0: "batch", **dict.fromkeys(grown, "places")}


def _cloned(state: State) -> tuple[Tensor, ...]:
    """Give the parts of a state as tensors of their own, as outputs of a graph must be."""
    return tuple(value.clone() for value in state.values())


@contextmanager
def _silence() -> Iterator[None]:
    """Keep to itself what the exporter says of its own inside."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
