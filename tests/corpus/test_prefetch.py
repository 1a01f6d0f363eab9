from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from limner.corpus.prefetch import prefetch


def test_the_same_items_in_the_same_order() -> None:
    assert list(prefetch(iter(range(1, 50)))) == list(range(1, 50))
    assert list(prefetch(iter([]))) == []


def test_the_next_item_is_made_meanwhile() -> None:
    """The second is asked for while the first is being looked at."""
    asked = threading.Event()

    def items() -> Iterator[str]:
        yield "one"
        asked.set()
        yield "two"

    found = prefetch(items())
    assert next(found) == "one"
    assert asked.wait(10)
    assert next(found) == "two"


def test_an_error_comes_where_its_item_would() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    found = prefetch(items())
    assert next(found) == 1
    with pytest.raises(ValueError, match="no more"):
        next(found)


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    found = prefetch(iter(range(1, 50)))
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
