"""Numerical libraries use one thread for few items, and as many as before for many."""

from __future__ import annotations

from threadpoolctl import threadpool_info, threadpool_limits

from limner.curation.threads import FEW_ITEMS, threads_for


def _counts() -> list[int]:
    return [library["num_threads"] for library in threadpool_info()]


def test_few_items_take_one_thread() -> None:
    with threads_for(1):
        assert set(_counts()) == {1}
    with threadpool_limits(2):
        before = _counts()
        with threads_for(FEW_ITEMS):
            assert _counts() == before
        with threads_for(FEW_ITEMS - 1):
            assert set(_counts()) == {1}
        assert _counts() == before
