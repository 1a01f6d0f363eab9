"""``RecipeBatch``: drawings with everything that is known about them, as columns.

Readers return it, processes exchange it, and the steps of a recipe begin with it.

Letters: ``n`` drawings, ``S`` strokes and ``P`` points of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limner.corpus.corpus import SPLIT_NAMES, Split
from limner.corpus.packed_strings import PackedStrings
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import ArrayLike, NDArray

    from limner.corpus.builder import Splits

NO_SPLIT = -1


class Counts(NamedTuple):
    """How many strokes and points drawings have."""

    strokes: NDArray[np.int64]
    """Of each drawing; ``(n,)``."""
    points: NDArray[np.int64]
    """Of each drawing; ``(n,)``."""
    lengths: NDArray[np.int64]
    """Points of each stroke; ``(S,)``."""


@dataclass(frozen=True, eq=False)
class RecipeBatch:
    """Drawings in their order, and where they come from.

    Parameters
    ----------
    drawings : Split
        ``rows`` (P, 3), ``offsets`` (n + 1,), ``labels`` (n,) and ``sources``. A source is ``file#key_id`` or
        ``file#index``, with ``/box-2`` behind it for the second drawing of a page, and ``/copy-3`` for an
        augmented copy. No two drawings of one file share a source.
    label_names : tuple of str
        What the labels count into.
    pages : sequence of n str
        The source of the page that a drawing was a part of: its own source unless it was separated or is a
        copy. Drawings of one page never come into different splits.
    boxes : float32 array of shape ``(n, 4)``
        ``(x_min, y_min, x_max, y_max)`` of a separated drawing on its page, in the page's own units; NaN for
        a drawing that is a whole page.
    splits : int8 array of shape ``(n,)``
        The split that the file gave: an index into ``SPLIT_NAMES``, or -1 for none.
    """

    drawings: Split
    label_names: tuple[str, ...]
    pages: Sequence[str]
    boxes: NDArray[np.float32]  # (n, 4)
    splits: NDArray[np.int8]  # (n,)

    def __post_init__(self) -> None:
        n = len(self.drawings)
        object.__setattr__(self, "pages", PackedStrings.of(self.pages))
        if len(self.pages) != n or self.boxes.shape != (n, 4) or self.splits.shape != (n,):
            raise ValueError(f"{n} drawings need as many pages, boxes and splits")

    def __len__(self) -> int:
        """Return the number of drawings."""
        return len(self.drawings)

    @classmethod
    def of(
        cls, drawings: Split, label_names: Sequence[str] = (), *, splits: ArrayLike | None = None
    ) -> RecipeBatch:
        """Return a batch of drawings that are whole pages."""
        n = len(drawings)
        given = np.full(n, NO_SPLIT, np.int8) if splits is None else np.array(splits, np.int8)
        boxes = np.full((n, 4), np.nan, np.float32)
        return cls(drawings, tuple(label_names), drawings.sources, boxes, given)

    @classmethod
    def from_splits(cls, splits: Splits, label_names: Sequence[str] = ()) -> RecipeBatch:
        """Return a batch of what a file holds: train, valid, test, and what belongs to no split yet."""
        parts = [
            cls.of(part, label_names, splits=np.full(len(part), _index(name), np.int8))
            for name, part in splits.items()
            if len(part)
        ]
        return cls.join(parts)

    @classmethod
    def join(cls, batches: Sequence[RecipeBatch]) -> RecipeBatch:
        """Concatenate batches; labels are matched by name."""
        if len(batches) == 1:
            return batches[0]
        names = tuple(sorted({name for batch in batches for name in batch.label_names}))
        splits = [batch.drawings.relabelled(batch.label_names, names) for batch in batches]
        drawings = Split(
            np.concatenate([np.zeros((0, 3), np.float32), *(part.rows for part in splits)]),
            offsets_from_lengths(np.concatenate([np.zeros(0, np.int64), *(part.lengths for part in splits)])),
            np.concatenate([np.zeros(0, np.int32), *(part.labels for part in splits)]),
            [source for part in splits for source in part.sources],
        )
        return cls(
            drawings,
            names,
            [page for batch in batches for page in batch.pages],
            np.concatenate([np.zeros((0, 4), np.float32), *(batch.boxes for batch in batches)]),
            np.concatenate([np.zeros(0, np.int8), *(batch.splits for batch in batches)]),
        )

    def take(self, indices: ArrayLike) -> RecipeBatch:
        """Copy the drawings at ``indices``, in that order; or those under a mask of shape ``(n,)``."""
        wanted = np.asarray(indices)
        chosen = np.arange(len(self))[wanted if wanted.size else wanted.astype(np.int64)]
        if len(chosen) == len(self) and (chosen == np.arange(len(self))).all():
            return self
        return replace(
            self,
            drawings=self.drawings.take(chosen),
            pages=PackedStrings.of(self.pages).take(chosen),
            boxes=self.boxes[chosen],
            splits=self.splits[chosen],
        )

    def counts(self) -> Counts:
        """Count strokes and points; a last stroke without a lift counts."""
        rows, offsets = self.drawings.rows, self.drawings.offsets
        last = rows[:, 2] == 1
        last[offsets[1:] - 1] = True
        ends = np.flatnonzero(last) + 1
        strokes = np.diff(np.searchsorted(ends, offsets, side="right"))
        return Counts(strokes, np.diff(offsets), np.diff(ends, prepend=0))

    def labels(self) -> list[str | None]:
        """Return the label of each drawing."""
        names: tuple[str | None, ...] = (*self.label_names, None)  # -1 is the last one
        return [names[label] for label in self.drawings.labels.tolist()]

    def to_table(self) -> pa.Table:
        """Return an arrow table with the columns of a corpus file, and ``page`` and ``box``.

        ``stroke3`` list of float triples, ``label``, ``source`` and ``split`` text or null, ``page`` text,
        ``box`` a list of four floats or null. No point is copied.
        """
        import pyarrow as pa

        from limner.corpus.parquet_writer import stroke3_array

        text = pa.string()
        flat = pa.array(self.boxes.reshape(-1))
        columns = {
            "stroke3": stroke3_array(self.drawings),
            "label": _named(self.drawings.labels, self.label_names),
            "source": pa.array(self.drawings.sources, text),
            "split": _named(self.splits, SPLIT_NAMES),
            "page": pa.array(self.pages, text),
            "box": pa.FixedSizeListArray.from_arrays(flat, 4, mask=pa.array(np.isnan(self.boxes[:, 0]))),
        }
        return pa.table(columns)

    @classmethod
    def from_table(cls, table: pa.Table) -> RecipeBatch:
        """Read a table of :meth:`to_table`; rows may have been removed or reordered."""
        from limner.corpus.parquet import rows_of_stroke3

        columns = {name: table.column(name).combine_chunks() for name in table.column_names}
        rows, lengths = rows_of_stroke3(columns["stroke3"])
        names = tuple(sorted(name for name in columns["label"].unique().to_pylist() if name is not None))
        drawings = Split(
            rows,
            offsets_from_lengths(lengths),
            _numbers(columns["label"], names),
            PackedStrings.from_arrow(columns["source"]),
        )
        boxes = np.full((len(drawings), 4), np.nan, np.float32)
        boxes[columns["box"].is_valid().to_numpy(zero_copy_only=False)] = np.reshape(
            columns["box"].flatten(), (-1, 4)
        )
        splits = _numbers(columns["split"], SPLIT_NAMES).astype(np.int8)
        return cls(drawings, names, PackedStrings.from_arrow(columns["page"]), boxes, splits)


def _index(split: str | None) -> int:
    return NO_SPLIT if split is None else SPLIT_NAMES.index(split)


def _named(numbers: NDArray[np.integer], names: Sequence[str]) -> pa.Array:
    """Return the names of indices as an arrow array; null for -1."""
    import pyarrow as pa

    known = pa.array([*names, None], pa.string())
    return known.take(pa.array(np.where(numbers < 0, len(names), numbers)))


def _numbers(texts: pa.Array, names: Sequence[str]) -> NDArray[np.int32]:
    """Return the indices of names; -1 for null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(texts, value_set=pa.array(names, pa.string()))
    return np.asarray(found.fill_null(-1), np.int32)
