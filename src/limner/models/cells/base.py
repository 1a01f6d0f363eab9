"""What every recurrent cell of the family can do.

Weights stand as in sketch-rnn: ``w_xh`` of shape ``(X + E, 4 H)`` and ``w_hh`` of shape ``(H, 4 H)``, gates
in the order i (input), j (candidate), f (forget), o (output). A forget bias of 1.0 is added at run time and
is not part of the stored weights.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``E`` width of what stays the same at every
point (0 without it), ``H`` units.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from functools import cache
from itertools import accumulate
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from limner.models.engine.library import library
from limner.models.state import State

FORGET_BIAS = 1.0
Route = Literal["engine", "torch", "plain"]
"""The compiled engine, torch's own recurrent kernels, or step by step."""
ENGINE_STEP = 32
"""The engine serves cells whose units are a multiple of this."""
CHECK_WIDTH = 5


class Cell(nn.Module, ABC):
    """A recurrent cell, run over a whole sequence or step by step; the part ``h`` of its state is its output.

    In training the candidate tanh(j), and nothing else, is dropped out, with a new mask at every point, so
    that the memory is never erased (Semeniuta, Severyn and Barth 2016).

    Parameters
    ----------
    size : int
        H
    recurrent_keep : float
        Probability that a unit of the candidate is kept, above 0 and at most 1.
    """

    def __init__(self, size: int, recurrent_keep: float) -> None:
        super().__init__()
        self.size = size
        self.recurrent_keep = recurrent_keep
        self.route: Route = "engine"
        """How whole sequences run: the first of engine, torch, plain from here on that can."""

    @property
    @abstractmethod
    def layout(self) -> dict[str, int]:
        """Names and widths of the state's parts, in the order in which the original joins them."""

    @abstractmethod
    def step(self, x: Tensor, state: State, keep: Tensor | None = None) -> State:
        """Take one point and give the state after it.

        Parameters
        ----------
        x : Tensor of shape ``(B, X + E)``
        state : State
        keep : bool Tensor of shape ``(B, H)``, optional
            Units of the candidate that are kept, and divided by ``recurrent_keep``.
        """

    @abstractmethod
    def through_engine(
        self, x: Tensor, extra: Tensor | None, state: State, lengths: Tensor, keep: Tensor | None
    ) -> Tensor:
        """Run over a sequence ``(T, B, X)`` in the engine and give ``(T, B, H)``."""

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
            Joins the input of every point, behind x.
        lengths : int64 Tensor of shape ``(B,)``, optional
            Points of each drawing; T unless given.
        keep : bool Tensor of shape ``(T, B, H)``, optional
            Units of the candidates that are kept; in training they are drawn here unless given.

        Returns
        -------
        Tensor of shape ``(B, T, H)``
            h after every point; what stands behind a drawing's length means nothing.
        """
        first = self.zero_state(len(x)) if state is None else state
        keep = self.draw_keep(x) if keep is None else keep
        if self._engine_serves(x, keep):
            every = torch.full((len(x),), x.shape[1]) if lengths is None else lengths
            return self.through_engine(x.transpose(0, 1), extra, first, every, keep).transpose(0, 1)
        if self.route != "plain" and self.torch_serves(keep):
            return self.through_torch(joined(x, extra), first)
        return self.plain(joined(x, extra), first, keep)

    def torch_serves(self, keep: Tensor | None) -> bool:  # noqa: ARG002
        """Tell whether torch has kernels for what this cell does, with these units dropped."""
        return False

    def through_torch(self, x: Tensor, state: State) -> Tensor:
        """Run over a sequence ``(B, T, X + E)`` in torch's kernels."""
        raise NotImplementedError

    def plain(self, x: Tensor, state: State, keep: Tensor | None) -> Tensor:
        """Run over ``(B, T, X + E)`` step by step: the reference that the engine is compared with."""
        outputs = []
        for t, point in enumerate(x.unbind(1)):
            state = self.step(point, state, None if keep is None else keep[t])
            outputs.append(state["h"])
        return torch.stack(outputs).transpose(0, 1)

    def draw_keep(self, x: Tensor) -> Tensor | None:
        """Draw the units that are kept over a sequence ``(B, T, X)``, ``(T, B, H)``; None if all are."""
        if not self.training or self.recurrent_keep == 1:
            return None
        shape = (x.shape[1], x.shape[0], self.size)
        if x.device.type != "cpu":
            return torch.rand(shape, device=x.device) < self.recurrent_keep
        chance = np.random.Generator(np.random.SFC64(int(torch.randint(2**63 - 1, ()))))
        draws = np.frombuffer(chance.bytes(2 * int(np.prod(shape))), np.uint16)  # four times as fast as rand
        return torch.from_numpy(draws < round(self.recurrent_keep * 2**16)).view(shape)

    def dropped(self, candidate: Tensor, keep: Tensor | None) -> Tensor:
        """Drop units of the candidate ``(B, H)``, if there is a choice of those to keep."""
        return candidate if keep is None else candidate * keep / self.recurrent_keep

    def zero_state(self, batch_size: int) -> State:
        """Give a state of zeros."""
        like = next(self.parameters())
        return {name: like.new_zeros(batch_size, width) for name, width in self.layout.items()}

    def cut_state(self, joined: Tensor) -> State:
        """Cut a joined state ``(B, sum of the widths)`` into its parts."""
        cuts = list(accumulate(self.layout.values()))[:-1]
        return dict(zip(self.layout, torch.tensor_split(joined, cuts, dim=-1), strict=True))

    def _engine_serves(self, x: Tensor, keep: Tensor | None) -> bool:
        """Tell whether the engine can run these points, and nobody is recording torch's operations."""
        if torch.is_autocast_enabled("cpu") and self.torch_serves(keep):
            return False  # torch's kernels run in the lower precision
        weight = next(self.parameters())
        fits = x.device.type == "cpu" and weight.dtype == torch.float32 and self.size % ENGINE_STEP == 0
        recorded = torch.compiler.is_compiling() or torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
        return self.route == "engine" and fits and not recorded and engine_agrees(type(self))


@cache
def engine_agrees(kind: type[Cell]) -> bool:
    """Tell whether there is an engine and it finds what plain cells find; asked once a process."""
    if library() is None:
        return False
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(0)
        cell = kind(CHECK_WIDTH, ENGINE_STEP, 0.5)  # type: ignore[call-arg]
        x, keep = torch.randn(2, 3, CHECK_WIDTH), torch.rand(3, 2, ENGINE_STEP) < 0.5
        first, every = cell.zero_state(2), torch.full((2,), 3)
        outputs = [
            cell.plain(x, first, keep).transpose(0, 1),
            cell.through_engine(x.transpose(0, 1), None, first, every, keep),
        ]
        wanted = list(cell.parameters())
        plain, found = [[h.detach(), *torch.autograd.grad(h.square().sum(), wanted)] for h in outputs]
    agrees = all(torch.allclose(a, b, rtol=1e-3, atol=1e-4) for a, b in zip(plain, found, strict=True))
    if not agrees:
        warnings.warn(
            "The compiled kernels err on this machine and are not used.", RuntimeWarning, stacklevel=2
        )
    return agrees


def joined(x: Tensor, extra: Tensor | None) -> Tensor:
    """Put ``(B, E)`` behind every point of ``(B, T, X)``."""
    if extra is None:
        return x
    return torch.cat([x, extra.unsqueeze(1).expand(-1, x.shape[1], -1)], dim=-1)
