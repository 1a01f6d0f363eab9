"""``Columns``: the facts about each drawing that steps over all drawings need.

Letters: ``n`` drawings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from limner.recipes.stable_hash import hash_names
from limner.strokes.fingerprint import shape_hashes, shape_signatures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Set

    from numpy.typing import NDArray

    from limner.recipes.batch import RecipeBatch
    from limner.recipes.recipe_state import RecipeState
    from limner.strokes.packed import PackedStrokes


@dataclass(frozen=True, eq=False)
class Columns:
    """Facts about drawings in order: 17 bytes for each, and what the steps ask for.

    Parameters
    ----------
    split : int8 array of shape ``(n,)``
        What the file gave: an index into ``SPLIT_NAMES``, or -1.
    page : uint64 array of shape ``(n,)``
        Hash of the page's source.
    strokes, points : uint32 arrays of shape ``(n,)``
    label : int32 array of shape ``(n,)``
        Index into ``label_names``, or -1.
    label_names : tuple of str
    more : dict of str to array of shape ``(n, ...)``
        What steps need beyond: see ``MORE``.
    """

    split: NDArray[np.int8]
    page: NDArray[np.uint64]
    strokes: NDArray[np.uint32]
    points: NDArray[np.uint32]
    label: NDArray[np.int32]
    label_names: tuple[str, ...] = ()
    more: dict[str, NDArray[np.generic]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of drawings."""
        return len(self.split)

    @classmethod
    def empty(cls) -> Columns:
        """Return the columns of no drawings."""
        return cls.join(())

    @classmethod
    def of(cls, batch: RecipeBatch, state: RecipeState, needs: Set[str] = frozenset()) -> Columns:
        """Return the columns of ``batch``, to which ``state`` was converted."""
        counts = state.counts
        return cls(
            batch.splits,
            state.keys if batch.pages == batch.drawings.sources else hash_names(batch.pages),
            counts.strokes.astype(np.uint32),
            counts.points.astype(np.uint32),
            batch.drawings.labels,
            batch.label_names,
            {name: MORE[name](batch, state.packed) for name in sorted(needs)},
        )

    @classmethod
    def join(cls, columns: Sequence[Columns]) -> Columns:
        """Concatenate columns; labels are matched by name."""
        parts = [part for part in columns if len(part)]
        names = tuple(sorted({name for part in parts for name in part.label_names}))
        index = {name: i for i, name in enumerate(names)}
        tables = [np.array([*(index[name] for name in part.label_names), -1], np.int32) for part in parts]
        return cls(
            np.concatenate([np.zeros(0, np.int8), *(part.split for part in parts)]),
            np.concatenate([np.zeros(0, np.uint64), *(part.page for part in parts)]),
            np.concatenate([np.zeros(0, np.uint32), *(part.strokes for part in parts)]),
            np.concatenate([np.zeros(0, np.uint32), *(part.points for part in parts)]),
            np.concatenate(
                [np.zeros(0, np.int32), *(t[p.label] for t, p in zip(tables, parts, strict=True))]
            ),
            names,
            {
                key: np.concatenate([part.more[key] for part in parts])
                for key in (parts[0].more if parts else ())
            },
        )

    def count(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the numbers of drawings, strokes and points under a mask; ``(3,)``."""
        sums = (mask.sum(), self.strokes[mask].sum(), self.points[mask].sum())
        return np.array(sums, np.int64)


def _inks(batch: RecipeBatch, packed: PackedStrokes) -> NDArray[np.generic]:
    del batch
    side = packed.extents.max(axis=1, initial=0)
    return (packed.inks / np.where(side > 0, side, 1)).astype(np.float32)


MORE: dict[str, Callable[[RecipeBatch, PackedStrokes], NDArray[np.generic]]] = {
    "source": lambda batch, _: hash_names(batch.drawings.sources),
    "file": lambda batch, _: hash_names(page.rpartition("#")[0] for page in batch.pages),
    "shape": lambda _, packed: shape_hashes(packed),
    "sketch": lambda _, packed: shape_signatures(packed),
    "ink": _inks,
}
"""What steps may ask for, by name: hashes of the sources, and of the names of their files; hashes of the
points; places along the ink (see :mod:`limner.strokes.fingerprint`); the length of the ink over the longer
side of the box."""
