"""How much of its limited time a training has used."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SECONDS: ContextVar[Callable[[], float]] = ContextVar("seconds", default=time.monotonic)


def now() -> float:
    """Return seconds since some moment, of the processor within :func:`counting_processor_time`."""
    return _SECONDS.get()()


@contextmanager
def counting_processor_time() -> Iterator[None]:
    """Count time limits of trainings in seconds of the processor, of all threads, in the block.

    So trainings of one thread compare that ran while the machine had other work.
    """
    token = _SECONDS.set(time.process_time)
    try:
        yield
    finally:
        _SECONDS.reset(token)


class Clock:
    """Measures time from the first step of a training, and its share of the time limit, if there is one.

    Parameters
    ----------
    seconds : float, optional
        Time limit.
    fitted : bool
        Whether schedules are fitted to the limit.
    """

    def __init__(self, seconds: float | None = None, *, fitted: bool = True) -> None:
        self.seconds, self.fitted = seconds, fitted
        self._began: float | None = None

    def start(self) -> None:
        """Start measuring."""
        self._began = now()

    @property
    def elapsed(self) -> float:
        """Seconds since the start; 0 before it."""
        return 0.0 if self._began is None else now() - self._began

    @property
    def share(self) -> float:
        """Share of the time that is used, from 0 to 1, for schedules; 0 where they are not fitted to it."""
        if self.seconds is None or not self.fitted:
            return 0.0
        return min(1.0, self.elapsed / self.seconds) if self.seconds > 0 else 1.0
