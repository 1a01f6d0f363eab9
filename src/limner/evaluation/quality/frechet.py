"""Fréchet distance between two sets of features (Heusel et al. 2017, equation 6; FID with Inception's).

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def frechet_distance(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Return |m - m'|^2 + tr(C + C' - 2 (C C')^(1/2)), with means m and (unbiased) covariances C.

    This is the squared 2-Wasserstein distance between normal distributions of these moments. With R and R'
    the triangular factors of the centred features, R^T R = C and R'^T R' = C', the trace of (C C')^(1/2) is
    the sum of the singular values of R R'^T. Neither covariances nor their square roots are computed, which
    is fast for few drawings with many features, too.

    Parameters
    ----------
    one, other : array of shape ``(n, D)``
        At least two rows each; the numbers of rows may differ.

    Returns
    -------
    float
        0 or above.

    Raises
    ------
    ValueError
        If there are fewer rows, or the numbers of features differ.
    """
    if min(len(one), len(other)) < 2 or one.shape[1:] != other.shape[1:]:
        raise ValueError(f"sets of features {one.shape} and {other.shape} cannot be compared")
    means, factors = zip(*map(_mean_and_factor, (one, other)), strict=True)
    between = np.linalg.svd(factors[0] @ factors[1].T, compute_uv=False).sum()
    traces = sum(float((factor**2).sum()) for factor in factors)
    return float(max(0.0, ((means[0] - means[1]) ** 2).sum() + (traces - 2 * between)))


def _mean_and_factor(features: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean ``(D,)`` and R ``(min(n, D), D)``, with R^T R the covariance."""
    wide = features.astype(np.float64)
    mean = wide.mean(0)
    return mean, np.linalg.qr(wide - mean, mode="r") / np.sqrt(len(wide) - 1)
