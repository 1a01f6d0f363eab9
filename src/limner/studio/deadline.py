"""The time that a piece of work may take."""

from __future__ import annotations

import time

from limner.errors import LimnerError


class OvertimeError(LimnerError):
    """A piece of work took too long and was given up."""

    def __init__(self, sentence: str = "This took too long and was given up; ask for less.") -> None:
        super().__init__(sentence)


class Deadline:
    """Ends a piece of work that takes too long.

    Parameters
    ----------
    seconds : float
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def expire(self) -> None:
        """Let time be up."""
        self._until = 0.0

    def check(self, *_: object) -> None:
        """Raise ``OvertimeError`` if time is up; fits as a sampling callback."""
        if time.monotonic() > self._until:
            raise OvertimeError
