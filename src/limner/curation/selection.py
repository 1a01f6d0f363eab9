"""Selections of items, and corpora that hold them.

Letters: ``n`` items.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import Corpus
from limner.corpus.reading import number_labels
from limner.curation.choices import HEADER
from limner.curation.items import DrawingItems
from limner.curation.tables import write_table
from limner.errors import DataError, LimnerError
from limner.settings import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.curation.items import Items


@dataclass(frozen=True)
class SelectionCounts:
    """Numbers of kept items, by split."""

    kept: dict[str, int]
    of: dict[str, int]
    notes: tuple[str, ...] = ()


def write_selection(
    items: Items, mask: NDArray[np.bool_], path: Path, labels: Mapping[str, str] | None = None
) -> SelectionCounts:
    """Write the items under a mask.

    Parameters
    ----------
    items : Items
    mask : bool array of shape ``(n,)``
    path : Path
        ``.npz`` or ``.parquet`` for a corpus, in which every drawing stays in its split; ``.csv`` for a table
        of choices, ``source,choice,label``, which is all that pictures can be written to.
    labels : mapping of str to str, optional
        New labels, by id.

    Raises
    ------
    LimnerError
        If nothing is left, or the file is of another kind or cannot be written.
    """
    check_selection_suffix(items, path)
    if not mask.any():
        raise LimnerError("Nothing is left: no drawing meets all the conditions.")
    labels = labels or {}
    splits = [name or "all" for name in items.splits]
    chosen = [name for name, stays in zip(splits, mask.tolist(), strict=True) if stays]
    of = {name: splits.count(name) for name in dict.fromkeys(splits)}
    kept = {name: chosen.count(name) for name in of}
    if path.suffix.lower() == ".csv":
        _write_table(items, mask, path, labels)
        return SelectionCounts(kept, of)
    assert isinstance(items, DrawingItems)  # noqa: S101 - just checked
    return SelectionCounts(kept, of, write_corpus(select_drawings(items, mask, labels), path))


def check_selection_suffix(items: Items, path: Path) -> None:
    """Refuse a file of unknown kind before any work is done.

    Raises
    ------
    LimnerError
        If the items cannot be written to such a file.
    """
    known = (".npz", ".parquet", ".csv") if isinstance(items, DrawingItems) else (".csv",)
    if path.suffix.lower() not in known:
        names = " or ".join(known)
        raise LimnerError(f"{path}: what is chosen of {items.kind} is written as {names}.")


def mask_of_labels(items: Items, labels: Sequence[str]) -> NDArray[np.bool_]:
    """Return the mask of the items with one of these labels; ``(n,)``.

    Raises
    ------
    DataError
        If no item has such a label.
    """
    known = {label for label in items.labels if label is not None}
    for label in labels:
        if label not in known:
            raise DataError(f"There is no label {label!r}; {did_you_mean(label, known)}")
    return np.array([label in labels for label in items.labels], np.bool_)


def intersection(masks: Sequence[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Return the intersection of masks; ``(n,)`` each, one at least."""
    return np.asarray(np.logical_and.reduce(masks), np.bool_)


def select_drawings(items: DrawingItems, mask: NDArray[np.bool_], labels: Mapping[str, str]) -> Corpus:
    """Return a corpus of the drawings under a mask ``(n,)``, each in its split, some with new labels."""
    rows = zip(items.ids, items.labels, mask.tolist(), strict=True)
    numbers, known = number_labels([labels.get(name, old) for name, old, stays in rows if stays])
    splits, begin, done = {}, 0, 0
    for split, part in items.corpus.splits.items():
        some = mask[begin : begin + len(part)]
        begin += len(part)
        if some.any():
            there = part.take(some)
            splits[split] = replace(there, labels=numbers[done : done + len(there)])
            done += len(there)
    return Corpus(splits, known, items.corpus.dtype)


def write_corpus(corpus: Corpus, path: Path) -> tuple[str, ...]:
    """Write a corpus as ``.npz`` or ``.parquet``; return what the format cannot hold, as sentences."""
    if path.suffix.lower() == ".npz":
        from limner.corpus.npz_writer import write_npz

        return write_npz(corpus, path)
    from limner.corpus.parquet_writer import write_parquet

    return write_parquet(corpus, path)


def _write_table(items: Items, mask: NDArray[np.bool_], path: Path, labels: Mapping[str, str]) -> None:
    rows = zip(items.ids, items.labels, mask.tolist(), strict=True)
    kept = ([name, "keep", labels.get(name, old or "")] for name, old, stays in rows if stays)
    write_table(path, HEADER, kept)
