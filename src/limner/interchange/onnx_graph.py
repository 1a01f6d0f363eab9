"""Networks as ONNX graphs: one step of the decoder, its first state, the prior, and the encoder.

``point`` and the parts of the state are inputs of the step; mixture, pen and the parts of the next state
(``next_h`` for ``h``) are its outputs. A network without z and classes begins with zeros; otherwise ``begin``
computes the state from ``z``, ``labels`` or both. If z is not standard normal, ``prior`` computes it from
such ``noise``.

Which graphs a network has follows from its protocol. Only the graphs of recurrent encoders are made by hand,
because torch would unroll as many steps as its example has.

Letters: ``B`` batch, ``T`` points, ``Z`` latent, ``M`` components.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from limner.interchange.onnx_encoder import INPUTS, TRACED_BATCH, TRACED_ROWS, scan_encoder
from limner.interchange.onnx_trace import BATCH, Sizes, trace
from limner.models.batch import Batch
from limner.models.protocol import SketchModel
from limner.models.recurrent_encoder import RecurrentEncoder
from limner.models.state import State

if TYPE_CHECKING:
    from onnx import ModelProto

PARAMETERS = ("pi", "mu_x", "mu_y", "sigma_x", "sigma_y", "rho", "pen")
COMPONENT_PEN = "component_pen"
TRACED_STEPS = 4
CHECKED_BATCHES = (1, 3)
CHECKED_LENGTHS = (7, 2, 5)
CHECKED_STEPS = 4


@dataclass(frozen=True)
class OnnxGraph:
    """One graph of a network."""

    name: str
    """step, begin, prior or encoder."""
    module: nn.Module
    """The module that it was traced from."""
    model: ModelProto
    examples: tuple[tuple[Tensor, ...], ...]
    """Inputs for which the two are compared."""


class StepModule(nn.Module):
    """A step of the decoder, with the parts of the state as separate tensors."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network = network
        state = network.begin(1)
        self.names = list(state)
        self.is_joint = network.step(torch.zeros(1, 5), state)[0].is_joint

    @property
    def outputs(self) -> list[str]:
        """Names of the outputs, with the pen states of each component ``(B, M, 3)`` if it has its own."""
        joint = [COMPONENT_PEN] if self.is_joint else []
        return [*PARAMETERS, *joint, *(f"next_{name}" for name in self.names)]

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Map a point ``(B, 5)`` and the parts of the state ``(B, ...)`` to mixture, pen and next state."""
        point, *state = parts
        mixture, after = self.network.step(point, dict(zip(self.names, state, strict=True)))
        joint = [mixture.pen_logits.softmax(dim=-1)] if self.is_joint else []
        return *(getattr(mixture, name) for name in PARAMETERS), *joint, *(after[name] for name in self.names)


class FirstStateModule(nn.Module):
    """Computes the state before the first point, with its parts as separate tensors."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network = network
        self.inputs = ["z"] * network.conditional + ["labels"] * bool(network.config.classes)

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Map latents ``(B, Z)``, int64 labels ``(B,)``, or both to the parts of the state."""
        state = self.network.begin(parts[0].shape[0], **dict(zip(self.inputs, parts, strict=True)))
        return tuple(value.clone() for value in state.values())  # outputs must be tensors of their own


class EncoderModule(nn.Module):
    """Maps drawings to the parameters of their latents."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network = network

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Map rows without the start token ``(B, T, 5)`` and lengths ``(B,)`` to mu and presig."""
        rows, lengths = parts
        latent = self.network.encode(Batch(torch.cat([rows[:, :1], rows], dim=1), lengths))
        return (latent.mu,) if latent.presig is None else (latent.mu, latent.presig)


class PriorModule(nn.Module):
    """Maps standard normal numbers ``(B, Z)`` to latents, by the network or by an equivalent layer."""

    def __init__(self, maps: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.maps = maps

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Map noise ``(B, Z)`` to latents of the same shape."""
        return (self.maps(parts[0]),)


@torch.no_grad()
def onnx_graphs(network: SketchModel) -> Iterator[OnnxGraph]:
    """Yield the graphs of a network: its step and, if it has them, first state, prior and encoder."""
    yield step_graph(network)
    if FirstStateModule(network).inputs:
        yield begin_graph(network)
    if network.conditional:
        if not torch.equal(network.prior(noise := _noise(network, TRACED_BATCH)), noise):
            yield prior_graph(network)
        yield encoder_graph(network)


def step_graph(network: SketchModel) -> OnnxGraph:
    """Return the graph of one step. Axes that grow from point to point have the name ``places``."""
    step = StepModule(network)
    first, later = (list(state.values()) for state in _states(network))
    graph = trace(
        step,
        (torch.zeros(TRACED_BATCH, 5), *later),
        inputs=["point", *step.names],
        outputs=step.outputs,
        sizes=[BATCH, *(_varying_axes(a, b) for a, b in zip(first, later, strict=True))],
    )
    return OnnxGraph("step", step, graph, tuple(_random_steps(network)))


