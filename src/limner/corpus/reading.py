"""``Reading``: what was found in one or several sources, before it is a corpus."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import Corpus, Split
from limner.corpus.growing import InMemory
from limner.corpus.pile import Pile
from limner.corpus.ragged import blocks, offsets_of
from limner.corpus.scale import scale_notes
from limner.corpus.split import shares
from limner.corpus.text import counted
from limner.errors import quote_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized

    from numpy.typing import NDArray

    from limner.corpus.pile import Grow

PASSED_OVER = "Passed over"
LEFT_OUT = "left out"


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
    passed : tuple of (str, int)
        What was passed over in the drawings, by kind, and how often: ``("text", 2)``.
    """

    parts: dict[str | None, Split]
    label_names: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    passed: tuple[tuple[str, int], ...] = ()

    def __len__(self) -> int:
        """Count the drawings."""
        return sum(len(part) for part in self.parts.values())


def merge(readings: Iterable[Reading], grow: Grow = InMemory) -> Reading:
    """Join readings: their splits one after another, their labels by name.

    Parameters
    ----------
    readings : iterable of Reading
        Each is forgotten before the next is asked for.
    grow : callable
        Where the arrays grow; see :class:`limner.corpus.pile.Pile`.
    """
    pile, rest = Pile(grow), iter(readings)
    found = list(islice(rest, 2))
    if len(found) < 2 and grow is InMemory:
        return found[0] if found else Reading({})
    dtypes, notes, passed = set[str](), dict[str, None](), Counter[str]()
    for reading in chain(_forgetting(found), rest):
        for name, part in reading.parts.items():
            pile.add(name, part, reading.label_names)
        dtypes |= set(reading.dtypes)
        notes |= dict.fromkeys(reading.notes)
        passed.update(dict(reading.passed))
    return Reading(*pile.done(), tuple(sorted(dtypes)), tuple(notes), tuple(passed.items()))


def to_corpus(reading: Reading, *, seed: int = 0, hold_out: float | None = None) -> Corpus:
    """Share out the drawings that belong to no split yet and make a corpus of them all.

    Parameters
    ----------
    seed : int
        Chooses which drawings go where; see :func:`limner.corpus.split.shares`.
    hold_out : float, optional
        Share of them for valid and for test each, as there.
    """
    reading = shared_out(reading, seed=seed, hold_out=hold_out)
    splits = {name: part for name, part in reading.parts.items() if name is not None}
    notes = (*reading.notes, *passed_notes(reading.passed))
    corpus = Corpus(splits, reading.label_names, quote_list(reading.dtypes) or "float32", notes)
    return replace(corpus, notes=corpus.notes + scale_notes(corpus))


def shared_out(
    reading: Reading, *, seed: int = 0, grow: Grow = InMemory, hold_out: float | None = None
) -> Reading:
    """Give the drawings that belong to no split to train, valid and test, behind those that are there."""
    if None not in reading.parts:
        return reading
    pile, whole = Pile(grow), reading.parts[None]
    for name, part in reading.parts.items():
        if name is not None:
            pile.add(name, part, reading.label_names)
    shared = shares(len(whole), seed=seed, hold_out=hold_out)
    for name, chosen in shared.items():
        lengths = offsets_of(whole.offsets[chosen + 1] - whole.offsets[chosen])
        for run in blocks(lengths):
            pile.add(name, whole.take(chosen[run]), reading.label_names)
    notes = (*reading.notes, _sharing_note(shared, seed))
    return Reading(*pile.done(), reading.dtypes, notes, reading.passed)


def _sharing_note(shared: Mapping[str, Sized], seed: int) -> str:
    """Say what became of drawings without a split."""
    if list(shared) == ["train"]:
        return f"Nothing was set aside of {counted(len(shared['train']), 'drawing')} without a split."
    sizes = quote_list([f"{len(chosen):,} {name}" for name, chosen in shared.items()])
    return f"Drawings without a split were shared out with seed {seed}: {sizes}."


def all_for_testing(reading: Reading) -> Reading:
    """Make one test split of all drawings, if none of them has a split."""
    if set(reading.parts) != {None}:
        return reading
    note = f"The file has no splits: all {len(reading):,} drawings are for testing."
    return replace(reading, parts={"test": reading.parts[None]}, notes=(*reading.notes, note))


def passed_notes(passed: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Say what was passed over, in one sentence, what came most often first; nothing if nothing was."""
    found = sorted(passed, key=lambda pair: (-pair[1], pair[0]))
    kinds = quote_list([f"{kind} ({count:,})" for kind, count in found])
    return (f"{PASSED_OVER}: {kinds}.",) if kinds else ()


def losses(notes: Iterable[str]) -> list[str]:
    """Return those notes that say what was in a source and is not in what was read of it."""
    return [note for note in notes if note.startswith(PASSED_OVER) or LEFT_OUT in note]


def number_labels(labels: Sequence[str | None]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Number labels by their sorted names; -1 for None.

    Returns
    -------
    int32 array of shape ``(n,)`` and the names
    """
    names = tuple(sorted({label for label in labels if label is not None}))
    index: dict[str | None, int] = {None: -1, **{name: i for i, name in enumerate(names)}}
    return np.fromiter((index[label] for label in labels), np.int32, len(labels)), names


def _forgetting(readings: list[Reading]) -> Iterator[Reading]:
    while readings:
        yield readings.pop(0)
