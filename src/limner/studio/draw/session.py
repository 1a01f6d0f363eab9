"""``DrawingSession``: several futures of one beginning, drawn together, step by step.

A session holds the next input point of the network, the state before it, and the points of the beginning
that are still to be read. A scheduler steps it on its own thread.

Letters: ``B`` futures, ``N`` points of the beginning, ``Z`` latent.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.models.state import State
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import choose_point, start_tokens
from limner.strokes.formats import END_TOKEN, stroke3_to_stroke5
from limner.studio.limits import REACH

Reason = Literal["ended", "cut", "time", "stopped", "failed"]


class Dot(NamedTuple):
    """A point of a future in units of the page; pen 0: the stroke goes on, 1: lifted after it, 2: the end."""

    future: int
    pen: int
    x: float
    y: float


@dataclass(frozen=True)
class TurnTask:
    """The input of a session."""

    rows: NDArray[np.float32]
    """The beginning as stroke-3 in model units, ``(N, 3)``; N may be 0."""
    z: Tensor | None
    """``(B, Z)``"""
    labels: Tensor | None
    """``(B,)``"""
    futures: int
    """B"""
    seed: int
    sampling_config: SamplingConfig
    pace: float
    """Points per second of each future."""
    new_points: int
    """Maximum number of points of each future."""
    seconds: float
    """Duration after which the turn ends."""
    origin: tuple[float, float]
    """Position on the page to which the first new offset is added."""
    unit: float
    """Page units per model unit."""


Deliver = Callable[[list[Dot], Reason | None], None]
"""Called with new points, and finally with the reason for the end."""


class DrawingSession:
    """One turn: a network continues a drawing in ``B`` ways.

    Parameters
    ----------
    network : SketchModel
    task : TurnTask
    deliver : callable
        Called on the scheduler's thread; must not block.
    """

    def __init__(self, network: SketchModel, task: TurnTask, deliver: Deliver) -> None:
        self.network, self.task = network, task
        self.sampling_config, self.pace = task.sampling_config, task.pace
        self.end_reason: Reason | None = None
        self.due = time.monotonic()
        self._deliver = deliver
        self._changes: deque[Callable[[], None]] = deque()
        self._generator = torch.Generator().manual_seed(task.seed)
        self._until = self.due + task.seconds
        self._drawn = 0
        self._futures = list(range(task.futures))
        self._ended_rows = torch.zeros(task.futures, dtype=torch.bool)  # (B,)
        self._positions = np.tile(np.asarray(task.origin, np.float64), (task.futures, 1))  # (B, 2)
        parameter = next(network.parameters())
        self._end = parameter.new_tensor(END_TOKEN)
        rows = torch.from_numpy(stroke3_to_stroke5(task.rows, len(task.rows))).to(parameter)  # (N, 5)
        beginning = [start_tokens(1, self.sampling_config, parameter), *(row.unsqueeze(0) for row in rows)]
        self._history = [point.expand(task.futures, 5) for point in beginning]  # each (B, 5)
        self._read_again(task.z, task.labels)

    def __len__(self) -> int:
        """Return the number of futures."""
        return len(self._futures)

    # Called from other threads; applied before the next step --------------------------------------

    def steer(self, temperature: float | None = None, pace: float | None = None) -> None:
        """Change temperature or pace."""
        if temperature is not None:
            self._changes.append(lambda: self._set_temperature(temperature))
        if pace is not None:
            self._changes.append(lambda: self._set_pace(pace))

    def read_again(self, z: Tensor | None, labels: Tensor | None) -> None:
        """Read the drawing so far again with other latents ``(B, Z)`` and classes ``(B,)``, and continue."""
        self._changes.append(lambda: self._read_again(z, labels))

    def keep_only(self, future: int) -> None:
        """Continue with one future alone; does nothing if it does not exist."""
        self._changes.append(lambda: self._keep_only(future))

    def stop(self) -> None:
        """End the turn."""
        self._changes.append(lambda: self.finish("stopped"))

    # Called by the scheduler ----------------------------------------------------------------------

    def prepare(self, now: float) -> bool:
        """Apply pending changes, and return whether the session takes another step."""
        while self._changes and self.end_reason is None:
            self._changes.popleft()()
        if self.end_reason is None and now > self._until:
            self.finish("time")
        return self.end_reason is None

    def accept(self, mixture: Mixture, state: State, now: float) -> None:
        """Accept the prediction after :attr:`point`, and set the next point: read or sampled."""
        self.state = state
        if self._unread:
            self.point = self._unread.popleft()
            return
        point = choose_point(mixture, self.sampling_config, self._generator)
        unfinished = ~self._ended_rows  # (B,)
        self._ended_rows = self._ended_rows | (point[:, 4] == 1)
        self.point = torch.where(self._ended_rows.unsqueeze(-1), self._end, point)
        self._history.append(self.point)
        self._drawn += 1
        self._deliver(self._dots(unfinished), None)
        self.due = max(self.due + 1 / self.pace, now)
        if bool(self._ended_rows.all()):
            self.finish("ended")
        elif self._drawn >= self.task.new_points:
            self.finish("cut")

    def finish(self, reason: Reason) -> None:
        """End the turn and deliver the reason; does nothing if it has ended."""
        if self.end_reason is None:
            self.end_reason = reason
            self._deliver([], reason)

    def _set_temperature(self, temperature: float) -> None:
        self.sampling_config = replace(self.sampling_config, temperature=temperature)

    def _set_pace(self, pace: float) -> None:
        self.pace, self.due = pace, time.monotonic()

    def _read_again(self, z: Tensor | None, labels: Tensor | None) -> None:
        rows = torch.tensor(self._futures)
        z, labels = (None if tensor is None else tensor[rows] for tensor in (z, labels))
        with torch.no_grad():
            self.state = self.network.begin(len(rows), z, labels)
        self._unread = deque(self._history)
        self.point = self._unread.popleft()
        self.due = time.monotonic()

    def _keep_only(self, future: int) -> None:
        if future not in self._futures:
            return
        row = slice(k := self._futures.index(future), k + 1)
        self._futures, self._positions, self._ended_rows = (
            [future],
            self._positions[row],
            self._ended_rows[row],
        )
        self._history = [point[row] for point in self._history]
        self._unread = deque(point[row] for point in self._unread)
        self.state = {name: value[row] for name, value in self.state.items()}
        self.point = self.point[row]
        if bool(self._ended_rows.all()):
            self.finish("ended")

    def _dots(self, unfinished: Tensor) -> list[Dot]:
        rows = self.point.numpy().astype(np.float64)  # (B, 5)
        # the offsets of an untrained model may leave the range of coordinates
        self._positions = np.clip(self._positions + rows[:, :2] * self.task.unit, -REACH, REACH)
        pens, xy = rows[:, 2:].argmax(axis=1), self._positions.tolist()
        indices = np.flatnonzero(unfinished.numpy()).tolist()
        return [Dot(self._futures[k], int(pens[k]), *xy[k]) for k in indices]
