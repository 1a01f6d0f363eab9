"""Networks as ONNX graphs: one step of the decoder, the state that it begins with, and the encoder.

``point`` and the parts of the state are inputs of the step; mixture, pen and the parts that follow
(``next_h`` after ``h``) its outputs. A network that is told nothing begins with zeros; else ``begin`` makes
the state of ``z``, ``labels`` or both. Where z is not standard normal, ``prior`` makes it of such ``noise``.

What a network needs follows from its protocol alone. Only recurrent encoders have a graph made by hand: torch
would write out as many steps as its example has.

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
from limner.interchange.onnx_trace import BATCH, Sizes, traced
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
class Part:
    """One graph of a network."""

    name: str
    """step, begin, prior or encoder."""
    module: nn.Module
    """What it is the graph of."""
    graph: ModelProto
    examples: tuple[tuple[Tensor, ...], ...]
    """Inputs for which the two must say the same."""


class Step(nn.Module):
    """A step with the state laid out flat."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network = network
        state = network.begin(1)
        self.names = list(state)
        self.is_joint = network.step(torch.zeros(1, 5), state)[0].is_joint

    @property
    def outputs(self) -> list[str]:
        """Names of what it gives; the pen states of each component, where they are its own, ``(B, M, 3)``."""
        joint = [COMPONENT_PEN] if self.is_joint else []
        return [*PARAMETERS, *joint, *(f"next_{name}" for name in self.names)]

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take a point ``(B, 5)`` and the parts of the state ``(B, ...)``."""
        point, *state = parts
        mixture, after = self.network.step(point, dict(zip(self.names, state, strict=True)))
        joint = [mixture.pen_logits.softmax(dim=-1)] if self.is_joint else []
        return *(getattr(mixture, name) for name in PARAMETERS), *joint, *(after[name] for name in self.names)


class Begin(nn.Module):
    """The state before the first point, laid out flat."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network = network
        self.inputs = ["z"] * network.conditional + ["labels"] * bool(network.config.classes)

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take latents ``(B, Z)``, int64 labels ``(B,)``, or both."""
        state = self.network.begin(parts[0].shape[0], **dict(zip(self.inputs, parts, strict=True)))
        return tuple(value.clone() for value in state.values())  # outputs must be tensors of their own


class Encode(nn.Module):
    """Drawings to their latents."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network = network

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take rows without the start token ``(B, T, 5)`` and lengths ``(B,)``."""
        rows, lengths = parts
        latent = self.network.encode(Batch(torch.cat([rows[:, :1], rows], dim=1), lengths))
        return (latent.mu,) if latent.presig is None else (latent.mu, latent.presig)


class Prior(nn.Module):
    """Standard normal numbers ``(B, Z)`` to latents, by the network or by a layer that stands for it."""

    def __init__(self, maps: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.maps = maps

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take ``(B, Z)``."""
        return (self.maps(parts[0]),)


@torch.no_grad()
def parts_of(network: SketchModel) -> Iterator[Part]:
    """Make the graphs that a network needs: its step, its beginning, its prior, its encoder."""
    yield step_part(network)
    if Begin(network).inputs:
        yield begin_part(network)
    if network.conditional:
        if not torch.equal(network.prior(noise := _noise(network, TRACED_BATCH)), noise):
            yield prior_part(network)
        yield encoder_part(network)


def step_part(network: SketchModel) -> Part:
    """Give the graph of one step. What grows from point to point has an axis ``places``."""
    step = Step(network)
    first, later = (list(state.values()) for state in _states(network))
    graph = traced(
        step,
        (torch.zeros(TRACED_BATCH, 5), *later),
        inputs=["point", *step.names],
        outputs=step.outputs,
        sizes=[BATCH, *(_growing(a, b) for a, b in zip(first, later, strict=True))],
    )
    return Part("step", step, graph, tuple(_walks(network)))


