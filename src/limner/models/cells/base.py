"""What every recurrent cell of the family can do.

Weights stand as in sketch-rnn: ``w_xh`` of shape ``(X, 4 H)`` and ``w_hh`` of shape ``(H, 4 H)``, gates in
the order i (input), j (candidate), f (forget), o (output). A forget bias of 1.0 is added at run time and is
not part of the stored weights.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``H`` units.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import accumulate

import torch
from torch import Tensor, nn

from limner.models.state import State

FORGET_BIAS = 1.0


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

    @property
    @abstractmethod
    def layout(self) -> dict[str, int]:
        """Names and widths of the state's parts, in the order in which the original joins them."""

    @abstractmethod
    def step(self, x: Tensor, state: State, mask: Tensor | None = None) -> State:
        """Take one point and give the state after it.

        Parameters
        ----------
        x : Tensor of shape ``(B, X)``
        state : State
        mask : Tensor of shape ``(B, H)``, optional
            Multiplies the candidate.
        """

    def forward(self, x: Tensor, state: State | None = None, masks: Tensor | None = None) -> Tensor:
        """Run over a sequence.

        Parameters
        ----------
        x : Tensor of shape ``(B, T, X)``
        state : State, optional
            Before the first point; zeros unless given.
        masks : Tensor of shape ``(T, B, H)``, optional
            Multiply the candidates; in training they are drawn here unless given.

        Returns
        -------
        Tensor of shape ``(B, T, H)``
            h after every point.
        """
        now = self.zero_state(len(x)) if state is None else state
        if masks is None:
            masks = self.draw_masks(x)
        outputs = []
        for t, point in enumerate(x.unbind(1)):
            now = self.step(point, now, None if masks is None else masks[t])
            outputs.append(now["h"])
        return torch.stack(outputs, dim=1)

    def draw_masks(self, x: Tensor) -> Tensor | None:
        """Draw masks of 0 and 1 / keep for a sequence ``(B, T, X)``, ``(T, B, H)``; None if nothing drops."""
        if not self.training or self.recurrent_keep == 1:
            return None
        chance = torch.rand(x.shape[1], x.shape[0], self.size, device=x.device)
        return (chance < self.recurrent_keep) / self.recurrent_keep

    def zero_state(self, batch_size: int) -> State:
        """Give a state of zeros."""
        like = next(self.parameters())
        return {name: like.new_zeros(batch_size, width) for name, width in self.layout.items()}

    def cut_state(self, joined: Tensor) -> State:
        """Cut a joined state ``(B, sum of the widths)`` into its parts."""
        cuts = list(accumulate(self.layout.values()))[:-1]
        return dict(zip(self.layout, torch.tensor_split(joined, cuts, dim=-1), strict=True))


def dropped(candidate: Tensor, mask: Tensor | None) -> Tensor:
    """Multiply the candidate ``(B, H)`` by the mask of its point, if there is one."""
    return candidate if mask is None else candidate * mask
