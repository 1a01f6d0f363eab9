"""``DrawingSession``: several futures of one beginning, drawn together, step by step.

A session holds the next input point of the network, the state before it, and the points of the beginning
that are still to be read. A scheduler steps it on its own thread. A future cannot end before it shows
something: until then the network chooses among what goes on.

Letters: ``B`` futures, ``N`` points of the beginning, ``Z`` latent.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias

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
Primed: TypeAlias = tuple[State, Tensor]
"""The state of a network before the last point of a beginning, and that point, ``(1, 5)``."""


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
    primed: Primed | None = None
    """The beginning as it was read already, for one drawing; read by the session unless given."""
    least_ink: float = 0.0
    """Length of the lines, in model units, before which a future does not end."""


Deliver = Callable[[list[Dot], Reason | None], None]
"""Called with new points, and finally with the reason for the end."""
TellEnd = Callable[[float], None]
"""Called with the probability, before the first new point, that the drawing ends there."""


class DrawingSession:
    """One turn: a network continues a drawing in ``B`` ways.

    Parameters
    ----------
    network : SketchModel
    task : TurnTask
    deliver : callable
        Called on the scheduler's thread; must not block.
    tell_end : callable, optional
        Likewise, once, if there is a beginning.
    """

    def __init__(
        self, network: SketchModel, task: TurnTask, deliver: Deliver, tell_end: TellEnd | None = None
    ) -> None:
        self.network, self.task = network, task
        self.sampling_config, self.pace = task.sampling_config, task.pace
        self.end_reason: Reason | None = None
        self.due = time.monotonic()
        self._deliver, self._tell_end = deliver, tell_end
        self._changes: deque[Callable[[], None]] = deque()
        self._generator = torch.Generator().manual_seed(task.seed)
        self._until = self.due + task.seconds
        self._drawn = 0
        self._unread = deque[Tensor]()
        self._futures = list(range(task.futures))
        self._ended_rows = torch.zeros(task.futures, dtype=torch.bool)  # (B,)
        self._positions = np.tile(np.asarray(task.origin, np.float64), (task.futures, 1))  # (B, 2)
        self._ink = torch.zeros(task.futures)  # (B,)
        parameter = next(network.parameters())
        self._end = parameter.new_tensor(END_TOKEN)
        rows = torch.from_numpy(stroke3_to_stroke5(task.rows, len(task.rows))).to(parameter)  # (N, 5)
        beginning = [start_tokens(1, self.sampling_config, parameter), *(row.unsqueeze(0) for row in rows)]
        self._history = [point.expand(task.futures, 5) for point in beginning]  # each (B, 5)
        if task.primed is None:
            self._read_again(task.z, task.labels)
        else:
            self._take_over(*task.primed)

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
        if not self._drawn and self._tell_end is not None and len(self.task.rows):
            self._tell_end(float(mixture.pen[:, 2].mean()))
        point = choose_point(self._going_on(mixture), self.sampling_config, self._generator)
        self._measure(point)
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

    def _going_on(self, mixture: Mixture) -> Mixture:
        """Return a prediction in which futures that show nothing yet do not end."""
        blank = self._ink < self.task.least_ink  # (B,)
        if not bool(blank.any()):
            return mixture
        pairs = zip(mixture.without_end(), mixture, strict=True)
        return Mixture(*(torch.where(blank.view(-1, *[1] * (old.ndim - 1)), new, old) for new, old in pairs))

    def _measure(self, point: Tensor) -> None:
        """Add the lines to points ``(B, 5)`` to the ink: where the pen was down before them."""
        if self._drawn or len(self.task.rows):  # the start token is no point
            self._ink = self._ink + self.point[:, 2] * torch.hypot(point[:, 0], point[:, 1])

    def _take_over(self, state: State, point: Tensor) -> None:
        """Begin with a state and a last point of one drawing, for all futures."""
        n = len(self._futures)
        self.state = {name: value.expand(n, *value.shape[1:]) for name, value in state.items()}
        self.point, self._unread = point.expand(n, 5), deque()

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
        self._futures, self._positions = [future], self._positions[row]
        self._ended_rows, self._ink = self._ended_rows[row], self._ink[row]
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
