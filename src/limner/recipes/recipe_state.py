"""``Tray``: a batch on its way through the steps of a recipe.

Letters: ``n`` drawings on the tray, ``m`` drawings of the batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import Split
from limner.corpus.packed_strings import PackedStrings
from limner.recipes.batch import Batch, Counts
from limner.recipes.stable_hash import hashes, mixed
from limner.recipes.step_stats import LISTED, SHOWN, Example, Rejection, Tally
from limner.strokes.packed import PackedStrokes
from limner.strokes.ragged import offsets_from_lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

NO_STROKES = "no stroke is left"
BOX, COPY = "/box-", "/copy-"
"""What stands before the number of a separated drawing, and of an augmented copy, behind the source."""


@dataclass(frozen=True, eq=False)
class Tray:
    """Drawings between two steps. Steps return another tray; only the tally is written to.

    Parameters
    ----------
    batch : Batch
        What the tray began with.
    made : PackedStrokes, optional
        The drawings as they are now; None as long as nobody has asked for them.
    origin : int64 array of shape ``(n,)``
        Which drawing of the batch each comes from.
    tally : Tally
    seed : int
        The recipe's.
    index : int
        Of the step that is at work; counts from 0.
    suffixes : tuple of n str
        What has been put behind the sources.
    scale, shift : float64 arrays of shape ``(n,)`` and ``(n, 2)``
        Page = drawing * scale + shift.
    boxes : float64 array of shape ``(n, 4)``
        As in :class:`Batch`.
    splits : int8 array of shape ``(n,)``
    labels : int32 array of shape ``(n,)``
        Indices into ``label_names``; -1 for none.
    label_names : tuple of str
    moved : bool
        Whether the points are others than those of the batch.
    """

    batch: Batch
    made: PackedStrokes | None
    origin: NDArray[np.int64]
    tally: Tally
    seed: int
    index: int
    suffixes: tuple[str, ...] | None
    scale: NDArray[np.float64]
    shift: NDArray[np.float64]
    boxes: NDArray[np.float64]
    splits: NDArray[np.int8]
    labels: NDArray[np.int32]
    label_names: tuple[str, ...]
    moved: bool = False
    _keys: list[NDArray[np.uint64]] = field(default_factory=list)

    @classmethod
    def begin(cls, batch: Batch, tally: Tally, seed: int) -> Tray:
        """Lay a batch on the tray."""
        n = len(batch)
        boxes = batch.boxes.astype(np.float64)
        ones, zeros, places = np.ones(n), np.zeros((n, 2)), np.arange(n)
        return cls(
            batch, None, places, tally, seed, -1, None, ones, zeros, boxes, batch.splits,
            batch.drawings.labels, batch.label_names,
        )  # fmt: skip

    def __len__(self) -> int:
        """Count the drawings."""
        return len(self.origin)

    # What steps ask ------------------------------------------------------------------------------

    @cached_property
    def sheaf(self) -> PackedStrokes:
        """The drawings as they are now."""
        if self.made is not None:
            return self.made
        split = self.batch.drawings
        part = split if self._is_whole else split.take(self.origin)
        return PackedStrokes.from_stroke3(part.rows, part.offsets)

    @property
    def counts(self) -> Counts:
        """How many strokes and points they have."""
        if self.made is None and self._is_whole:
            return self.batch.counts()
        return Counts(self.sheaf.strokes, self.sheaf.sizes, self.sheaf.lengths)

    @property
    def _is_whole(self) -> bool:
        """Whether these are the drawings of the batch, in their order."""
        return len(self) == len(self.batch) and bool((self.origin == np.arange(len(self))).all())

    @property
    def sources(self) -> PackedStrings:
        """The source of each drawing, with what has been put behind it."""
        sources = PackedStrings.of(self.batch.drawings.sources).take(self.origin)
        if self.suffixes is None:
            return sources
        return PackedStrings.of(
            source + suffix for source, suffix in zip(sources, self.suffixes, strict=True)
        )

    @property
    def pages(self) -> PackedStrings:
        """The page that each drawing comes from."""
        return PackedStrings.of(self.batch.pages).take(self.origin)

    @property
    def keys(self) -> NDArray[np.uint64]:
        """Hashes of the sources; ``(n,)``."""
        if not self._keys:
            self._keys.append(hashes(self.sources))
        return self._keys[0]

    def chance(self, salt: int = 0) -> NDArray[np.uint64]:
        """Give a number for each drawing that hangs on seed, step, source and ``salt`` alone; ``(n,)``."""
        return mixed(self.keys, self.seed, self.index, salt)

    # What steps do -------------------------------------------------------------------------------

    def at(self, index: int) -> Tray:
        """Go on to a step."""
        return replace(self, index=index)

    def take(self, wanted: ArrayLike) -> Tray:
        """Leave only these drawings, in this order; places or a mask."""
        chosen = np.asarray(wanted)
        chosen = np.flatnonzero(chosen) if chosen.dtype == bool else chosen.astype(np.int64)
        return replace(
            self,
            made=self.sheaf.take(chosen) if self.made is not None or "sheaf" in self.__dict__ else None,
            origin=self.origin[chosen],
            suffixes=None if self.suffixes is None else tuple(self.suffixes[i] for i in chosen),
            scale=self.scale[chosen],
            shift=self.shift[chosen],
            boxes=self.boxes[chosen],
            splits=self.splits[chosen],
            labels=self.labels[chosen],
            _keys=[keys[chosen] for keys in self._keys],
        )

    def reject(self, mask: NDArray[np.bool_], reason: str) -> Tray:
        """Leave out the drawings under a mask of shape ``(n,)``, and say why."""
        if not mask.any():
            return self
        key = (self.index, reason)
        gone = self.take(mask)
        self.tally.reasons[key] += len(gone)
        room = LISTED - len(self.tally.rejected)
        self.tally.rejected += [Rejection(*key[:1], source, reason) for source in gone.sources[:room]]
        examples = [*self.tally.dropped.get(key, ()), *gone.examples(SHOWN)]
        self.tally.dropped[key] = sorted(examples, key=lambda example: example.rank)[:SHOWN]
        return self.take(~mask)

    def reshape(self, sheaf: PackedStrokes) -> Tray:
        """Change the drawings, one for one; those without strokes are left out."""
        changed = replace(self, made=sheaf, moved=True)
        return changed.reject(sheaf.strokes == 0, NO_STROKES)

    def move(self, sheaf: PackedStrokes, factor: NDArray[np.float64], corner: NDArray[np.float64]) -> Tray:
        """Change the drawings to ``(points - corner) * factor``; ``(n,)`` and ``(n, 2)``."""
        scale = self.scale / factor
        shift = self.shift + corner * self.scale[:, None]
        return replace(self, made=sheaf, scale=scale, shift=shift, moved=True)

    def multiply(self, sheaf: PackedStrokes, parents: NDArray[np.int64], suffixes: list[str]) -> Tray:
        """Put several drawings in the place of each; ``parents`` says which, ``(n',)``."""
        grown = self.take(parents)
        before = grown.suffixes or ("",) * len(parents)
        joined = tuple(a + b for a, b in zip(before, suffixes, strict=True))
        return replace(grown, made=sheaf, suffixes=joined, moved=True, _keys=[])

    def boxed(self) -> Tray:
        """Note where on its page each drawing stands now."""
        corners = (self.sheaf.boxes.reshape(-1, 2, 2) * self.scale[:, None, None]) + self.shift[:, None]
        return replace(self, boxes=corners.reshape(-1, 4))

    def sorted_into(self, splits: NDArray[np.int8]) -> Tray:
        """Note the split of each drawing; ``(n,)``."""
        return replace(self, splits=splits)

    def called(self, names: Sequence[str | None]) -> Tray:
        """Give each drawing a label, or none; n names."""
        known = tuple(sorted({name for name in names if name is not None}))
        number = {name: k for k, name in enumerate(known)} | {None: -1}
        return replace(self, labels=np.array([number[name] for name in names], np.int32), label_names=known)

    # What comes of it ----------------------------------------------------------------------------

    def to_batch(self) -> Batch:
        """Give the drawings with all that is known about them."""
        if self.moved:
            rows, offsets, sources = (
                self.sheaf.to_stroke3(),
                offsets_from_lengths(self.sheaf.sizes),
                self.sources,
            )
        else:
            part = self.batch.drawings if self._is_whole else self.batch.drawings.take(self.origin)
            rows, offsets, sources = part.rows, part.offsets, PackedStrings.of(part.sources)
        drawings = Split(rows, offsets, self.labels, sources)
        return Batch(drawings, self.label_names, self.pages, self.boxes.astype(np.float32), self.splits)

    @property
    def copied(self) -> NDArray[np.bool_]:
        """Whether each drawing is a copy that was made on this tray; ``(n,)``."""
        names = self.suffixes or ("",) * len(self)
        return np.array([COPY in name for name in names], np.bool_)

    def examples(self, n: int) -> list[Example]:
        """Give some drawings for the report, those of the lowest rank."""
        ranks = mixed(self.keys, self.seed)
        chosen = np.argsort(ranks, kind="stable")[:n]
        some = self.take(chosen)
        after = some.sheaf.to_stroke3()
        return [
            Example(
                rank,
                source,
                np.array(self.batch.drawings[origin]),
                after[some.sheaf.starts[i] : some.sheaf.starts[i + 1]].copy(),
                None if np.isnan(box[0]) else (box[0], box[1], box[2], box[3]),
            )
            for i, (rank, source, origin, box) in enumerate(
                zip(
                    ranks[chosen].tolist(),
                    some.sources,
                    some.origin.tolist(),
                    some.boxes.tolist(),
                    strict=True,
                )
            )
        ]
