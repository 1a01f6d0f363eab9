"""Deadlines of jobs."""

from __future__ import annotations

import time

from limner.errors import LimnerError


class DeadlineError(LimnerError):
    """A job exceeded its deadline and was aborted."""

    def __init__(self, sentence: str = "This took too long and was given up; ask for less.") -> None:
        super().__init__(sentence)


class Deadline:
    """The time at which a job is aborted.

    Parameters
    ----------
    seconds : float
        From now.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def expire(self) -> None:
        """Move the deadline into the past."""
        self._until = 0.0

    def check(self, *_: object) -> None:
        """Raise ``DeadlineError`` after the deadline; usable as a sampling callback."""
        if time.monotonic() > self._until:
            raise DeadlineError
