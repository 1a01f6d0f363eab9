"""``RecipeState``: a batch on its way through the steps of a recipe.

Letters: ``n`` drawings of the state, ``m`` drawings of the batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.corpus import Split
from limner.corpus.packed_strings import PackedStrings
from limner.recipes.batch import Counts, RecipeBatch
from limner.recipes.stable_hash import hash_names, mix
from limner.recipes.step_stats import LISTED, SHOWN, Example, Rejection, StepStats
from limner.strokes.packed import PackedStrokes
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

NO_STROKES = "no stroke is left"
BOX, COPY = "/box-", "/copy-"
"""What stands before the number of a separated drawing, and of an augmented copy, behind the source."""


@dataclass(frozen=True, eq=False)
class RecipeState:
    """Drawings between two steps. A step returns a new state; only ``stats`` is updated in place.

    Parameters
    ----------
    batch : RecipeBatch
        The drawings as they were read.
    made : PackedStrokes, optional
        The drawings as they are now; None as long as nobody has asked for them.
    origin : int64 array of shape ``(n,)``
        Which drawing of the batch each comes from.
    stats : StepStats
    seed : int
        The recipe's.
    index : int
        Of the step that is at work; counts from 0.
    suffixes : tuple of n str
        What has been put behind the sources.
    scale, shift : float64 arrays of shape ``(n,)`` and ``(n, 2)``
        Page = drawing * scale + shift.
    boxes : float64 array of shape ``(n, 4)``
        As in :class:`RecipeBatch`.
    splits : int8 array of shape ``(n,)``
    labels : int32 array of shape ``(n,)``
        Indices into ``label_names``; -1 for none.
    label_names : tuple of str
    moved : bool
        Whether the points are others than those of the batch.
    """

    batch: RecipeBatch
    made: PackedStrokes | None
    origin: NDArray[np.int64]
    stats: StepStats
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
    def begin(cls, batch: RecipeBatch, stats: StepStats, seed: int) -> RecipeState:
        """Return the state of a batch before the first step."""
        n = len(batch)
        boxes = batch.boxes.astype(np.float64)
        ones, zeros, places = np.ones(n), np.zeros((n, 2)), np.arange(n)
        return cls(
            batch, None, places, stats, seed, -1, None, ones, zeros, boxes, batch.splits,
            batch.drawings.labels, batch.label_names,
        )  # fmt: skip

    def __len__(self) -> int:
        """Return the number of drawings."""
        return len(self.origin)

    # What steps ask ------------------------------------------------------------------------------

    @cached_property
    def packed(self) -> PackedStrokes:
        """The drawings as they are now."""
        if self.made is not None:
            return self.made
        split = self.batch.drawings
        part = split if self._is_whole else split.take(self.origin)
        return PackedStrokes.from_stroke3(part.rows, part.offsets)

    @property
    def counts(self) -> Counts:
        """Numbers of strokes and points."""
        if self.made is None and self._is_whole:
            return self.batch.counts()
        return Counts(self.packed.strokes, self.packed.sizes, self.packed.lengths)

    @property
    def _is_whole(self) -> bool:
        """Whether these are the drawings of the batch, in their order."""
        return len(self) == len(self.batch) and bool((self.origin == np.arange(len(self))).all())

    @property
    def sources(self) -> PackedStrings:
        """The source of each drawing, with its suffix."""
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
            self._keys.append(hash_names(self.sources))
        return self._keys[0]

    def random_numbers(self, salt: int = 0) -> NDArray[np.uint64]:
        """Return a number for each drawing, a hash of seed, step, source and ``salt``; ``(n,)``."""
        return mix(self.keys, self.seed, self.index, salt)

    # What steps do -------------------------------------------------------------------------------

    def at(self, index: int) -> RecipeState:
        """Return the state at step ``index``."""
        return replace(self, index=index)

    def take(self, wanted: ArrayLike) -> RecipeState:
        """Select drawings by indices, in that order, or by a mask."""
        chosen = np.asarray(wanted)
        chosen = np.flatnonzero(chosen) if chosen.dtype == bool else chosen.astype(np.int64)
        return replace(
            self,
            made=self.packed.take(chosen) if self.made is not None or "packed" in self.__dict__ else None,
            origin=self.origin[chosen],
            suffixes=None if self.suffixes is None else tuple(self.suffixes[i] for i in chosen),
            scale=self.scale[chosen],
            shift=self.shift[chosen],
            boxes=self.boxes[chosen],
            splits=self.splits[chosen],
            labels=self.labels[chosen],
            _keys=[keys[chosen] for keys in self._keys],
        )

    def reject(self, mask: NDArray[np.bool_], reason: str) -> RecipeState:
        """Leave out the drawings under a mask of shape ``(n,)`` and record the reason."""
        if not mask.any():
            return self
        key = (self.index, reason)
        gone = self.take(mask)
        self.stats.reasons[key] += len(gone)
        room = LISTED - len(self.stats.rejected)
        self.stats.rejected += [Rejection(*key[:1], source, reason) for source in gone.sources[:room]]
        examples = [*self.stats.dropped.get(key, ()), *gone.examples(SHOWN)]
        self.stats.dropped[key] = sorted(examples, key=lambda example: example.rank)[:SHOWN]
        return self.take(~mask)

    def reshape(self, packed: PackedStrokes) -> RecipeState:
        """Replace the drawings one by one; those without strokes are left out."""
        changed = replace(self, made=packed, moved=True)
        return changed.reject(packed.strokes == 0, NO_STROKES)

    def move(
        self, packed: PackedStrokes, factor: NDArray[np.float64], corner: NDArray[np.float64]
    ) -> RecipeState:
        """Replace the drawings by ``(points - corner) * factor``; ``(n,)`` and ``(n, 2)``."""
        scale = self.scale / factor
        shift = self.shift + corner * self.scale[:, None]
        return replace(self, made=packed, scale=scale, shift=shift, moved=True)

    def multiply(self, packed: PackedStrokes, parents: NDArray[np.int64], suffixes: list[str]) -> RecipeState:
        """Replace each drawing by several; ``parents`` has the index of each one's origin, ``(n',)``."""
        grown = self.take(parents)
        before = grown.suffixes or ("",) * len(parents)
        joined = tuple(a + b for a, b in zip(before, suffixes, strict=True))
        return replace(grown, made=packed, suffixes=joined, moved=True, _keys=[])

    def boxed(self) -> RecipeState:
        """Record the box of each drawing on its page."""
        corners = (self.packed.boxes.reshape(-1, 2, 2) * self.scale[:, None, None]) + self.shift[:, None]
        return replace(self, boxes=corners.reshape(-1, 4))

    def sorted_into(self, splits: NDArray[np.int8]) -> RecipeState:
        """Record the split of each drawing; ``(n,)``."""
        return replace(self, splits=splits)

    def called(self, names: Sequence[str | None]) -> RecipeState:
        """Set the label of each drawing, or None; ``n`` names."""
        known = tuple(sorted({name for name in names if name is not None}))
        number = {name: k for k, name in enumerate(known)} | {None: -1}
        return replace(self, labels=np.array([number[name] for name in names], np.int32), label_names=known)

    # What comes of it ----------------------------------------------------------------------------

    def to_batch(self) -> RecipeBatch:
        """Return the drawings as a batch."""
        if self.moved:
            rows, offsets, sources = (
                self.packed.to_stroke3(),
                offsets_from_lengths(self.packed.sizes),
                self.sources,
            )
        else:
            part = self.batch.drawings if self._is_whole else self.batch.drawings.take(self.origin)
            rows, offsets, sources = part.rows, part.offsets, PackedStrings.of(part.sources)
        drawings = Split(rows, offsets, self.labels, sources)
        return RecipeBatch(drawings, self.label_names, self.pages, self.boxes.astype(np.float32), self.splits)

    @property
    def copied(self) -> NDArray[np.bool_]:
        """Whether each drawing is an augmented copy; ``(n,)``."""
        names = self.suffixes or ("",) * len(self)
        return np.array([COPY in name for name in names], np.bool_)

    def examples(self, n: int) -> list[Example]:
        """Return the ``n`` drawings of the lowest ranks, for the report."""
        ranks = mix(self.keys, self.seed)
        chosen = np.argsort(ranks, kind="stable")[:n]
        some = self.take(chosen)
        after = some.packed.to_stroke3()
        return [
            Example(
                rank,
                source,
                np.array(self.batch.drawings[origin]),
                after[some.packed.starts[i] : some.packed.starts[i + 1]].copy(),
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
