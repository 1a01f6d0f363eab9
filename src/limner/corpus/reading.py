"""``Reading``: what was found in one or several sources, before it is a corpus."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES, Corpus, Split, offsets_of
from limner.corpus.scale import scale_notes
from limner.corpus.split import split_drawings
from limner.errors import quote_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Reading:
    """Drawings by split, and under ``None`` those that their file assigns to no split.

    Parameters
    ----------
    parts : dict of str or None to Split
    label_names : tuple of str
        What the labels count into.
    dtypes : tuple of str
        The number formats that the source held.
    notes : tuple of str
        What was tolerated, as sentences.
    """

    parts: dict[str | None, Split]
    label_names: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count the drawings."""
        return sum(len(part) for part in self.parts.values())


def merge(readings: Sequence[Reading]) -> Reading:
    """Join readings: their splits one after another, their labels by name."""
    if len(readings) == 1:
        return readings[0]
    names = tuple(sorted({name for reading in readings for name in reading.label_names}))
    relabelled = [_relabelled(reading, names) for reading in readings]
    keys = [key for key in (*SPLIT_NAMES, None) if any(key in reading.parts for reading in relabelled)]
    parts = {key: _joined([r.parts[key] for r in relabelled if key in r.parts]) for key in keys}
    return Reading(
        parts,
        names,
        tuple(sorted({dtype for reading in readings for dtype in reading.dtypes})),
        tuple(dict.fromkeys(note for reading in readings for note in reading.notes)),
    )


def to_corpus(reading: Reading, *, seed: int = 0) -> Corpus:
    """Share out the drawings that belong to no split yet and make a corpus of them all.

    Parameters
    ----------
    seed : int
        Chooses which drawings go where; see :func:`limner.corpus.split.split_drawings`.
    """
    notes = list(reading.notes)
    splits = {name: part for name, part in reading.parts.items() if name is not None}
    if None in reading.parts:
        shared = split_drawings(reading.parts[None], seed=seed)
        sizes = quote_list([f"{len(part):,} {name}" for name, part in shared.items()])
        notes.append(f"Drawings without a split were shared out with seed {seed}: {sizes}.")
        splits = {
            name: _joined([parts[name] for parts in (splits, shared) if name in parts])
            for name in SPLIT_NAMES
            if name in splits or name in shared
        }
    corpus = Corpus(splits, reading.label_names, quote_list(reading.dtypes) or "float32", tuple(notes))
    return replace(corpus, notes=corpus.notes + scale_notes(corpus))


def number_labels(labels: Sequence[str | None]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Number labels by their sorted names; -1 for None.

    Returns
    -------
    int32 array of shape ``(n,)`` and the names
    """
    names = tuple(sorted({label for label in labels if label is not None}))
    index: dict[str | None, int] = {None: -1, **{name: i for i, name in enumerate(names)}}
    return np.fromiter((index[label] for label in labels), np.int32, len(labels)), names


def _relabelled(reading: Reading, names: tuple[str, ...]) -> Reading:
    index = {name: i for i, name in enumerate(names)}
    table = np.array([index[name] for name in reading.label_names] + [-1], np.int32)  # -1 stays -1
    parts = {key: replace(part, labels=table[part.labels]) for key, part in reading.parts.items()}
    return replace(reading, parts=parts, label_names=names)


def _joined(parts: Sequence[Split]) -> Split:
    return Split(
        np.concatenate([part.rows for part in parts]),
        offsets_of(np.concatenate([part.lengths for part in parts])),
        np.concatenate([part.labels for part in parts]),
        tuple(source for part in parts for source in part.sources),
        np.concatenate([part.origins for part in parts]),
    )
