"""Projection of features to two dimensions.

Letters: ``n`` items, ``d`` numbers of a row.
"""

from __future__ import annotations

import io
import re
from contextlib import nullcontext, redirect_stdout
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from limner.errors import LimnerError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.curation.items import Progress

    Matrix = NDArray[np.float32]

Method = Literal["tsne", "umap"]

PERPLEXITY = 30.0
STEPS = 1000
"""Of t-SNE."""

FEWEST = 4
"""Fewer items than this are laid along their principal components."""


def check_method(method: Method) -> None:
    """Refuse UMAP before any work is done if it is not installed.

    Raises
    ------
    LimnerError
    """
    if method == "umap":
        _umap()


def project_2d(
    matrix: Matrix,
    method: Method = "tsne",
    *,
    perplexity: float = PERPLEXITY,
    seed: int = 0,
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Project rows ``(n, d)`` to two dimensions.

    Parameters
    ----------
    method : {"tsne", "umap"}
        t-SNE of scikit-learn (van der Maaten and Hinton 2008), from the first two principal components; or
        UMAP (McInnes et al. 2018), if ``umap-learn`` is installed.
    perplexity : float
        About how many neighbours count; less where there are few items.
    seed : int
    progress : callable, optional
        Is told how many steps of t-SNE are done, of how many. Meanwhile nothing is printed.

    Returns
    -------
    float32 array of shape ``(n, 2)``
        From -1 to 1 along the longer side, the middle at 0; y grows downward.

    Raises
    ------
    LimnerError
        If ``umap`` is wanted and not installed.
    """
    check_method(method)
    if len(matrix) < FEWEST or not np.ptp(matrix, axis=0).any():
        return _in_frame(_principal(matrix))
    near = max(1.0, min(perplexity, (len(matrix) - 1) / 3))
    if method == "umap":
        fit = _umap().UMAP(n_neighbors=max(2, round(near)), random_state=seed, n_jobs=1)
        return _in_frame(np.asarray(fit.fit_transform(matrix), np.float64))
    from sklearn.manifold import TSNE

    tsne = TSNE(perplexity=near, init="pca", random_state=seed, max_iter=STEPS, verbose=2 if progress else 0)
    with redirect_stdout(_TsneProgress(progress)) if progress else nullcontext():
        return _in_frame(np.asarray(tsne.fit_transform(matrix), np.float64))


class _TsneProgress(io.TextIOBase):
    """Reads the progress of t-SNE from what it prints; scikit-learn reports it in no other way."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def write(self, text: str) -> int:
        if found := re.search(r"Iteration (\d+):", text):
            self._progress(int(found[1]), STEPS)
        return len(text)


def _umap() -> Any:
    try:
        return import_module("umap")
    except ImportError as error:
        raise LimnerError(
            "UMAP needs another package: pip install umap-learn; or let limner use t-SNE."
        ) from error


def _principal(matrix: Matrix) -> NDArray[np.float64]:
    apart = matrix.astype(np.float64) - matrix.mean(axis=0)
    left, sizes, _ = np.linalg.svd(apart, full_matrices=False)
    positions = np.zeros((len(matrix), 2))
    two = left[:, :2] * sizes[:2]
    positions[:, : two.shape[1]] = two
    return positions


def _in_frame(positions: NDArray[np.float64]) -> NDArray[np.float32]:
    low, high = positions.min(axis=0), positions.max(axis=0)
    half = float((high - low).max()) / 2 or 1.0
    return np.asarray((positions - (low + high) / 2) / half, np.float32)
