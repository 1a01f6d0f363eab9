"""How many threads the numerical libraries use for features, clusters and layout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

FEW_ITEMS = 2_000
"""Below it one thread is used: for 500 drawings two threads took twice the processor time, mostly waiting."""


@contextmanager
def threads_for(n_items: int) -> Iterator[None]:
    """Limit numpy, scipy and scikit-learn to one thread in the block if there are few items.

    Parameters
    ----------
    n_items : int
        Items whose features are computed, clustered or laid out.
    """
    if n_items >= FEW_ITEMS:
        yield
        return
    import sklearn.cluster
    import sklearn.decomposition
    import sklearn.manifold  # noqa: F401 - only libraries that are loaded can be limited
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
