"""A gallery that grows while the work that it is about goes on; it is written whole each time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from limner.demo.gallery import Exhibit, Gallery, GalleryStage, StageState, write_gallery
from limner.errors import LimnerError

EVERY_SECONDS = 4.0
"""Time between two looks at work that goes on."""


class GrowingPage:
    """A page with stages and exhibits; any thread may add to it.

    Parameters
    ----------
    path : Path
        Of the page; written for the first time when the first stage begins.
    title, text : str
        What stands at its head.
    stages : sequence of str
        Names of the parts of the work, in order.
    order : sequence of str
        Titles of all exhibits that may come, from top to bottom, in whatever order they come.
    """

    def __init__(
        self, path: Path, title: str, text: str, *, stages: Sequence[str], order: Sequence[str]
    ) -> None:
        self.path, self.title, self.text = path, title, text
        self._stages = {name: GalleryStage(name, "") for name in stages}
        self._order = tuple(order)
        self._exhibits: dict[str, Exhibit] = {}
        self._lock = threading.RLock()
        self._growing = True

    @property
    def stages(self) -> tuple[GalleryStage, ...]:
        """Where the work is."""
        return tuple(self._stages.values())

    def stage(self, name: str, text: str, state: StageState = "working") -> None:
        """Say what comes of a stage, or came, and write the page."""
        with self._lock:
            self._stages[name] = GalleryStage(name, text, state)
            self.write()

    def show(self, exhibit: Exhibit) -> None:
        """Show an exhibit in its place, instead of the former one of its title; the next writing shows it."""
        with self._lock:
            self._exhibits[exhibit.title] = exhibit

    def end(self, text: str | None = None) -> None:
        """Write the page for the last time, with another text at its head if there is one."""
        with self._lock:
            self._growing = False
            self.text = self.text if text is None else text
            self.write()

    def break_off(self, why: str) -> None:
        """Say at the stage that is going on that it was broken off, and why, and write for the last time."""
        with self._lock:
            for name, stage in self._stages.items():
                if stage.state == "working":
                    self._stages[name] = GalleryStage(name, why, "stopped")
            with suppress(LimnerError):  # a full disk must not hide what went wrong
                self.end()

    def write(self) -> None:
        """Write the page."""
        with self._lock:
            shown = tuple(self._exhibits[title] for title in self._order if title in self._exhibits)
            written = time.strftime("%H:%M:%S") if self._growing else ""
            write_gallery(self.path, Gallery(self.title, self.text, shown, self.stages, written))


@contextmanager
def looking_on(look: Callable[[], object], every_s: float = EVERY_SECONDS) -> Iterator[None]:
    """Call a function in a thread of its own every few seconds as long as the block runs.

    A look that ends in a :class:`LimnerError`, as at a file that is not there yet, is passed over.
    """
    over = threading.Event()

    def keep_looking() -> None:
        while not over.wait(every_s):
            with suppress(LimnerError):
                look()

    thread = threading.Thread(target=keep_looking, name="limner-page", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
