"""Steps the hands of all pages: one thread, and one step of a network for all hands that are due.

So ten pages cost hardly more than one, and none waits for another's drawing to end.
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
from limner.studio.draw.session import Hand

LOG = logging.getLogger("limner.studio")
TOGETHER = 0.003
"""Seconds by which a hand is stepped early, so that it shares a step with others."""


class Scheduler:
    """The thread, which sleeps while no hand is due.

    Parameters
    ----------
    rows : int
        Futures of all hands together at most.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._hands: list[Hand] = []
        self._news = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="limner-hands", daemon=True)
        self._thread.start()

    def add(self, hand: Hand) -> None:
        """Let a hand draw.

        Raises
        ------
        LimnerError
            If there are too many already.
        """
        with self._news:
            if sum(map(len, self._hands)) + len(hand) > self._rows:
                raise LimnerError("Too many drawings are being drawn at once; wait a moment.")
            self._hands.append(hand)
            self._news.notify()

    def nudge(self) -> None:
        """Look at once at what was asked of hands."""
        with self._news:
            self._news.notify()

    def close(self) -> None:
        """Stop every hand and the thread."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._thread.join(timeout=10)

    def __len__(self) -> int:
        """Count the hands at work."""
        return len(self._hands)

    def _run(self) -> None:
        with torch.inference_mode():
            while hands := self._wait():
                now = time.monotonic()
                ready = [h for h in hands if h.prepare(now) and h.due <= now + TOGETHER]
                for group in _alike(ready):
                    _step(group, now)

    def _wait(self) -> list[Hand]:
        """Wait until a hand is due and give all hands; none to end the thread."""
        with self._news:
            while not self._closed:
                self._hands = [hand for hand in self._hands if hand.over is None]
                due = min((hand.due for hand in self._hands), default=None)
                left = None if due is None else due - time.monotonic()
                if left is not None and left <= TOGETHER:
                    return list(self._hands)
                if self._news.wait(left) and self._hands:
                    return list(self._hands)
        for hand in self._hands:
            hand.finish("stopped")
        return []


def _alike(hands: Sequence[Hand]) -> list[list[Hand]]:
    """Sort hands into groups whose states can be joined: one network, tensors of one shape."""
    groups: dict[tuple[object, ...], list[Hand]] = defaultdict(list)
    for hand in hands:
        shapes = ((name, value.shape[1:]) for name, value in hand.state.items())
        groups[(id(hand.network), *shapes)].append(hand)
    return list(groups.values())


def _step(group: Sequence[Hand], now: float) -> None:
    """Step a group; one hand's trouble is not another's."""
    try:
        found = _predicted(group)
    except Exception:
        LOG.exception("A model failed to take a step.")
        for hand in group:
            hand.finish("failed")
        return
    for hand, (mixture, state) in zip(group, found, strict=True):
        try:
            hand.take(mixture, state, now)
        except Exception:
            LOG.exception("A point could not be chosen.")
            hand.finish("failed")


def _predicted(group: Sequence[Hand]) -> list[tuple[Mixture, State]]:
    network = group[0].network
    if len(group) == 1:
        return [network.step(group[0].point, group[0].state)]
    sizes = [len(hand) for hand in group]
    states = {name: torch.cat([hand.state[name] for hand in group]) for name in group[0].state}
    mixture, after = network.step(torch.cat([hand.point for hand in group]), states)
    mixtures = (Mixture(*fields) for fields in zip(*(torch.split(f, sizes) for f in mixture), strict=True))
    return list(zip(mixtures, _parted(after, sizes), strict=True))


def _parted(state: State, sizes: list[int]) -> list[State]:
    parts = {name: torch.split(value, sizes) for name, value in state.items()}
    return [{name: part[k] for name, part in parts.items()} for k in range(len(sizes))]
