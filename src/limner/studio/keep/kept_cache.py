"""``KeptCache``: the kept drawings as JSON; workers read each file once until it changes."""

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
from limner.studio.deadline import DeadlineError
from limner.studio.keep.folder import read_kept

Stamp: TypeAlias = tuple[int, int]
"""Modification time of a file in nanoseconds, and its size."""
ReadInWorker: TypeAlias = Callable[[Sequence[Path]], bytes]
"""Runs :func:`read_files` in a worker."""

BATCH_FILES = 50
"""Files that a worker reads in one job."""
FILE_SECONDS = 2.0
"""Processor time for one file of several."""
MAX_CACHED_FILES, MAX_CACHED_BYTES = 2_000, 50_000_000


def read_files(paths: Sequence[str]) -> bytes:
    """Read kept drawings, in a worker; return a JSON list with null for files that cannot be read in time."""
    return json.dumps([_read(Path(path)) for path in paths]).encode()


class KeptCache:
    """Cache of kept drawings as JSON, by file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cached: dict[Path, tuple[Stamp, str | None]] = {}

    def read(self, paths: Sequence[Path], read_in_worker: ReadInWorker) -> list[str | None]:
        """Return each drawing as JSON, None where it cannot be read."""
        stamps = {path: stamp for path in paths if (stamp := _stamp(path)) is not None}
        with self._lock:
            cached = {path: self._cached.get(path) for path in stamps}
        new = [path for path, stamp in stamps.items() if (item := cached[path]) is None or item[0] != stamp]
        texts = {path: item[1] for path, item in cached.items() if item is not None}
        for batch in _batches(new):
            texts.update(zip(batch, _read_batch(batch, read_in_worker), strict=True))
        with self._lock:
            for path in new:
                self._cached[path] = stamps[path], texts[path]
            self._evict()
        return [texts.get(path) for path in paths]

    def _evict(self) -> None:
        total = sum(len(text or "") for _, text in self._cached.values())
        while self._cached and (total > MAX_CACHED_BYTES or len(self._cached) > MAX_CACHED_FILES):
            _, text = self._cached.pop(next(iter(self._cached)))
            total -= len(text or "")


def _batches(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    for start in range(0, len(paths), BATCH_FILES):
        yield paths[start : start + BATCH_FILES]


def _read_batch(paths: Sequence[Path], read_in_worker: ReadInWorker) -> list[str | None]:
    """Read files in one job, or one by one if one of them kills the worker."""
    try:
        return [None if one is None else json.dumps(one) for one in json.loads(read_in_worker(paths))]
    except LimnerError:
        return (
            [None]
            if len(paths) == 1
            else [text for path in paths for text in _read_batch([path], read_in_worker)]
        )


def _read(path: Path) -> Any:
    try:
        with _time_limit(FILE_SECONDS):
            kept = read_kept(path)
            return None if kept is None else kept.model_dump(mode="json")
    except (LimnerError, MemoryError):
        return None


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise ``DeadlineError`` in the block after ``seconds`` of processor time."""

    def late(_: int, __: FrameType | None) -> None:
        raise DeadlineError

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
