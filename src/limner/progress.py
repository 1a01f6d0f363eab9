"""How long work reports its progress: one callback for all rooms."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int | None], object]
"""Receives what is done and what there is to do in all, counted alike; None where that is not known yet.

It is called often; whoever shows it decides how often it is drawn.
"""


def no_progress(done: int, total: int | None) -> None:
    """Show nothing: the default of functions that report progress."""
    del done, total
