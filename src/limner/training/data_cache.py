"""Loads corpora for training: small ones into memory, large ones into a cache of memory-mapped files.

Parquet is compressed in groups of thousands of drawings, and a batch needs a hundred from anywhere. One pass
unpacks, checks and prepares them into flat files, from which a batch comes as quickly as from memory. A
shuffle buffer over a stream would need no files, but then a batch would depend on all batches before it
instead of on seed and step alone, which make it the same for one process and for eight, and after a resume.
Measurements are in ``docs/scale.md``.

The files lie in the user's cache (``XDG_CACHE_HOME`` moves it), 12 bytes a point and about 60 a drawing. They
are written again when the corpus has changed, and may be deleted at any time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from platformdirs import user_cache_path

from limner.corpus.builder import CorpusBuilder
from limner.corpus.formats.format import Pen, ReadOptions
from limner.corpus.load import load_corpora
from limner.corpus.opening import open_source
from limner.corpus.parquet import count_rows
from limner.corpus.source import Source
from limner.errors import DataError, LimnerError
from limner.files import explained, whole_folder
from limner.progress import Progress, no_progress
from limner.training.data import TrainingData, training_data
from limner.training.memmap import open_memmap, write_memmap

IN_MEMORY_BYTES = 64 << 20
"""Size of parquet files up to which a corpus is held in memory: about half a million drawings."""


def load_training_data(
    names: Sequence[str | Path],
    *,
    hold_out: float | None = None,
    pen: Pen = "lift",
    progress: Progress = no_progress,
) -> TrainingData:
    """Load corpora for training; the names are those of :func:`limner.corpus.load.load_corpora`.

    Large parquet corpora are not held in memory.

    Parameters
    ----------
    hold_out, pen
        As for :func:`limner.corpus.load.load_corpora`.
    progress : callable
        Receives the numbers of drawings read and of all.

    Raises
    ------
    DataError
        If a file is damaged, a drawing is bad, or there is no train split.
    LimnerError
        If a large corpus cannot be written into the cache.
    """
    sources = [open_source(name, ReadOptions(pen=pen)) for name in names]
    large = sum(file.stat().st_size for source in sources for file in source.files) > IN_MEMORY_BYTES
    if large and all(source.kind == "parquet" for source in sources):
        return _cached(sources, hold_out, progress)
    return training_data(load_corpora(names, hold_out, pen=pen), ", ".join(map(str, names)))


def _cached(sources: Sequence[Source], hold_out: float | None, progress: Progress) -> TrainingData:
    """Open what an earlier training wrote, or write it."""
    files = [[str(file.resolve()) for file in source.files] for source in sources]
    stats = [[file.stat() for file in source.files] for source in sources]
    options = [hold_out, [source.options.pen for source in sources]]
    key = [options, files, [[[stat.st_size, stat.st_mtime_ns] for stat in part] for part in stats]]
    cache = user_cache_path("limner") / "corpora"
    folder = cache / hashlib.sha256(repr(key[:2]).encode()).hexdigest()[:16]
    with explained(folder), _exclusive(cache):
        data = open_memmap(folder, key)
        if data is None:
            _write(sources, folder, key, hold_out, progress)
            data = open_memmap(folder, key)
    if data is None:
        raise LimnerError(f"{folder} was changed while it was written; try again.")
    return data


def _write(
    sources: Sequence[Source], folder: Path, key: object, hold_out: float | None, progress: Progress
) -> None:
    name = ", ".join(str(source.path) for source in sources)
    with whole_folder(folder) as draft:
        write_memmap(partial(_read, sources, progress), draft, key, name=name, hold_out=hold_out)
        shutil.rmtree(folder, ignore_errors=True)


def _read(sources: Sequence[Source], progress: Progress, builder: CorpusBuilder) -> None:
    total = sum(count_rows(file) for source in sources for file in source.files)
    for k, source in enumerate(sources):
        before, builder.origin = len(builder), k
        source.read(builder, tick=lambda: progress(len(builder), total))
        if len(builder) == before:
            raise DataError(f"{source.path} holds no drawings.")


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Let one process at a time write into a folder; the others find what it has written."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