def begin_part(network: SketchModel) -> Part:
    """Give the graph from z, labels or both to the first state."""
    begin = Begin(network)
    state = [f"first_{name}" for name in network.begin(1)]
    graph = traced(begin, _told(network, TRACED_BATCH), inputs=begin.inputs, outputs=state)
    return Part("begin", begin, graph, tuple(_told(network, batch) for batch in CHECKED_BATCHES))


def prior_part(network: SketchModel) -> Part:
    """Give the graph of a prior, as the affine map that it is or else differs from."""
    size = network.config.latent_size
    nothing = network.prior(torch.zeros(1, size))
    layer = nn.Linear(size, size)
    with torch.no_grad():
        layer.weight.copy_((network.prior(torch.eye(size)) - nothing).T)
        layer.bias.copy_(nothing[0])
    graph = traced(Prior(layer), (_noise(network, TRACED_BATCH),), inputs=["noise"], outputs=["z"])
    examples = tuple((_noise(network, batch),) for batch in CHECKED_BATCHES)
    return Part("prior", Prior(network.prior), graph, examples)


def encoder_part(network: SketchModel) -> Part:
    """Give the graph from rows and lengths to the latent."""
    encode, examples = Encode(network), tuple(_drawings())
    recurrent = [part for part in network.children() if isinstance(part, RecurrentEncoder)]
    if recurrent:
        return Part("encoder", encode, scan_encoder(recurrent[0]), examples)
    example = (torch.zeros(TRACED_BATCH, TRACED_ROWS, 5), torch.full((TRACED_BATCH,), TRACED_ROWS - 1))
    outputs = ["mu", "presig"][: len(encode(*example))]
    graph = traced(encode, example, inputs=["strokes", "lengths"], outputs=outputs, sizes=INPUTS)
    return Part("encoder", encode, graph, examples)


def _states(network: SketchModel) -> tuple[State, State]:
    """Give the state before the first point, and that some points later."""
    first = state = network.begin(TRACED_BATCH)
    for _ in range(TRACED_STEPS):
        _, state = network.step(torch.zeros(TRACED_BATCH, 5), state)
    return first, state


def _growing(first: Tensor, later: Tensor) -> Sizes:
    """Name the axes of a part of the state that are of any size."""
    grown = [axis for axis, (a, b) in enumerate(zip(first.shape, later.shape, strict=True)) if a != b]
    return {**BATCH, **dict.fromkeys(grown, "places")}


# Examples -----------------------------------------------------------------------------------------


def _walks(network: SketchModel) -> Iterator[tuple[Tensor, ...]]:
    """Give points and states of drawings by chance, as :class:`Step` takes them."""
    chance = torch.Generator().manual_seed(0)
    for batch in CHECKED_BATCHES:
        state = network.begin(batch, **dict(zip(Begin(network).inputs, _told(network, batch), strict=True)))
        for _ in range(CHECKED_STEPS):
            pen = torch.randint(3, (batch,), generator=chance)
            point = torch.cat([torch.randn(batch, 2, generator=chance), one_hot(pen, 3)], dim=1)
            yield point, *state.values()
            _, state = network.step(point, state)


def _told(network: SketchModel, batch: int) -> tuple[Tensor, ...]:
    """Give latents and labels by chance, as :class:`Begin` takes them."""
    made = {
        "z": lambda: network.prior(_noise(network, batch)),
        "labels": lambda: torch.arange(batch).flip(0) % network.config.classes,
    }
    return tuple(made[name]() for name in Begin(network).inputs)


def _noise(network: SketchModel, batch: int) -> Tensor:
    """Give standard normal numbers ``(B, Z)``."""
    chance = torch.Generator().manual_seed(batch)
    return torch.randn(batch, network.config.latent_size, generator=chance)


def _drawings() -> Iterator[tuple[Tensor, Tensor]]:
    """Give rows and lengths by chance, as :class:`Encode` takes them; some rows are behind all drawings."""
    chance = torch.Generator().manual_seed(0)
    for batch in CHECKED_BATCHES:
        lengths = torch.tensor(CHECKED_LENGTHS[:batch])
        yield torch.randn(batch, int(lengths.max()) + batch - 1, 5, generator=chance), lengths
