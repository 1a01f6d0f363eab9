"""From items to features, some hundred at a time.

Letters: ``n`` items, ``D`` numbers of each before whitening, ``d`` after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from limner.curation.features import Features
from limner.curation.whitening import Whitening
from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from limner.curation.embedder import Embedder
    from limner.curation.items import Items, Progress

    Matrix = NDArray[np.float32]

AT_ONCE = 256
FITTED_TO = 4_000
"""Items that principal components are found on, at most."""


def embed(
    items: Items,
    embedder: Embedder,
    *,
    whitening: Whitening | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Features:
    """Compute the features of all items.

    Only finished rows are kept, so that the memory needed grows by no more than these with the corpus.

    Parameters
    ----------
    items : Items
    embedder : Embedder
    whitening : Whitening, optional
        Of features that these shall be compared with; found on these items unless given.
    seed : int
        Chooses the items that principal components are found on, if there are very many.
    progress : callable, optional
        Is told how many items are done, of how many.

    Raises
    ------
    DataError
        If the embedder takes drawings and these are pictures, or a number is not finite.
    """
    n = len(items.ids)
    work = _Work(items, embedder, progress)
    if not embedder.whitened:
        return work.features(work.rows(np.arange(n)), None)
    if whitening is not None:
        return work.features(work.rows(np.arange(n), whitening), whitening)
    if n <= FITTED_TO:
        raw = work.rows(np.arange(n))
        whitening = Whitening.fit(raw, seed=seed)
        return work.features(whitening.apply(raw), whitening)
    work.extra = FITTED_TO
    some = np.sort(np.random.default_rng(seed).choice(n, FITTED_TO, replace=False))
    whitening = Whitening.fit(work.rows(some), seed=seed)
    return work.features(work.rows(np.arange(n), whitening), whitening)


def raw_rows(items: Items, embedder: Embedder, progress: Progress | None = None) -> Matrix:
    """Return the embedder's output for all items, not whitened: ``(n, D)``."""
    return _Work(items, embedder, progress).rows(np.arange(len(items.ids)))


@dataclass
class _Work:
    """A run of an embedder over items, with its progress."""

    items: Items
    embedder: Embedder
    progress: Progress | None
    extra: int = 0
    done: int = 0

    def rows(self, indices: NDArray[np.int64], whitening: Whitening | None = None) -> Matrix:
        """Compute features of the items at these indices."""
        parts = [np.zeros((0, 0), np.float32)] if not len(indices) else list(self._parts(indices, whitening))
        return np.concatenate(parts)

    def features(self, matrix: Matrix, whitening: Whitening | None) -> Features:
        """Return rows as ``Features`` of the items."""
        items = self.items
        return Features(matrix, items.ids, items.splits, items.labels, self.embedder.facts(), whitening)

    def _parts(self, indices: NDArray[np.int64], whitening: Whitening | None) -> Iterator[Matrix]:
        for begin in range(0, len(indices), AT_ONCE):
            some = indices[begin : begin + AT_ONCE].tolist()
            rows = self.embedder.of(self.items, some)
            bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
            if len(bad):
                name = self.items.ids[some[bad[0]]]
                raise DataError(f"{self.embedder.name} gives numbers for {name} that are not finite.")
            yield rows if whitening is None else whitening.apply(rows)
            self.done += len(some)
            if self.progress:
                self.progress(self.done, len(self.items.ids) + self.extra)
