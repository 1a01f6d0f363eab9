"""``Split`` and ``Corpus``: many drawings as flat stroke-3 rows and offsets.

A drawing on its way from a file to a gradient changes its container four times at most:

1. what the reader of its format decodes: a numpy array, arrow columns or a list of strokes;
2. ``Split``, a ragged array of the rows of many drawings, from here on in readers, recipes, corpora and
   training;
3. :class:`limner.strokes.packed.PackedStrokes`, absolute coordinates, only where a step of a recipe asks for
   them, and back;
4. the padded tensors of a training batch.

Letters: ``n`` drawings of a split, ``P`` points of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.packed_strings import PackedStrings
from limner.corpus.scale import scale_factor
from limner.strokes.drawing import Drawing
from limner.strokes.ragged import Ragged
from limner.strokes.segments import offsets_from_lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

SPLIT_NAMES = ("train", "valid", "test")
"""The splits that a corpus can have, in this order."""


@dataclass(frozen=True, eq=False)
class Split(Ragged[np.float32]):
    """The drawings of one split: a ragged array of stroke-3 rows, with a label and a source for each drawing.

    Parameters
    ----------
    rows : float32 array of shape ``(P, 3)``
        Stroke-3 rows ``(dx, dy, lift)`` of all drawings, unscaled, in the units of the source.
    offsets : int64 array of shape ``(n + 1,)``
        Drawing ``i`` is ``rows[offsets[i]:offsets[i + 1]]``, at least one row.
    labels : int32 array of shape ``(n,)``
        Indices into the corpus's ``label_names``; -1 for none.
    sources : sequence of n str
        Where each drawing comes from: ``file#key_id`` or ``file#index``. Stored as
        :class:`limner.corpus.packed_strings.PackedStrings`.
    origins : int32 array of shape ``(n,)``, optional
        Which of several sources that were loaded together each drawing comes from, counted from 0; zeros
        unless given.

    Raises
    ------
    ValueError
        If the shapes do not fit each other.
    """

    labels: NDArray[np.int32]  # (n,)
    sources: Sequence[str]
    origins: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))  # (n,)

    def __post_init__(self) -> None:
        n = len(self.sources)
        object.__setattr__(self, "sources", PackedStrings.of(self.sources))
        if not len(self.origins):
            object.__setattr__(self, "origins", np.zeros(n, np.int32))
        if self.rows.ndim != 2 or self.rows.shape[1] != 3:
            raise ValueError(f"rows must be of shape (P, 3), not {self.rows.shape}")
        if self.offsets.shape != (n + 1,) or self.labels.shape != (n,) or self.origins.shape != (n,):
            raise ValueError(
                f"{n} sources, but offsets of shape {self.offsets.shape}, {len(self.labels)} labels and "
                f"{len(self.origins)} origins"
            )
        super().__post_init__()
        if (self.lengths < 1).any():
            raise ValueError("a drawing has at least one point")
        for array in (self.labels, self.origins):
            array.setflags(write=False)

    def __repr__(self) -> str:
        return f"<Split: {len(self)} drawings, {len(self.rows)} points>"

    @property
    def strokes_mean(self) -> float:
        """Mean number of strokes of a drawing; a last stroke without a lift counts. 0 for no drawings."""
        if not len(self):
            return 0.0
        last_lifts = self.rows[self.offsets[1:] - 1, 2]
        return float((self.rows[:, 2].sum(dtype=np.float64) + (last_lifts == 0).sum()) / len(self))

    def length(self, i: int) -> int:
        """Return the number of points of drawing ``i``."""
        return int(self.offsets[i + 1] - self.offsets[i])

    def take(self, indices: ArrayLike) -> Split:
        """Copy the drawings at ``indices``, in that order; or those under a mask of shape ``(n,)``.

        Raises
        ------
        IndexError
            If there is no such drawing.
        """
        wanted = np.asarray(indices)
        chosen = np.arange(len(self))[wanted if wanted.size else wanted.astype(np.int64)].reshape(-1)
        drawings = super().take(chosen)
        sources = PackedStrings.of(self.sources).take(chosen)
        return Split(drawings.rows, drawings.offsets, self.labels[chosen], sources, self.origins[chosen])

    def relabelled(self, old: Sequence[str], new: Sequence[str]) -> Split:
        """Copy the split with labels that index other names; -1 for those that are not among them."""
        index = {name: i for i, name in enumerate(new)}
        table = [index.get(name, -1) for name in old]
        return replace(self, labels=np.array([*table, -1], np.int32)[self.labels])

    def replace_rows(self, rows: NDArray[np.float32]) -> Split:
        """Copy the split with other rows of the same shape ``(P, 3)``."""
        return replace(self, rows=rows)

    @classmethod
    def from_arrays(
        cls,
        arrays: Sequence[NDArray[np.float32]],
        labels: ArrayLike | None = None,
        sources: Sequence[str] | None = None,
    ) -> Split:
        """Concatenate drawings of shape ``(len_i, 3)``.

        Parameters
        ----------
        arrays : sequence of array of shape ``(len_i, 3)``
            Checked stroke-3 rows; see :func:`limner.strokes.formats.as_stroke3`.
        labels : array_like of shape ``(n,)``, optional
            -1 for all unless given.
        sources : sequence of str, optional
            ``#0``, ``#1``, ... unless given.
        """
        n = len(arrays)
        rows = np.concatenate([np.zeros((0, 3), np.float32), *arrays]).astype(np.float32, copy=False)
        offsets = offsets_from_lengths([len(array) for array in arrays])
        numbers = np.full(n, -1, np.int32) if labels is None else np.array(labels, np.int32).reshape(-1)
        return cls(rows, offsets, numbers, [f"#{i}" for i in range(n)] if sources is None else sources)


def number_labels(labels: Sequence[str | None]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return labels as indices into their sorted names; -1 for None.

    Returns
    -------
    int32 array of shape ``(n,)`` and the names
    """
    names = tuple(sorted({label for label in labels if label is not None}))
    index: dict[str | None, int] = {None: -1, **{name: i for i, name in enumerate(names)}}
    return np.fromiter((index[label] for label in labels), np.int32, len(labels)), names


