"""How much of its time a training has used."""

from __future__ import annotations

import time


class Clock:
    """Runs from the first step of a training to its time limit, if it has one.

    Parameters
    ----------
    seconds : float, optional
        Time limit.
    fitted : bool
        Whether schedules are fitted to it.
    """

    def __init__(self, seconds: float | None = None, *, fitted: bool = True) -> None:
        self.seconds, self.fitted = seconds, fitted
        self._began: float | None = None

    def start(self) -> None:
        """Begin to count."""
        self._began = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the start; 0 before it."""
        return 0.0 if self._began is None else time.monotonic() - self._began

    @property
    def share(self) -> float:
        """Part of the time that schedules see as used, from 0 to 1; 0 where none are fitted to it."""
        if self.seconds is None or not self.fitted:
            return 0.0
        return min(1.0, self.elapsed / self.seconds) if self.seconds > 0 else 1.0
