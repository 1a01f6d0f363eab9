"""Reading ahead: the next item is made in another thread while this one is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Give the same items, none of which may be None; one is in the making while another is looked at."""
    with ThreadPoolExecutor(1) as other:
        wanted = other.submit(next, items, None)
        while (item := wanted.result()) is not None:
            wanted = other.submit(next, items, None)
            yield item
