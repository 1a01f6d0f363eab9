"""Where a training reads from: small corpora from memory, large ones from files that are mapped.

Parquet is compressed in groups of thousands of drawings, and a batch wants a hundred from anywhere. One pass
unpacks, checks and settles them into flat files, from which a batch comes as quickly as from memory. A buffer
that shuffles what streams by would need no files; but then a batch depends on all that were before it, and
would not be a function of seed and step any more, the same for one process and for eight, and the same after
a resume. Figures are in ``docs/scale.md``.

The files lie in the user's cache (``XDG_CACHE_HOME`` moves it), 12 bytes a point and about 60 a drawing. They
are made anew when the corpus has changed, and may be deleted at any time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
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
from limner.files import explained
from limner.training.data import TrainingData, training_data
from limner.training.mapped import open_mapped, write_mapped

IN_MEMORY_BYTES = 64 << 20
"""Size of parquet files up to which a corpus is simply held in memory: about half a million drawings."""

Progress = Callable[[int, int], object]


def load_material(
    names: Sequence[str | Path],
    *,
    hold_out: float | None = None,
    pen: Pen = "lift",
    progress: Progress = lambda *_: None,
) -> TrainingData:
    """Load corpora for training; the names are those of :func:`limner.corpus.load.load_corpora`.

    Large parquet corpora are not held in memory.

    Parameters
    ----------
    hold_out, pen
        As for :func:`limner.corpus.load.load_corpora`.
    progress : callable
        Is told how many drawings of how many have been read.

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
        return _stored(sources, hold_out, progress)
    return training_data(load_corpora(names, hold_out, pen=pen), ", ".join(map(str, names)))


def _stored(sources: Sequence[Source], hold_out: float | None, progress: Progress) -> TrainingData:
    """Open what an earlier training has left, or make it."""
    files = [[str(file.resolve()) for file in source.files] for source in sources]
    stats = [[file.stat() for file in source.files] for source in sources]
    how = [hold_out, [source.options.pen for source in sources]]
    about = [how, files, [[[stat.st_size, stat.st_mtime_ns] for stat in part] for part in stats]]
    place = user_cache_path("limner") / "corpora"
    folder = place / hashlib.sha256(repr(about[:2]).encode()).hexdigest()[:16]
    with explained(folder), _alone_in(place):
        found = open_mapped(folder, about)
        if found is None:
            _make(sources, folder, about, hold_out, progress)
            found = open_mapped(folder, about)
    if found is None:
        raise LimnerError(f"{folder} was changed while it was written; try again.")
    return found


def _make(
    sources: Sequence[Source], folder: Path, about: object, hold_out: float | None, progress: Progress
) -> None:
    draft = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        name = ", ".join(str(source.path) for source in sources)
        write_mapped(partial(_read, sources, progress), draft, about, name=name, hold_out=hold_out)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _read(sources: Sequence[Source], progress: Progress, builder: CorpusBuilder) -> None:
    total = sum(count_rows(file) for source in sources for file in source.files)
    for k, source in enumerate(sources):
        before, builder.origin = len(builder), k
        source.read(builder, tick=lambda: progress(len(builder), total))
        if len(builder) == before:
            raise DataError(f"{source.path} holds no drawings.")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time work in a folder; the others find what it has made."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