def begin_graph(network: SketchModel) -> OnnxGraph:
    """Return the graph from z, labels or both to the first state."""
    begin = FirstStateModule(network)
    state = [f"first_{name}" for name in network.begin(1)]
    graph = trace(begin, _conditions(network, TRACED_BATCH), inputs=begin.inputs, outputs=state)
    return OnnxGraph("begin", begin, graph, tuple(_conditions(network, batch) for batch in CHECKED_BATCHES))


def prior_graph(network: SketchModel) -> OnnxGraph:
    """Return the graph of a prior as an affine map; if it is none, the comparison with torch fails."""
    size = network.config.latent_size
    nothing = network.prior(torch.zeros(1, size))
    layer = nn.Linear(size, size)
    with torch.no_grad():
        layer.weight.copy_((network.prior(torch.eye(size)) - nothing).T)
        layer.bias.copy_(nothing[0])
    graph = trace(PriorModule(layer), (_noise(network, TRACED_BATCH),), inputs=["noise"], outputs=["z"])
    examples = tuple((_noise(network, batch),) for batch in CHECKED_BATCHES)
    return OnnxGraph("prior", PriorModule(network.prior), graph, examples)


def encoder_graph(network: SketchModel) -> OnnxGraph:
    """Return the graph from rows and lengths to the latent."""
    encode, examples = EncoderModule(network), tuple(_random_drawings())
    recurrent = [part for part in network.children() if isinstance(part, RecurrentEncoder)]
    if recurrent:
        return OnnxGraph("encoder", encode, scan_encoder(recurrent[0]), examples)
    example = (torch.zeros(TRACED_BATCH, TRACED_ROWS, 5), torch.full((TRACED_BATCH,), TRACED_ROWS - 1))
    outputs = ["mu", "presig"][: len(encode(*example))]
    graph = trace(encode, example, inputs=["strokes", "lengths"], outputs=outputs, sizes=INPUTS)
    return OnnxGraph("encoder", encode, graph, examples)


def _states(network: SketchModel) -> tuple[State, State]:
    """Return the state before the first point, and the state some points later."""
    first = state = network.begin(TRACED_BATCH)
    for _ in range(TRACED_STEPS):
        _, state = network.step(torch.zeros(TRACED_BATCH, 5), state)
    return first, state


def _varying_axes(first: Tensor, later: Tensor) -> Sizes:
    """Return the axes of a part of the state whose size varies, with their names."""
    grown = [axis for axis, (a, b) in enumerate(zip(first.shape, later.shape, strict=True)) if a != b]
    return {**BATCH, **dict.fromkeys(grown, "places")}


# Examples -----------------------------------------------------------------------------------------


def _random_steps(network: SketchModel) -> Iterator[tuple[Tensor, ...]]:
    """Yield points and states of random drawings, as :class:`StepModule` takes them."""
    generator = torch.Generator().manual_seed(0)
    for batch in CHECKED_BATCHES:
        state = network.begin(
            batch, **dict(zip(FirstStateModule(network).inputs, _conditions(network, batch), strict=True))
        )
        for _ in range(CHECKED_STEPS):
            pen = torch.randint(3, (batch,), generator=generator)
            point = torch.cat([torch.randn(batch, 2, generator=generator), one_hot(pen, 3)], dim=1)
            yield point, *state.values()
            _, state = network.step(point, state)


def _conditions(network: SketchModel, batch: int) -> tuple[Tensor, ...]:
    """Return random latents and labels, as :class:`FirstStateModule` takes them."""
    makers = {
        "z": lambda: network.prior(_noise(network, batch)),
        "labels": lambda: torch.arange(batch).flip(0) % network.config.classes,
    }
    return tuple(makers[name]() for name in FirstStateModule(network).inputs)


def _noise(network: SketchModel, batch: int) -> Tensor:
    """Return standard normal numbers ``(B, Z)``."""
    generator = torch.Generator().manual_seed(batch)
    return torch.randn(batch, network.config.latent_size, generator=generator)


def _random_drawings() -> Iterator[tuple[Tensor, Tensor]]:
    """Yield random rows and lengths as :class:`EncoderModule` takes them, some rows beyond all drawings."""
    generator = torch.Generator().manual_seed(0)
    for batch in CHECKED_BATCHES:
        lengths = torch.tensor(CHECKED_LENGTHS[:batch])
        yield torch.randn(batch, int(lengths.max()) + batch - 1, 5, generator=generator), lengths
