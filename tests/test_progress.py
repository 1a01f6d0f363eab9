"""One callback for all rooms."""

from __future__ import annotations

from limner.progress import Progress, no_progress


def test_the_default_takes_what_every_callback_takes() -> None:
    progress: Progress = no_progress
    for total in (None, 3):
        assert progress(1, total) is None
