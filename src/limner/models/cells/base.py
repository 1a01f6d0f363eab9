"""``Cell``: the protocol of recurrent cells, and how they run over sequences.

Weights of limner's own cells are laid out as in sketch-rnn: ``w_xh`` of shape ``(X + E, 4 H)`` and ``w_hh``
of shape ``(H, 4 H)``, gates in the order i (input), j (candidate), f (forget), o (output). A forget bias of
1.0 is added at run time and is not part of the stored weights.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``E`` width of the constant input, which is the
same at every point (0 without it), ``H`` units.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from functools import cache
from itertools import accumulate
from typing import ClassVar, Literal, Self

import numpy as np
import torch
from torch import Tensor, nn

from limner.models.engine.library import library
from limner.models.state import State

FORGET_BIAS = 1.0
"""Added to the forget gate before the sigmoid, as in sketch-rnn."""
Route = Literal["engine", "torch", "plain"]
"""The compiled engine, torch's own recurrent kernels, or a loop over steps."""
ENGINE_STEP = 32
"""The engine runs cells whose units are a multiple of this."""
CHECK_WIDTH = 5
"""Width of the input with which the engine is compared with the loop: that of points."""


class Cell(nn.Module, ABC):
    """A recurrent cell, run over a whole sequence or step by step; the part ``h`` of its state is its output.

    A cell needs :attr:`layout` and :meth:`step`; it then runs over sequences of any size in a loop. All else
    that it may override makes it faster.

    In training the candidate tanh(j), and nothing else, is dropped out, with a new mask at every point, so
    that the memory is never erased (Semeniuta, Severyn and Barth 2016).

    Parameters
    ----------
    size : int
        H
    recurrent_keep : float
        Probability that a unit of the candidate is kept, above 0 and at most 1.
    """

    has_engine: ClassVar[bool] = False
    """Whether :meth:`run_engine` runs whole sequences in the compiled engine."""

    def __init__(self, size: int, recurrent_keep: float) -> None:
        super().__init__()
        self.size = size
        self.recurrent_keep = recurrent_keep
        self.route: Route = "engine"
        """How whole sequences run: the first of engine, torch, plain from here on that can."""

    @classmethod
    def build(cls, input_size: int, size: int, recurrent_keep: float, *, norm_learnable: bool = True) -> Self:
        """Return a cell with fresh weights, of which norms learn only where that is asked."""
        del norm_learnable
        return cls(input_size, size, recurrent_keep)  # type: ignore[call-arg]

    @property
    @abstractmethod
    def layout(self) -> dict[str, int]:
        """Names and widths of the parts of the state, in the order in which they are concatenated."""

    @abstractmethod
    def step(self, x: Tensor, state: State, keep: Tensor | None = None) -> State:
        """Take one point and return the state after it.

        Parameters
        ----------
        x : Tensor of shape ``(B, X + E)``
        state : State
        keep : bool Tensor of shape ``(B, H)``, optional
            Units of the candidate that are kept, and divided by ``recurrent_keep``.
        """

    def run_engine(
        self, x: Tensor, extra: Tensor | None, state: State, lengths: Tensor, keep: Tensor | None
    ) -> Tensor:
        """Run over a sequence ``(T, B, X)`` in the engine, ``(T, B, H)``; see :attr:`has_engine`."""
        raise NotImplementedError

    def forward(
        self,
        x: Tensor,
        state: State | None = None,
        *,
        extra: Tensor | None = None,
        lengths: Tensor | None = None,
        keep: Tensor | None = None,
    ) -> Tensor:
        """Run over a sequence.

        Parameters
        ----------
        x : Tensor of shape ``(B, T, X)``
        state : State, optional
            Before the first point; zeros unless given.
        extra : Tensor of shape ``(B, E)``, optional
            Concatenated to the input of every point, after x.
        lengths : int64 Tensor of shape ``(B,)``, optional
            Points of each drawing; T unless given.
        keep : bool Tensor of shape ``(T, B, H)``, optional
            Units of the candidates that are kept; in training they are sampled here unless given.

        Returns
        -------
        Tensor of shape ``(B, T, H)``
            h after every point; undefined behind a drawing's length.
        """
        first = self.zero_state(len(x)) if state is None else state
        keep = self.sample_keep(x) if keep is None else keep
        if self._engine_supports(x, keep):
            every = torch.full((len(x),), x.shape[1]) if lengths is None else lengths
            return self.run_engine(x.transpose(0, 1), extra, first, every, keep).transpose(0, 1)
        if self.route != "plain" and self.torch_supports(keep):
            return self.run_torch(append_constant(x, extra), first)
        return self.run_plain(append_constant(x, extra), first, keep)

    def torch_supports(self, keep: Tensor | None) -> bool:  # noqa: ARG002
        """Return whether torch has kernels for this cell, with these units dropped."""
        return False

    def run_torch(self, x: Tensor, state: State) -> Tensor:
        """Run over a sequence ``(B, T, X + E)`` in torch's kernels."""
        raise NotImplementedError

    def run_plain(self, x: Tensor, state: State, keep: Tensor | None) -> Tensor:
        """Run over ``(B, T, X + E)`` in a loop over steps: the reference that the engine is compared with."""
        outputs = []
        for t, point in enumerate(x.unbind(1)):
            state = self.step(point, state, None if keep is None else keep[t])
            outputs.append(state["h"])
        return torch.stack(outputs).transpose(0, 1)

    def sample_keep(self, x: Tensor) -> Tensor | None:
        """Return a dropout mask for a sequence ``(B, T, X)``, ``(T, B, H)``; None if all units are kept."""
        if not self.training or self.recurrent_keep == 1:
            return None
        shape = (x.shape[1], x.shape[0], self.size)
        if x.device.type != "cpu":
            return torch.rand(shape, device=x.device) < self.recurrent_keep
        generator = np.random.Generator(np.random.SFC64(int(torch.randint(2**63 - 1, ()))))
        draws = np.frombuffer(generator.bytes(2 * int(np.prod(shape))), np.uint16)  # 4 times as fast as rand
        return torch.from_numpy(draws < round(self.recurrent_keep * 2**16)).view(shape)

    def drop(self, candidate: Tensor, keep: Tensor | None) -> Tensor:
        """Return the candidate ``(B, H)`` with its units dropped, where there is a mask."""
        return candidate if keep is None else candidate * keep / self.recurrent_keep

    def zero_state(self, batch_size: int) -> State:
        """Return a state of zeros."""
        reference = next(self.parameters())
        return {name: reference.new_zeros(batch_size, width) for name, width in self.layout.items()}

    def split_state(self, state: Tensor) -> State:
        """Split a concatenated state ``(B, sum of the widths)`` into its parts."""
        ends = list(accumulate(self.layout.values()))[:-1]
        return dict(zip(self.layout, torch.tensor_split(state, ends, dim=-1), strict=True))

    def _engine_supports(self, x: Tensor, keep: Tensor | None) -> bool:
        """Return whether the engine can run these points, and nobody is recording torch's operations."""
        if not self.has_engine:
            return False
        if torch.is_autocast_enabled("cpu") and self.torch_supports(keep):
            return False  # torch's kernels run in the lower precision
        weight = next(self.parameters())
        fits = x.device.type == "cpu" and weight.dtype == torch.float32 and self.size % ENGINE_STEP == 0
        recorded = torch.compiler.is_compiling() or torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
        return self.route == "engine" and fits and not recorded and engine_agrees(type(self))


