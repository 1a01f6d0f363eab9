"""One turn of a model: several futures of one beginning, drawn together, step by step.

A hand has a point to feed, a state before it, and what is left to read; a scheduler steps it, on its thread.

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
    """A point of a future, in the units of the page; pen 0: the stroke goes on, 1: it lifts, 2: the end."""

    future: int
    pen: int
    x: float
    y: float


@dataclass(frozen=True)
class Task:
    """What a hand shall do."""

    rows: NDArray[np.float32]
    """The beginning: stroke-3 in model units, ``(N, 3)``; N may be 0."""
    z: Tensor | None
    """``(B, Z)``"""
    labels: Tensor | None
    """``(B,)``"""
    futures: int
    """B"""
    seed: int
    sampling_config: SamplingConfig
    pace: float
    """Points a second, of each future."""
    new_points: int
    """Points of each future at most."""
    seconds: float
    """How long the turn may last."""
    origin: tuple[float, float]
    """Where on the page the first new offset counts from."""
    unit: float
    """Units of the page in one model unit."""


Deliver = Callable[[list[Dot], Reason | None], None]
"""Is told of new points, and at last why there are no more."""


class Hand:
    """A model's turn.

    Parameters
    ----------
    network : SketchModel
    task : Task
    deliver : callable
        Called by the scheduler's thread; must not block.
    """

    def __init__(self, network: SketchModel, task: Task, deliver: Deliver) -> None:
        self.network, self.task = network, task
        self.sampling_config, self.pace = task.sampling_config, task.pace
        self.over: Reason | None = None
        self.due = time.monotonic()
        self._deliver = deliver
        self._asked: deque[Callable[[], None]] = deque()
        self._generator = torch.Generator().manual_seed(task.seed)
        self._until = self.due + task.seconds
        self._drawn = 0
        self._futures = list(range(task.futures))
        self._ended = torch.zeros(task.futures, dtype=torch.bool)  # (B,)
        self._at = np.tile(np.asarray(task.origin, np.float64), (task.futures, 1))  # (B, 2)
        like = next(network.parameters())
        self._end = like.new_tensor(END_TOKEN)
        rows = torch.from_numpy(stroke3_to_stroke5(task.rows, len(task.rows))).to(like)  # (N, 5)
        beginning = [start_tokens(1, self.sampling_config, like), *(row.unsqueeze(0) for row in rows)]
        self._history = [point.expand(task.futures, 5) for point in beginning]  # each (B, 5)
        self._read_again(task.z, task.labels)

    def __len__(self) -> int:
        """Count the futures."""
        return len(self._futures)

    # From other threads: done before the next step -----------------------------------------------

    def steer(self, temperature: float | None = None, pace: float | None = None) -> None:
        """Draw more boldly or faster from now on."""
        if temperature is not None:
            self._asked.append(
                lambda: setattr(
                    self, "sampling_config", replace(self.sampling_config, temperature=temperature)
                )
            )
        if pace is not None:
            self._asked.append(lambda: self._hurry(pace))

    def read_again(self, z: Tensor | None, labels: Tensor | None) -> None:
        """Go on as if the drawing so far were one of these latents ``(B, Z)`` and classes ``(B,)``."""
        self._asked.append(lambda: self._read_again(z, labels))

    def keep_only(self, future: int) -> None:
        """Go on with one future alone; nothing happens if there is no such."""
        self._asked.append(lambda: self._keep_only(future))

    def stop(self) -> None:
        """Draw no more."""
        self._asked.append(lambda: self.finish("stopped"))

    # Step by step --------------------------------------------------------------------------------

    def prepare(self, now: float) -> bool:
        """Do what was asked and tell whether a step is wanted."""
        while self._asked and self.over is None:
            self._asked.popleft()()
        if self.over is None and now > self._until:
            self.finish("time")
        return self.over is None

    def take(self, mixture: Mixture, state: State, now: float) -> None:
        """Take what the network says after :attr:`point`, and settle the next one."""
        self.state = state
        if self._ahead:
            self.point = self._ahead.popleft()
            return
        point = choose_point(mixture, self.sampling_config, self._generator)
        fresh = ~self._ended  # (B,)
        self._ended = self._ended | (point[:, 4] == 1)
        self.point = torch.where(self._ended.unsqueeze(-1), self._end, point)
        self._history.append(self.point)
        self._drawn += 1
        self._deliver(self._dots(fresh), None)
        self.due = max(self.due + 1 / self.pace, now)
        if bool(self._ended.all()):
            self.finish("ended")
        elif self._drawn >= self.task.new_points:
            self.finish("cut")

    def finish(self, reason: Reason) -> None:
        """Stop, and say why."""
        if self.over is None:
            self.over = reason
            self._deliver([], reason)

    def _hurry(self, pace: float) -> None:
        self.pace, self.due = pace, time.monotonic()

    def _read_again(self, z: Tensor | None, labels: Tensor | None) -> None:
        kept = torch.tensor(self._futures)
        z, labels = (None if given is None else given[kept] for given in (z, labels))
        with torch.no_grad():
            self.state = self.network.begin(len(kept), z, labels)
        self._ahead = deque(self._history)
        self.point = self._ahead.popleft()
        self.due = time.monotonic()

    def _keep_only(self, future: int) -> None:
        if future not in self._futures:
            return
        row = slice(at := self._futures.index(future), at + 1)
        self._futures, self._at, self._ended = [future], self._at[row], self._ended[row]
        self._history = [point[row] for point in self._history]
        self._ahead = deque(point[row] for point in self._ahead)
        self.state = {name: value[row] for name, value in self.state.items()}
        self.point = self.point[row]
        if bool(self._ended.all()):
            self.finish("ended")

    def _dots(self, fresh: Tensor) -> list[Dot]:
        rows = self.point.numpy().astype(np.float64)  # (B, 5)
        self._at = np.clip(self._at + rows[:, :2] * self.task.unit, -REACH, REACH)  # a wild model's, too
        pens = rows[:, 2:].argmax(axis=1)
        places = self._at.tolist()
        return [
            Dot(self._futures[k], int(pens[k]), *places[k]) for k in np.flatnonzero(fresh.numpy()).tolist()
        ]
