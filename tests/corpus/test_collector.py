from __future__ import annotations

import pytest

from limner.corpus.collector import Collector, Rejected
from limner.errors import DataError


def test_a_strict_collector_refuses_the_first_bad_drawing() -> None:
    with pytest.raises(DataError, match=r"^a\.npz, drawing 3: it is bad\. Mend or remove"):
        Collector(strict=True).reject("a.npz#3", "it is bad", "a.npz, drawing 3")
    error = DataError("b.svg is damaged.")
    with pytest.raises(DataError) as caught:
        Collector(strict=True).reject_file("b.svg#0", error)
    assert caught.value is error


def test_a_strict_collector_lets_drawings_be_left_out() -> None:
    collector = Collector(strict=True)
    collector.omit("a.npz#3", "it has no points")
    assert collector.rejected == [Rejected("a.npz#3", "it has no points")]


def test_a_lenient_collector_remembers_and_counts() -> None:
    collector = Collector(strict=False)
    collector.reject("a#0", "small", "a, drawing 0")
    collector.reject("a#1", "large", "a, drawing 1")
    collector.omit("a#2", "large")
    collector.reject_file("b.svg#0", DataError("b.svg is damaged."))
    assert [one.source for one in collector.rejected] == ["a#0", "a#1", "a#2", "b.svg#0"]
    assert list(collector.tally().items()) == [("large", 2), ("b.svg is damaged.", 1), ("small", 1)]
