"""``BeginningReader``: reads the beginning of a drawing once for all futures, and only what is new of it.

A drawing grows at its end, so the states of a network along it are kept, and reading goes on from the last
point that has not changed. Between one turn and the next that is all but the last stroke; and while the pen
is down the page lets that be read, too, as far as it has come.

Letters: ``N`` points of the beginning.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.models.protocol import SketchModel
from limner.models.state import State
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import start_tokens
from limner.strokes.formats import stroke3_to_stroke5
from limner.studio.draw.session import Primed

Rows = NDArray[np.float32]
"""stroke-3 in model units, ``(N, 3)``."""
MOST_NEW = 400
"""Points that are read at once; a session reads longer beginnings itself, and can be stopped."""
MOST_BYTES = 8_000_000
"""Memory for the states of one page; the oldest ones are dropped."""


class BeginningReader:
    """Reads beginnings for one page; not for use by two threads at once."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._points = torch.zeros(0, 5)  # (N + 1, 5): the start token, and what was read
        self._states: deque[State] = deque()  # before each of the last of these points
        self.steps = 0
        """Points read so far, for measuring."""

    @torch.inference_mode()
    def read(
        self, network: SketchModel, rows: Rows, label: int | None, sampling_config: SamplingConfig
    ) -> Primed | None:
        """Return the state before the last point of a beginning, and that point; None if it is too long.

        Parameters
        ----------
        network : SketchModel
            Not conditioned on a latent.
        rows : float array of shape ``(N, 3)``
        label : int, optional
            Number of the class that the network is told.
        sampling_config : SamplingConfig
            Its convention decides what the start token is.
        """
        reference = next(network.parameters())
        points = torch.cat([
            start_tokens(1, sampling_config, reference),
            torch.from_numpy(stroke3_to_stroke5(rows, len(rows))).to(reference),
        ])  # (N + 1, 5)  # fmt: skip
        at = self._unchanged(points) if (network, label) == self._key else None
        if len(points) - (at or 0) > MOST_NEW:
            return None
        if at is None:
            labels = None if label is None else torch.tensor([label])
            self._states, at = deque([network.begin(1, None, labels)]), 0
        self._key, self._points = (network, label), points
        for k in range(at, len(points) - 1):
            self._states.append(network.step(points[k : k + 1], self._states[-1])[1])
            self.steps += 1
        self._forget()
        return self._states[-1], points[-1:]

    def _unchanged(self, points: Tensor) -> int | None:
        """Drop the states behind the last unchanged point; return the index of the last one that stays."""
        n = min(len(points), len(self._points))
        same = (points[:n] == self._points[:n]).all(dim=1)
        at = min(int(same.long().cumprod(0).sum()), n - 1)
        for _ in range(min(len(self._points) - 1 - at, len(self._states))):
            self._states.pop()
        return at if self._states else None

    def _forget(self) -> None:
        """Drop the oldest states that the memory does not hold."""
        size = sum(value.numel() * value.element_size() for value in self._states[-1].values())
        while len(self._states) > max(1, MOST_BYTES // max(size, 1)):
            self._states.popleft()
