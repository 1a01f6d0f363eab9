"""Loading a corpus: ``load_corpus``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.apart import open_sources
from limner.corpus.collector import Collector
from limner.corpus.formats.format import Pen, ReadOptions
from limner.corpus.reading import Reading, all_for_testing, merge, to_corpus
from limner.corpus.wording import counted
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from limner.corpus.corpus import Corpus


def load_corpus(path: str | Path, *, pen: Pen = "lift", share_out: bool = True) -> Corpus:
    """Load drawings from a file, a folder or a name.

    Parameters
    ----------
    path : str or Path
        A file of any format of :mod:`limner.corpus.formats.table`, a folder of such files of one kind, or
        ``doodles``: 10,000 toy drawings made on the spot. Files without splits are shared out to train,
        valid and test, always in the same way.
    pen : str
        ``down`` for stroke-3 files whose third column is 1 where the pen is down.
    share_out : bool
        Whether drawings without splits are shared out; otherwise all of them are a test split.

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
    return load_corpora([path], pen=pen, share_out=share_out)


def load_corpora(paths: Sequence[str | Path], *, pen: Pen = "lift", share_out: bool = True) -> Corpus:
    """Load several sources as one corpus; splits of the same name are joined. See :func:`load_corpus`.

    The ``origins`` of its splits count the sources in the order of ``paths``.
    """
    collector = Collector(strict=True)
    reading = merge(_readings(paths, collector, ReadOptions(pen=pen)))
    corpus = to_corpus(reading if share_out else all_for_testing(reading))
    if not collector.rejected:
        return corpus
    empty = counted(len(collector.rejected), "drawing")
    return replace(corpus, notes=(*corpus.notes, f"{empty} without points left out."))


def _readings(paths: Sequence[str | Path], collector: Collector, options: ReadOptions) -> Iterator[Reading]:
    for k, source in enumerate(open_sources(paths, options)):
        reading = source.read(collector)
        if not len(reading):
            raise DataError(f"{source.path} holds no drawings.")
        yield of_origin(reading, k)


def of_origin(reading: Reading, origin: int) -> Reading:
    """Note which of several sources the drawings come from."""
    parts = {
        name: replace(part, origins=np.full(len(part), origin, np.int32))
        for name, part in reading.parts.items()
    }
    return replace(reading, parts=parts)
