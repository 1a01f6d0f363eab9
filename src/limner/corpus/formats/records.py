"""Drawings of a corpus as records in QuickDraw's layout, for the writers of text formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limner.corpus.corpus import Corpus


def drawings_of(corpus: Corpus) -> Iterator[tuple[str, Drawing]]:
    """Return the drawings of a corpus, split after split, each with the name of its split."""
    for name, split in corpus.splits.items():
        for i in range(len(split)):
            yield name, corpus.drawing(name, i)


def records_of(corpus: Corpus) -> Iterator[dict[str, Any]]:
    """Return one record a drawing: ``word`` if it has a label, ``key_id``, ``drawing`` of ``[xs, ys]``.

    Whole coordinates are written as whole numbers.
    """
    for _, drawing in drawings_of(corpus):
        word = {} if drawing.label is None else {"word": drawing.label}
        strokes = [[[_short(value) for value in axis] for axis in stroke.T.tolist()] for stroke in drawing]
        yield {**word, "key_id": drawing.source, "drawing": strokes}


def lost(corpus: Corpus, file: str) -> tuple[str, ...]:
    """Return the sentence that a file, ``An .npz file``, holds no splits, if there are several."""
    if len(corpus.splits) < 2:
        return ()
    return (f"{file} holds no splits; write .parquet to keep them.",)


def _short(value: float) -> float | int:
    return int(value) if value == int(value) else float(f"{value:.9g}")
