"""Reads what is kept by a worker, and remembers it: a file that has not changed is not read again."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

from limner.errors import LimnerError
from limner.studio.deadline import OvertimeError
from limner.studio.keep.folder import read_kept

Stamp: TypeAlias = tuple[int, int]
"""When a file was changed, in nanoseconds, and its size."""
Ask: TypeAlias = Callable[[Sequence[Path]], bytes]
"""Has files read by a worker; see :func:`read_files`."""

TOGETHER = 50
"""Files that a worker is asked for at once."""
FILE_SECONDS = 2.0
"""Of the processor's time, for one file of several."""
REMEMBERED_FILES, REMEMBERED_BYTES = 2_000, 50_000_000


def read_files(paths: Sequence[str]) -> bytes:
    """Read kept drawings, in a worker: a JSON list, with null for a file that cannot be read in time."""
    return json.dumps([_read(Path(path)) for path in paths]).encode()


class Listing:
    """The kept drawings as JSON, by their files."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Path, tuple[Stamp, str | None]] = {}

    def read(self, paths: Sequence[Path], ask: Ask) -> list[str | None]:
        """Return each drawing as JSON, None where it cannot be read."""
        stamps = {path: stamp for path in paths if (stamp := _stamp(path)) is not None}
        with self._lock:
            known = {path: self._known.get(path) for path in stamps}
        new = [path for path, stamp in stamps.items() if (one := known[path]) is None or one[0] != stamp]
        found = {path: text for path, one in known.items() if one is not None for text in [one[1]]}
        for some in _parts(new):
            found.update(zip(some, _asked(some, ask), strict=True))
        with self._lock:
            for path in new:
                self._known[path] = stamps[path], found[path]
            self._forget_some()
        return [found.get(path) for path in paths]

    def _forget_some(self) -> None:
        total = sum(len(text or "") for _, text in self._known.values())
        while self._known and (total > REMEMBERED_BYTES or len(self._known) > REMEMBERED_FILES):
            _, text = self._known.pop(next(iter(self._known)))
            total -= len(text or "")


def _parts(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    for start in range(0, len(paths), TOGETHER):
        yield paths[start : start + TOGETHER]


def _asked(paths: Sequence[Path], ask: Ask) -> list[str | None]:
    """Have files read together; one by one where one of them breaks the worker."""
    try:
        return [None if one is None else json.dumps(one) for one in json.loads(ask(paths))]
    except LimnerError:
        return [None] if len(paths) == 1 else [text for path in paths for text in _asked([path], ask)]


def _read(path: Path) -> Any:
    try:
        with _time_limit(FILE_SECONDS):
            kept = read_kept(path)
            return None if kept is None else kept.model_dump(mode="json")
    except (LimnerError, MemoryError):
        return None


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise ``OvertimeError`` in the block once it has used the processor for so long."""

    def late(_: int, __: FrameType | None) -> None:
        raise OvertimeError

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stamp(path: Path) -> Stamp | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size
