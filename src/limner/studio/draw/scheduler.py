"""``Scheduler``: one thread that steps the sessions of all pages, with one network call for all that are due.

Ten pages cost hardly more than one, and none waits for the end of another's drawing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Sequence

import torch

from limner.errors import LimnerError
from limner.models.mixture import Mixture
from limner.models.state import State
from limner.studio.draw.session import DrawingSession

LOG = logging.getLogger("limner.studio")
EARLY_SECONDS = 0.003
"""Time by which a session may be stepped early to share a network call with others."""


class Scheduler:
    """Steps sessions on a thread of its own, which sleeps while none is due.

    Parameters
    ----------
    rows : int
        Maximum number of futures of all sessions together.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._sessions: list[DrawingSession] = []
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="limner-draw", daemon=True)
        self._thread.start()

    def add(self, session: DrawingSession) -> None:
        """Add a session.

        Raises
        ------
        LimnerError
            If there are too many futures already.
        """
        with self._changed:
            if sum(map(len, self._sessions)) + len(session) > self._rows:
                raise LimnerError("Too many drawings are being drawn at once; wait a moment.")
            self._sessions.append(session)
            self._changed.notify()

    def nudge(self) -> None:
        """Wake the thread, so that changes of sessions are applied immediately."""
        with self._changed:
            self._changed.notify()

    def close(self) -> None:
        """End every session and the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout=10)

    def __len__(self) -> int:
        """Return the number of sessions."""
        return len(self._sessions)

    def _run(self) -> None:
        with torch.inference_mode():
            while sessions := self._wait():
                now = time.monotonic()
                ready = [h for h in sessions if h.prepare(now) and h.due <= now + EARLY_SECONDS]
                for group in _group(ready):
                    _step(group, now)

    def _wait(self) -> list[DrawingSession]:
        """Wait until a session is due and return all sessions; an empty list ends the thread."""
        with self._changed:
            while not self._closed:
                self._sessions = [session for session in self._sessions if session.end_reason is None]
                due = min((session.due for session in self._sessions), default=None)
                left = None if due is None else due - time.monotonic()
                if left is not None and left <= EARLY_SECONDS:
                    return list(self._sessions)
                if self._changed.wait(left) and self._sessions:
                    return list(self._sessions)
        for session in self._sessions:
            session.finish("stopped")
        return []


def _group(sessions: Sequence[DrawingSession]) -> list[list[DrawingSession]]:
    """Group sessions whose states can be concatenated: same network, tensors of the same shape."""
    groups: dict[tuple[object, ...], list[DrawingSession]] = defaultdict(list)
    for session in sessions:
        shapes = ((name, value.shape[1:]) for name, value in session.state.items())
        groups[(id(session.network), *shapes)].append(session)
    return list(groups.values())


def _step(group: Sequence[DrawingSession], now: float) -> None:
    """Step a group; an error of one session does not affect the others."""
    try:
        predictions = _predict(group)
    except Exception:
        LOG.exception("A model failed to take a step.")
        for session in group:
            session.finish("failed")
        return
    for session, (mixture, state) in zip(group, predictions, strict=True):
        try:
            session.accept(mixture, state, now)
        except Exception:
            LOG.exception("A point could not be chosen.")
            session.finish("failed")


def _predict(group: Sequence[DrawingSession]) -> list[tuple[Mixture, State]]:
    network = group[0].network
    if len(group) == 1:
        return [network.step(group[0].point, group[0].state)]
    sizes = [len(session) for session in group]
    states = {name: torch.cat([session.state[name] for session in group]) for name in group[0].state}
    mixture, after = network.step(torch.cat([session.point for session in group]), states)
    mixtures = (Mixture(*fields) for fields in zip(*(torch.split(f, sizes) for f in mixture), strict=True))
    return list(zip(mixtures, _split_state(after, sizes), strict=True))


def _split_state(state: State, sizes: list[int]) -> list[State]:
    parts = {name: torch.split(value, sizes) for name, value in state.items()}
    return [{name: part[k] for name, part in parts.items()} for k in range(len(sizes))]