@dataclass(frozen=True, eq=False)
class Corpus:
    """Drawings to learn from, in up to three splits.

    Parameters
    ----------
    splits : dict of str to Split
        ``train``, ``valid`` and ``test``, those that exist, in that order.
    label_names : tuple of str
        The names that the labels of the splits index.
    dtype : str
        The number format that the file held, such as ``"int16"``.
    notes : tuple of str
        What was tolerated and assumed, as sentences.

    Raises
    ------
    ValueError
        If a split has another name.
    """

    splits: dict[str, Split]
    label_names: tuple[str, ...] = ()
    dtype: str = "float32"
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        strange = set(self.splits) - set(SPLIT_NAMES)
        if strange:
            raise ValueError(f"a split is called train, valid or test, not {sorted(strange)[0]!r}")
        ordered = {name: self.splits[name] for name in SPLIT_NAMES if name in self.splits}
        object.__setattr__(self, "splits", ordered)

    def __len__(self) -> int:
        """Return the number of drawings of all splits."""
        return sum(len(split) for split in self.splits.values())

    def __repr__(self) -> str:
        return f"<Corpus: {', '.join(f'{name} {len(split)}' for name, split in self.splits.items())}>"

    @property
    def n_max(self) -> int:
        """Points of the longest drawing of all splits; 0 for no drawings."""
        return max((int(split.lengths.max()) for split in self.splits.values() if len(split)), default=0)

    @cached_property
    def scale_factor(self) -> float:
        """Standard deviation of the train split's offsets; see :func:`limner.corpus.scale.scale_factor`."""
        return scale_factor(self.splits)

    def drawing(self, split: str, i: int) -> Drawing:
        """Return drawing ``i`` of ``split`` with its label and source.

        Raises
        ------
        KeyError, IndexError
            If there is no such split or drawing.
        """
        part = self.splits[split]
        label = int(part.labels[i])
        name = self.label_names[label] if label >= 0 else None
        return Drawing.from_stroke3(part[i], label=name, source=part.sources[i])
