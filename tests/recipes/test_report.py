from __future__ import annotations

from collections import Counter

import pytest

from limner.recipes.report import histogram_figures, percentile


def test_percentiles_are_values_that_occur() -> None:
    counts = Counter({3: 1, 7: 98, 100: 1})
    assert [percentile(counts, share) for share in (0, 0.01, 0.011, 0.5, 0.99, 0.991, 1)] == [
        3,
        3,
        7,
        7,
        7,
        100,
        100,
    ]
    with pytest.raises(ValueError, match="nothing"):
        percentile(Counter(), 0.5)


def test_figures_of_a_histogram() -> None:
    summary = histogram_figures(Counter({2: 3, 10: 1}))
    assert summary == {
        "n": 4,
        "mean": 4.0,
        "min": 2,
        "p5": 2,
        "median": 2,
        "p95": 10,
        "max": 10,
        "counts": {"2": 3, "10": 1},
    }
    assert histogram_figures(Counter()) == {"n": 0}
