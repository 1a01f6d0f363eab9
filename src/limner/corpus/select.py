"""Single drawings out of files and corpora."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.formats.registry import FORMATS
from limner.corpus.load import load_corpus
from limner.corpus.text import counted
from limner.errors import DataError, quote_list
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from limner.corpus.corpus import Corpus
    from limner.strokes.svg.skipped import Skipped

PREFERENCE = ("test", "valid", "train")


def split_name(corpus: Corpus, wanted: str | None) -> str:
    """Return ``wanted``, or if that is None the first split with drawings of test, valid, train.

    Raises
    ------
    DataError
        If the corpus has no such split.
    """
    there = [name for name in PREFERENCE if len(corpus.splits.get(name, ()))]
    if wanted is None:
        return there[0]
    if wanted not in there:
        raise DataError(f"The corpus has no drawings in a {wanted} split; it has {quote_list(there)}.")
    return wanted


def select_drawings(corpus: Corpus, split: str | None, n: int, seed: int) -> list[Drawing]:
    """Select ``n`` drawings of a split at random, distinct as long as there are enough.

    Raises
    ------
    DataError
        If the corpus has no such split.
    """
    name = split_name(corpus, split)
    size = len(corpus.splits[name])
    order = np.random.default_rng(seed).permutation(size)
    return [corpus.drawing(name, int(order[k % size])) for k in range(n)]


def named_drawing(name: str, skipped: Skipped | None = None) -> Drawing:
    """Load one drawing.

    Parameters
    ----------
    name : str
        An SVG file, or ``FILE#WHICH`` or ``FILE#SPLIT/WHICH`` of a corpus (or of ``doodles``), where WHICH
        counts from 0, is the key of a QuickDraw drawing, or a label, of which the first is taken.
    skipped : Skipped, optional
        Counts what was skipped in an SVG file.

    Raises
    ------
    DataError
        If the file cannot be read, or holds no such drawing.
    """
    path, mark, place = name.rpartition("#")
    if not mark:
        return _only_drawing(name, skipped)
    corpus = load_corpus(path)
    split, _, which = place.rpartition("/")
    part = split_name(corpus, split or None)
    return corpus.drawing(part, _find(corpus, part, which, path))


def is_svg_name(name: str) -> bool:
    """Return whether a name is that of an SVG file, by its suffix."""
    return name.lower().endswith(FORMATS["svg"].suffixes)


def beginning_of(drawing: Drawing, share: float) -> tuple[Drawing, bool]:
    """Keep the first ``share`` (0 to 1) of a drawing's points, at least one.

    Returns
    -------
    beginning : Drawing
    cut : bool
        Whether its last stroke was cut in the middle.
    """
    left = max(1, round(drawing.n_points * share))
    strokes = []
    for stroke in drawing:
        strokes.append(stroke[:left])
        left -= len(stroke)
        if left <= 0:
            break
    return drawing.replace(strokes=tuple(strokes)), left < 0


def _find(corpus: Corpus, split: str, which: str, path: str) -> int:
    part = corpus.splits[split]
    if which.isdecimal() and int(which) < len(part):
        return int(which)
    for i, source in enumerate(part.sources):
        if source.rpartition("#")[2] == which:
            return i
    if which in corpus.label_names:
        labelled = np.flatnonzero(part.labels == corpus.label_names.index(which))
        if len(labelled):
            return int(labelled[0])
    last = len(part) - 1
    raise DataError(f"{path} holds no drawing {which!r} in its {split} split; count from 0 to {last}.")


def _only_drawing(path: str, skipped: Skipped | None) -> Drawing:
    if is_svg_name(path):
        return Drawing.from_svg(path, skipped=skipped)
    corpus = load_corpus(path)
    if len(corpus) != 1:
        raise DataError(f"{path} holds {counted(len(corpus), 'drawing')}; name one of them, as in {path}#0.")
    return corpus.drawing(split_name(corpus, None), 0)
