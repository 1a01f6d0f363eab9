"""How much of its time a training has used."""

from __future__ import annotations

import time


class Clock:
    """Runs from the first step of a training to its time limit, if it has one.

    Parameters
    ----------
    seconds : float, optional
        Time limit.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
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
        """Part of the time that is used, from 0 to 1; 0 without a limit."""
        if self.seconds is None:
            return 0.0
        return min(1.0, self.elapsed / self.seconds) if self.seconds > 0 else 1.0
