"""``Whitening``: from many correlated features to few uncorrelated ones.

Letters: ``n`` rows, ``D`` numbers of a row before, ``d`` after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

MOST = 128
"""Numbers of a row afterwards."""

SHARE_OF_ROWS = 2
"""Rows to fit to for each number afterwards, at least."""

POWER = 0.25
"""Of 1 / variance by which the principal components are multiplied; 0.5 makes all variances equal."""


@dataclass(frozen=True, eq=False)
class Whitening:
    """Principal components, the large ones damped, and every row normalised to length 1.

    Parameters
    ----------
    mean : float32 array of shape ``(D,)``
    components : float32 array of shape ``(D, d)``
        Each already multiplied by a power of 1 / its variance.
    """

    mean: Matrix  # (D,)
    components: Matrix  # (D, d)

    def apply(self, rows: Matrix) -> Matrix:
        """Return whitened rows of length 1 of rows ``(n, D)``; Euclidean distances are from 0 to 2."""
        return unit_rows((rows - self.mean) @ self.components)

    @classmethod
    def fit(cls, rows: Matrix, *, seed: int = 0) -> Whitening:
        """Fit the components to rows of shape ``(n, D)``, at least one."""
        mean = rows.mean(axis=0)
        size = max(1, min(MOST, len(rows) // SHARE_OF_ROWS, rows.shape[1]))
        apart = rows - mean
        if len(rows) < 2 or not apart.any():
            return cls(mean, np.eye(rows.shape[1], size, dtype=np.float32))
        from sklearn.decomposition import PCA

        pca = PCA(size, svd_solver="randomized", random_state=seed).fit(apart)
        variance = np.maximum(pca.explained_variance_, 1e-6 * pca.explained_variance_[0])
        components = pca.components_.T * variance ** (-POWER / 2)
        return cls(mean.astype(np.float32), components.astype(np.float32))


def unit_rows(rows: NDArray[np.floating]) -> Matrix:
    """Normalise every row to length 1; a row of zeros stays."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(length, np.finfo(np.float32).tiny), np.float32)
