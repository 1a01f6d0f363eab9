"""Loading a corpus: ``load_corpus``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.apart import open_sources
from limner.corpus.collector import Collector
from limner.corpus.reading import Reading, merge, to_corpus
from limner.corpus.split import set_aside
from limner.corpus.wording import counted
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from limner.corpus.corpus import Corpus


def load_corpus(path: str | Path) -> Corpus:
    """Load drawings from a file, a folder or a name.

    Parameters
    ----------
    path : str or Path
        An ``.npz``, ``.ndjson``, ``.parquet`` or ``.svg`` file, a folder of such files of one kind, or
        ``doodles``: 10,000 toy drawings made on the spot. Files without splits are shared out to train,
        valid and test, always in the same way; fewer than 50 drawings are all for train.

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
    return load_corpora([path])


def load_corpora(paths: Sequence[str | Path], hold_out: float | None = None) -> Corpus:
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
    merged = merge(_readings(paths, collector))
    corpus = set_aside(to_corpus(merged, hold_out=hold_out), hold_out)
    if not collector.rejected:
        return corpus
    empty = counted(len(collector.rejected), "drawing")
    return replace(corpus, notes=(*corpus.notes, f"{empty} without points left out."))


def _readings(paths: Sequence[str | Path], collector: Collector) -> Iterator[Reading]:
    for k, source in enumerate(open_sources(paths)):
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
