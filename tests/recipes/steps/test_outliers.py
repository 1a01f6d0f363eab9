from __future__ import annotations

import numpy as np
import pytest

from limner.recipes.columns import Columns
from limner.recipes.steps.outliers import OutliersStep


def columns(points: list[int], labels: list[int] | None = None) -> Columns:
    n = len(points)
    return Columns(
        np.full(n, -1, np.int8),
        np.arange(n, dtype=np.uint64),
        np.full(n, 5, np.uint32),
        np.array(points, np.uint32),
        np.array(labels if labels else [-1] * n, np.int32),
        ("a", "b"),
        {"ink": np.linspace(3, 4, n, dtype=np.float32)},
    )


def found(step: OutliersStep, of: Columns) -> dict[str, list[int]]:
    verdict = step.choose(of, np.ones(len(of), np.bool_), 0, 0)
    return {reason: np.flatnonzero(mask).tolist() for reason, mask in verdict.dropped.items() if mask.any()}


USUAL = list(range(40, 70))


def test_unusual_drawings_are_found_and_named() -> None:
    expected = {"unusually many points": [30], "unusually few points": [31]}
    assert found(OutliersStep(), columns([*USUAL, 900, 2])) == expected


def test_what_is_usual_depends_on_the_label() -> None:
    points, labels = [*USUAL, *(p * 20 for p in USUAL), 60], [0] * 30 + [1] * 31
    assert found(OutliersStep(), columns(points, labels)) == {"unusually few points": [60]}
    assert found(OutliersStep(by_label=False), columns(points, labels)) == {}


def test_few_drawings_and_equal_ones_tell_nothing() -> None:
    assert found(OutliersStep(), columns([10, 11, 12, 5000])) == {}
    assert found(OutliersStep(), columns([10] * 60 + [5000])) == {}


def test_deviations_are_positive() -> None:
    with pytest.raises(ValueError, match="deviations must be a number from 1e-09"):
        OutliersStep(deviations=0)
