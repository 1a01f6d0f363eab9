"""The clock of a training, which may count the processor's time instead."""

from __future__ import annotations

import time

import pytest

from limner.training.clock import Clock, counting_processor_time
from limner.training.graceful_stop import GracefulStop


def test_time_of_the_processor_stands_still_while_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "process_time", lambda: 5.0)
    clock, stop = Clock(0.002), GracefulStop(10, 0.002)
    with counting_processor_time(), stop.handling_signals():
        clock.start()
        stop.start()
        time.sleep(0.01)
        assert clock.elapsed == clock.share == 0
        assert not stop.is_wanted
    by_the_clock = Clock(0.002)
    by_the_clock.start()
    time.sleep(0.01)
    assert by_the_clock.share == 1
