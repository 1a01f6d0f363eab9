"""When a training ends: at its last step, at a time limit, or on a signal.

No torch here: whoever starts trainings knows the signals.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from limner.training.clock import now

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Sent by Ctrl-C, by the end of a session or a machine, and by the end of a terminal."""


class GracefulStop:
    """Decides when a training ends: at its last step, at a time limit or on a signal.

    :class:`limner.training.callbacks.StopCallback` asks it after each step.

    Parameters
    ----------
    max_steps : int
    seconds : float, optional
        Time limit for the training.
    """

    def __init__(self, max_steps: int, seconds: float | None = None) -> None:
        self.max_steps = max_steps
        self.seconds = seconds
        self.interrupted = False
        self._began: float | None = None
        self._terminals = [stream for stream in (1, 2) if os.isatty(stream)]

    @contextmanager
    def handling_signals(self) -> Iterator[None]:
        """Let signals end the training in the block.

        Before the first step they interrupt at once. After it they end the training with a checkpoint, and a
        second Ctrl-C interrupts at once; the other signals may come twice, to a process and to its group. A
        hangup that is ignored, as under ``nohup``, stays ignored.
        """
        if threading.current_thread() is not threading.main_thread():  # signals reach no other
            yield
            return
        former = {number: signal.getsignal(number) for number in SIGNALS}
        self._set_handlers()
        try:
            yield
        except SystemExit:  # what Lightning makes of an interrupt
            raise KeyboardInterrupt from None
        finally:
            for number, handler in former.items():
                if handler is not None:  # one that was not set from Python cannot be set again from it
                    signal.signal(number, handler)

    def start(self) -> None:
        """Start the clock, and set the handlers again: Lightning has set its own meanwhile."""
        self._began = now()
        if threading.current_thread() is threading.main_thread():
            self._set_handlers()

    @property
    def is_wanted(self) -> bool:
        """Whether a signal or the time limit ends the training, before its last step."""
        return self.interrupted or self._is_late()

    def _is_late(self) -> bool:
        return self.seconds is not None and self._began is not None and now() - self._began > self.seconds

    def _set_handlers(self) -> None:
        for number in SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._interrupt)

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self._forget_terminals()
        if self._began is None or (self.interrupted and number == signal.SIGINT):
            raise KeyboardInterrupt
        self.interrupted = True

    def _forget_terminals(self) -> None:
        """Redirect output from a terminal that is gone: a bar that cannot be drawn would end the training."""
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for stream in self._terminals:
                os.dup2(nowhere, stream)
            os.close(nowhere)
