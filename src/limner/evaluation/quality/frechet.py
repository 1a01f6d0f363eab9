"""Fréchet distance between two sets of features (Heusel et al. 2017, equation 6; FID with Inception's).

Letters: ``n`` drawings, ``D`` features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Gaussian:
    """A normal distribution: what the Fréchet distance sees of a set."""

    mean: NDArray[np.float64]  # (D,)
    covariance: NDArray[np.float64]  # (D, D)

    @classmethod
    def of(cls, features: NDArray[np.floating]) -> Gaussian:
        """Fit mean and (unbiased) covariance.

        Parameters
        ----------
        features : array of shape ``(n, D)``
            At least two rows.

        Raises
        ------
        ValueError
            If there are fewer.
        """
        if features.ndim != 2 or len(features) < 2:
            raise ValueError(f"a covariance takes features of at least two drawings, not {features.shape}")
        wide = features.astype(np.float64)
        return cls(wide.mean(0), np.atleast_2d(np.cov(wide, rowvar=False)))


def frechet_distance(one: Gaussian, other: Gaussian) -> float:
    """Give |m - m'|^2 + tr(C + C' - 2 (C C')^(1/2)), the squared 2-Wasserstein distance of the two.

    The root of the product is that of a symmetric matrix, C^(1/2) C' C^(1/2), which has the same trace and
    exists for covariances without full rank too.

    Raises
    ------
    ValueError
        If the numbers of features differ.
    """
    if one.mean.shape != other.mean.shape:
        raise ValueError(f"{one.mean.shape[0]} features cannot be compared with {other.mean.shape[0]}")
    root = _root(one.covariance)
    between = np.sqrt(np.clip(np.linalg.eigvalsh(root @ other.covariance @ root), 0, None)).sum()
    spread = np.trace(one.covariance) + np.trace(other.covariance) - 2 * between
    return float(max(0.0, ((one.mean - other.mean) ** 2).sum() + spread))


def _root(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the root of a symmetric matrix without negative eigenvalues, ``(D, D)``."""
    values, vectors = np.linalg.eigh(matrix)
    root: NDArray[np.float64] = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    return root


def frechet_between(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Give :func:`frechet_distance` of the normal distributions of two sets, without their covariances.

    With R and R' the triangular factors of the centred features, R^T R = C and R'^T R' = C', the trace of
    (C C')^(1/2) is the sum of the singular values of R R'^T; so it is quick for few drawings with many
    features too.

    Parameters
    ----------
    one, other : array of shape ``(n, D)``
        At least two rows each.

    Raises
    ------
    ValueError
        If there are fewer, or the numbers of features differ.
    """
    if min(len(one), len(other)) < 2 or one.shape[1:] != other.shape[1:]:
        raise ValueError(f"sets of features {one.shape} and {other.shape} cannot be compared")
    means, factors = zip(*map(_mean_and_factor, (one, other)), strict=True)
    between = np.linalg.svd(factors[0] @ factors[1].T, compute_uv=False).sum()
    spread = sum(float((factor**2).sum()) for factor in factors) - 2 * between
    return float(max(0.0, ((means[0] - means[1]) ** 2).sum() + spread))


def _mean_and_factor(features: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the mean ``(D,)`` and R ``(min(n, D), D)``, with R^T R the covariance."""
    wide = features.astype(np.float64)
    mean = wide.mean(0)
    return mean, np.linalg.qr(wide - mean, mode="r") / np.sqrt(len(wide) - 1)
