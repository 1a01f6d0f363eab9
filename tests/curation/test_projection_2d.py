"""Features on a plane."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.curation.features import Features
from limner.curation.projection_2d import STEPS, check_method, project_2d
from limner.errors import LimnerError


@pytest.mark.slow
def test_what_is_alike_lies_together(features: Features) -> None:
    positions = project_2d(features.matrix, seed=1)
    assert positions.shape == (120, 2)
    assert np.abs(positions).max() == pytest.approx(1, abs=1e-6)
    away = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    np.fill_diagonal(away, np.inf)
    near = [features.labels[i] for i in away.argmin(axis=1)]
    assert np.mean([a == b for a, b in zip(near, features.labels, strict=True)]) > 0.8


@pytest.mark.slow
def test_how_far_it_is_is_told(features: Features, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[int, int | None]] = []
    positions = project_2d(features.matrix, seed=1, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (STEPS, STEPS)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert capsys.readouterr().out == ""
    np.testing.assert_array_equal(positions, project_2d(features.matrix, seed=1))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_few_items(features: Features, n: int) -> None:
    positions = project_2d(features.matrix[:n])
    assert positions.shape == (n, 2)
    assert np.isfinite(positions).all()
    assert len(np.unique(positions, axis=0)) == n


def test_equal_items_lie_on_one_place() -> None:
    assert not project_2d(np.ones((30, 5), np.float32)).any()


def test_umap_if_it_is_there(features: Features, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    class FakeUmap:
        def __init__(self, **options: Any) -> None:
            asked.update(options)

        def fit_transform(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
            return 7 + 3 * matrix[:, :2]

    module = ModuleType("umap")
    module.UMAP = FakeUmap  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "umap", module)
    positions = project_2d(features.matrix, "umap", perplexity=12, seed=9)
    assert (asked["n_neighbors"], asked["random_state"]) == (12, 9)
    assert np.abs(positions).max() == pytest.approx(1, abs=1e-5)


def test_umap_that_is_missing_explains_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(LimnerError, match="pip install umap-learn"):
        check_method("umap")
