"""``CorpusBuilder``: what readers add drawings to, and what becomes of the bad ones.

A reader adds what it has decoded some thousand drawings at a time, as splits, which the builder appends to
its own and forgets. Drawings that their file assigns to no split are kept under ``None`` until they are
assigned at random.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES, Corpus, Split
from limner.corpus.rejections import Rejections
from limner.corpus.scale import scale_notes
from limner.corpus.split import random_splits
from limner.corpus.split_arrays import Allocate, InMemory, SplitArrays
from limner.corpus.text import assigned_note, ignored_notes
from limner.errors import quote_list
from limner.strokes.ragged import blocks
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from numpy.typing import NDArray

Splits = Mapping[str | None, Split]
"""Drawings by split; under ``None`` those of no split."""

Sink = Callable[[Splits, tuple[str, ...]], object]
"""Takes splits and the names that their labels index."""


class _Part(NamedTuple):
    """The arguments of :meth:`CorpusBuilder.add`."""

    splits: Splits
    label_names: tuple[str, ...]
    dtypes: tuple[str, ...]
    notes: tuple[str, ...]
    ignored: Mapping[str, int]


class CorpusBuilder(Rejections):
    """Collects drawings and reports of their readers, and makes a corpus of them.

    Parameters
    ----------
    strict, spares_files : bool
        As in :class:`limner.corpus.rejections.Rejections`.
    allocate : callable
        Where the arrays are kept: in memory unless given; see :mod:`limner.corpus.split_arrays`.
    sink : callable, optional
        Is called with the drawings instead of keeping them.

    Attributes
    ----------
    dtypes : set of str
        Number formats of the sources.
    notes : tuple of str
        What was tolerated, as sentences.
    ignored : Counter
        What was ignored in the drawings, by kind, and how often: ``{"text": 2}``.
    origin : int
        Number of the source that is read now; see :class:`limner.corpus.corpus.Split`.
    """

    def __init__(
        self,
        *,
        strict: bool = True,
        spares_files: bool = False,
        allocate: Allocate = InMemory,
        sink: Sink | None = None,
    ) -> None:
        super().__init__(strict=strict, spares_files=spares_files)
        self.origin = 0
        self.dtypes: set[str] = set()
        self.ignored = Counter[str]()
        self._notes: dict[str, None] = {}
        self._allocate, self._sink = allocate, sink
        self._n = 0
        self._held: list[_Part] | None = None
        self._only: _Part | None = None  # the first part, as long as there is no second one
        self._arrays: dict[str | None, SplitArrays] = {}
        self._label_index: dict[str, int] = {}  # in the order in which the names came
        self._last_table: tuple[tuple[str, ...], NDArray[np.int32]] = ((), np.array([-1], np.int32))

    def __len__(self) -> int:
        """Return the number of drawings that were added."""
        return self._n

    @property
    def notes(self) -> tuple[str, ...]:
        """What was tolerated, as sentences, each once."""
        return tuple(self._notes)

    # What readers report -------------------------------------------------------------------------

    def add(
        self,
        splits: Splits,
        label_names: Sequence[str] = (),
        *,
        dtypes: Sequence[str] = ("float32",),
        notes: Sequence[str] = (),
        ignored: Mapping[str, int] | None = None,
    ) -> None:
        """Append drawings to those of the same splits; labels are matched by name.

        Parameters
        ----------
        splits : mapping of str or None to Split
        label_names : sequence of str
            The names that their labels index.
        dtypes, notes, ignored
            Join the attributes of these names.
        """
        marked = {name: self._marked(split) for name, split in splits.items()}
        part = _Part(marked, tuple(label_names), tuple(dtypes), tuple(notes), ignored or {})
        if self._held is None:
            self._add(part)
        else:
            self._held.append(part)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Add what is added within the block only if the block does not fail."""
        held: list[_Part] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
        for part in held:
            self._add(part)

    def note(self, sentence: str) -> None:
        """Add a sentence to the notes."""
        self._notes |= {sentence: None}

    # What comes of it ----------------------------------------------------------------------------

    def splits(self) -> tuple[dict[str | None, Split], tuple[str, ...]]:
        """Return the splits - train, valid, test, None - and the names that their labels index.

        They can be taken once. Names are sorted, but for those of a single part, which stay as they were.
        """
        if self._only is not None:
            part, self._only = self._only, None
            return dict(part.splits), part.label_names
        names = tuple(sorted(self._label_index))
        order = {label: i for i, label in enumerate(names)}
        table = np.array([*(order[label] for label in self._label_index), -1], np.int32)
        keys = [name for name in (*SPLIT_NAMES, None) if name in self._arrays]
        return {key: self._arrays.pop(key).done(table) for key in keys}, names

    def assigned_splits(
        self, *, seed: int = 0, hold_out: float | None = None, allocate: Allocate = InMemory
    ) -> tuple[dict[str, Split], tuple[str, ...]]:
        """Assign the drawings of no split to train, valid and test, after those that are there.

        Parameters
        ----------
        seed, hold_out
            As for :func:`limner.corpus.split.random_splits`.
        allocate : callable
            Where the new arrays are kept, if there are any.

        Returns
        -------
        dict of str to Split, and the names that the labels index
        """
        splits, label_names = self.splits()
        if None not in splits:
            return _named(splits), label_names
        whole, other = splits.pop(None), CorpusBuilder(allocate=allocate)
        other._append(splits, label_names)
        assigned = random_splits(len(whole), seed=seed, hold_out=hold_out)
        for name, chosen in assigned.items():
            lengths = offsets_from_lengths(whole.offsets[chosen + 1] - whole.offsets[chosen])
            for run in blocks(lengths):
                other._append({name: whole.take(chosen[run])}, label_names)
        self.note(assigned_note(assigned, seed))
        splits, label_names = other.splits()
        return _named(splits), label_names

    def corpus(self, *, seed: int = 0, hold_out: float | None = None) -> Corpus:
        """Return a corpus of all drawings; those of no split are assigned as :meth:`assigned_splits` does."""
        return self._corpus(*self.assigned_splits(seed=seed, hold_out=hold_out))

    def test_corpus(self) -> Corpus:
        """Return a corpus of one test split, if no drawing has a split; otherwise as :meth:`corpus`."""
        held = [*self._arrays] if self._only is None else [*self._only.splits]
        if held != [None]:
            return self.corpus()
        splits, label_names = self.splits()
        self.note(f"The file has no splits: all {len(splits[None]):,} drawings are for testing.")
        return self._corpus({"test": splits[None]}, label_names)

    def _corpus(self, splits: dict[str, Split], label_names: tuple[str, ...]) -> Corpus:
        notes = (*self.notes, *ignored_notes(self.ignored))
        corpus = Corpus(splits, label_names, quote_list(sorted(self.dtypes)) or "float32", notes)
        return replace(corpus, notes=corpus.notes + scale_notes(corpus.splits))

    def _add(self, part: _Part) -> None:
        self.dtypes |= set(part.dtypes)
        self._notes |= dict.fromkeys(part.notes)
        self.ignored.update(part.ignored)
        self._n += sum(map(len, part.splits.values()))
        if self._sink is not None:
            self._sink(part.splits, part.label_names)
        elif self._allocate is InMemory and not self._arrays and self._only is None:
            self._only = part
        else:
            if self._only is not None:
                first, self._only = self._only, None
                self._append(first.splits, first.label_names)
            self._append(part.splits, part.label_names)

    def _marked(self, split: Split) -> Split:
        """Return a split with prefix and origin."""
        if self.prefix:
            split = replace(split, sources=[self.prefix + source for source in split.sources])
        if self.origin:
            split = replace(split, origins=np.full(len(split), self.origin, np.int32))
        return split

    def _append(self, splits: Splits, label_names: tuple[str, ...]) -> None:
        if self._last_table[0] != label_names:  # blocks of one split have the same names
            index = [self._label_index.setdefault(name, len(self._label_index)) for name in label_names]
            self._last_table = (label_names, np.array([*index, -1], np.int32))
        for name, split in splits.items():
            if name not in self._arrays:
                self._arrays[name] = SplitArrays(name or "none", self._allocate)
            self._arrays[name].append(split, self._last_table[1][split.labels])


def _named(splits: Splits) -> dict[str, Split]:
    return {name: split for name, split in splits.items() if name is not None}
