"""Loading a corpus: ``load_corpus``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.collector import Collector, Rejected
from limner.corpus.disambiguate import open_sources
from limner.corpus.formats.format import Pen, ReadOptions
from limner.corpus.reading import Reading, all_for_testing, merge, to_corpus
from limner.corpus.split import set_aside
from limner.corpus.text import counted
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from limner.corpus.corpus import Corpus
    from limner.corpus.source import Source

MOST_NAMED = 20
"""Files that cannot be read and are named with the reason."""


def load_corpus(
    path: str | Path, *, pen: Pen = "lift", share_out: bool = True, spares_files: bool = False
) -> Corpus:
    """Load drawings from a file, a folder or a name.

    Parameters
    ----------
    path : str or Path
        A file of any format of :mod:`limner.corpus.formats.table`, a folder of such files of one kind, or
        ``doodles``: 10,000 toy drawings made on the spot. Files without splits are shared out to train,
        valid and test, always in the same way; fewer than 50 drawings are all for train.
    pen : str
        ``down`` for stroke-3 files whose third column is 1 where the pen is down.
    share_out : bool
        Whether drawings without splits are shared out; otherwise all of them are a test split.
    spares_files : bool
        Whether files of a folder that cannot be read are left out, and noted, as long as there are others.

    Returns
    -------
    Corpus
        With at least one drawing. Its ``notes`` say what was tolerated and assumed.

    Raises
    ------
    DataError
        If a file is damaged, a drawing is bad, or there is none. ``limner build`` makes a corpus of what is
        good in a file.
    """
    return load_corpora([path], pen=pen, share_out=share_out, spares_files=spares_files)


def load_corpora(
    paths: Sequence[str | Path],
    hold_out: float | None = None,
    *,
    pen: Pen = "lift",
    share_out: bool = True,
    spares_files: bool = False,
) -> Corpus:
    """Load several sources as one corpus; splits of the same name are joined. See :func:`load_corpus`.

    The ``origins`` of its splits count the sources in the order of ``paths``.

    Parameters
    ----------
    paths : sequence of str or Path
    hold_out : float, optional
        Share set aside for valid and for test each, where the sources have no such splits; see
        :func:`limner.corpus.few.care_for`.
    """
    collector = Collector(strict=True)
    reading = merge(_readings(paths, collector, ReadOptions(pen=pen), spares_files))
    if share_out:
        corpus = set_aside(to_corpus(reading, hold_out=hold_out), hold_out)
    else:
        corpus = to_corpus(all_for_testing(reading))
    notes = list(_failures(collector.failed))
    if collector.rejected:
        notes.append(f"{counted(len(collector.rejected), 'drawing')} without points left out.")
    return replace(corpus, notes=(*corpus.notes, *notes))


def _readings(
    paths: Sequence[str | Path], collector: Collector, options: ReadOptions, spares_files: bool
) -> Iterator[Reading]:
    for k, source in enumerate(open_sources(paths, options)):
        failed = len(collector.failed)
        is_spared = spares_files and len(source.files) > 1
        reading = merge(_of_folder(source, collector)) if is_spared else source.read(collector)
        if not len(reading) and len(collector.failed) > failed:
            n, first = len(source.files), collector.failed[failed].reason
            raise DataError(f"{source.path}: none of {n:,} files can be read. {first}")
        if not len(reading):
            raise DataError(f"{source.path} holds no drawings.")
        yield of_origin(reading, k)


def _of_folder(source: Source, collector: Collector) -> Iterator[Reading]:
    """Read the files of a folder but for those that cannot be read, which the collector is told of."""
    if source.is_single:
        yield from source.readings(replace(collector, spares_files=True))
        return
    for file in source.files:
        try:
            found = list(replace(source, files=(file,)).readings(collector))
        except DataError as error:
            collector.failed.append(Rejected(file.relative_to(source.folder).as_posix(), str(error)))
        else:
            yield from found


def _failures(failed: Sequence[Rejected]) -> Iterator[str]:
    """Count and name files that cannot be read."""
    if failed:
        yield f"{counted(len(failed), 'file')} that cannot be read left out."
        yield from (one.reason for one in failed[:MOST_NAMED])
    if len(failed) > MOST_NAMED:
        names = ", ".join(one.source.rpartition("#")[0] or one.source for one in failed[MOST_NAMED:])
        yield f"And: {names}."


def of_origin(reading: Reading, origin: int) -> Reading:
    """Note which of several sources the drawings come from."""
    parts = {
        name: replace(part, origins=np.full(len(part), origin, np.int32))
        for name, part in reading.parts.items()
    }
    return replace(reading, parts=parts)
