"""``Split`` and ``Corpus``: many drawings, kept ragged as flat rows and offsets.

Letters: ``n`` drawings of a split, ``P`` points of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from limner.corpus.names import Names
from limner.corpus.ragged import offsets_of, take_ragged
from limner.corpus.scale import scale_factor
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["SPLIT_NAMES", "Corpus", "Split", "offsets_of"]

SPLIT_NAMES = ("train", "valid", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """The drawings of one split, as stroke-3 rows one after another. The arrays become read-only.

    Parameters
    ----------
    rows : float32 array of shape ``(P, 3)``
        Stroke-3 rows ``(dx, dy, lift)`` of all drawings, unscaled, in the units of the source.
    offsets : int64 array of shape ``(n + 1,)``
        Drawing ``i`` is ``rows[offsets[i]:offsets[i + 1]]``, at least one row.
    labels : int32 array of shape ``(n,)``
        Indices into the corpus's ``label_names``; -1 for none.
    sources : sequence of n str
        Where each drawing comes from: ``file#key_id`` or ``file#index``. Kept as
        :class:`limner.corpus.names.Names`.
    origins : int32 array of shape ``(n,)``, optional
        Which of several corpora that were loaded together each drawing comes from, counted from 0; zeros
        unless given.

    Raises
    ------
    ValueError
        If the shapes do not fit each other.
    """

    rows: NDArray[np.float32]  # (P, 3)
    offsets: NDArray[np.int64]  # (n + 1,)
    labels: NDArray[np.int32]  # (n,)
    sources: Sequence[str]
    origins: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))  # (n,)

    def __post_init__(self) -> None:
        n = len(self.sources)
        object.__setattr__(self, "sources", Names.of(self.sources))
        if not len(self.origins):
            object.__setattr__(self, "origins", np.zeros(n, np.int32))
        if self.rows.ndim != 2 or self.rows.shape[1] != 3:
            raise ValueError(f"rows must be of shape (P, 3), not {self.rows.shape}")
        if self.offsets.shape != (n + 1,) or self.labels.shape != (n,) or self.origins.shape != (n,):
            raise ValueError(
                f"{n} sources, but offsets of shape {self.offsets.shape}, {len(self.labels)} labels and "
                f"{len(self.origins)} origins"
            )
        if self.offsets[0] != 0 or self.offsets[-1] != len(self.rows) or (self.lengths < 1).any():
            raise ValueError("the offsets do not cut the rows into drawings of at least one point")
        for array in (self.rows, self.offsets, self.labels, self.origins):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Count the drawings."""
        return len(self.labels)

    def __getitem__(self, i: int) -> NDArray[np.float32]:
        """Give a read-only view of drawing ``i``, of shape ``(len_i, 3)``."""
        i = range(len(self))[i]  # negative indices, and IndexError past the end
        return self.rows[self.offsets[i] : self.offsets[i + 1]]

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        return f"<Split: {len(self)} drawings, {len(self.rows)} points>"

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Points of each drawing, of shape ``(n,)``."""
        return np.diff(self.offsets)

    @property
    def strokes_mean(self) -> float:
        """Mean number of strokes of a drawing; a last stroke without a lift counts. 0 for no drawings."""
        if not len(self):
            return 0.0
        lasts = self.rows[self.offsets[1:] - 1, 2]
        return float((self.rows[:, 2].sum(dtype=np.float64) + (lasts == 0).sum()) / len(self))

    def length(self, i: int) -> int:
        """Count the points of drawing ``i``."""
        return int(self.offsets[i + 1] - self.offsets[i])

    def row(self, i: int) -> NDArray[np.float32]:
        """Give a read-only view of drawing ``i``, of shape ``(len_i, 3)``."""
        return self[i]

    def take(self, indices: ArrayLike) -> Split:
        """Copy the drawings at ``indices``, in that order; or those under a mask of shape ``(n,)``.

        Raises
        ------
        IndexError
            If there is no such drawing.
        """
        wanted = np.asarray(indices)
        chosen = np.arange(len(self))[wanted if wanted.size else wanted.astype(np.int64)].reshape(-1)
        rows, offsets = take_ragged(self.rows, self.offsets, chosen)
        sources = Names.of(self.sources).take(chosen)
        return Split(rows, offsets, self.labels[chosen], sources, self.origins[chosen])

    def replace_rows(self, rows: NDArray[np.float32]) -> Split:
        """Copy the split with other rows of the same shape ``(P, 3)``."""
        return replace(self, rows=rows)

    def relabelled(self, old: Sequence[str], new: Sequence[str]) -> Split:
        """Copy the split with labels that count into other names; -1 for those that are not among them."""
        known = {name: i for i, name in enumerate(new)}
        places = [known.get(name, -1) for name in old]
        return replace(self, labels=np.array([*places, -1], np.int32)[self.labels])

    @classmethod
    def from_arrays(
        cls,
        arrays: Sequence[NDArray[np.float32]],
        labels: ArrayLike | None = None,
        sources: Sequence[str] | None = None,
    ) -> Split:
        """Join drawings of shape ``(len_i, 3)``.

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
        offsets = offsets_of([len(array) for array in arrays])
        found = np.full(n, -1, np.int32) if labels is None else np.array(labels, np.int32).reshape(-1)
        return cls(rows, offsets, found, [f"#{i}" for i in range(n)] if sources is None else sources)


@dataclass(frozen=True, eq=False)
class Corpus:
    """Drawings to learn from, in up to three splits.

    Parameters
    ----------
    splits : dict of str to Split
        ``train``, ``valid`` and ``test``, those that exist, in that order.
    label_names : tuple of str
        What the labels of the splits count into.
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
        """Count the drawings of all splits."""
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
        return scale_factor(self)

    def drawing(self, split: str, i: int) -> Drawing:
        """Give drawing ``i`` of ``split`` with its label and source.

        Raises
        ------
        KeyError, IndexError
            If there is no such split or drawing.
        """
        part = self.splits[split]
        label = int(part.labels[i])
        name = self.label_names[label] if label >= 0 else None
        return Drawing.from_stroke3(part[i], label=name, source=part.sources[i])