@cache
def engine_agrees(kind: type[Cell]) -> bool:
    """Return whether there is an engine that agrees with the loop over steps; compared once a process."""
    if library() is None:
        return False
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(0)
        cell = kind(CHECK_WIDTH, ENGINE_STEP, 0.5)  # type: ignore[call-arg]
        x, keep = torch.randn(2, 3, CHECK_WIDTH), torch.rand(3, 2, ENGINE_STEP) < 0.5
        first, every = cell.zero_state(2), torch.full((2,), 3)
        outputs = [
            cell.run_plain(x, first, keep).transpose(0, 1),
            cell.run_engine(x.transpose(0, 1), None, first, every, keep),
        ]
        weights = list(cell.parameters())
        plain, engine = [[h.detach(), *torch.autograd.grad(h.square().sum(), weights)] for h in outputs]
    agrees = all(torch.allclose(a, b, rtol=1e-3, atol=1e-4) for a, b in zip(plain, engine, strict=True))
    if not agrees:
        warnings.warn(
            "The compiled kernels err on this machine and are not used.", RuntimeWarning, stacklevel=2
        )
    return agrees


def append_constant(x: Tensor, extra: Tensor | None) -> Tensor:
    """Concatenate ``(B, E)`` to every point of ``(B, T, X)``."""
    if extra is None:
        return x
    return torch.cat([x, extra.unsqueeze(1).expand(-1, x.shape[1], -1)], dim=-1)
