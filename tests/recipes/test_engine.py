from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from limner.corpus.source import Source
from limner.errors import DataError
from limner.recipes.engine import AHEAD, Engine, InProcess, Processes, local_engine


def double(n: int) -> int:
    if n < 0:
        raise DataError(f"{n} is too small.")
    return 2 * n


@pytest.fixture(scope="module")
def two() -> Iterator[Processes]:
    with Processes(2) as engine:
        yield engine


@pytest.mark.parametrize("kind", ["here", "two"])
def test_results_come_in_order_and_jobs_are_taken_as_they_are_needed(kind: str, two: Processes) -> None:
    engine: Engine = InProcess() if kind == "here" else two
    taken: list[int] = []

    def jobs() -> Iterator[int]:
        for n in range(40):
            taken.append(n)
            yield n

    results = engine.map(double, jobs())
    assert next(results) == 0
    assert len(taken) <= AHEAD * 2 + 1
    assert list(results) == list(range(2, 80, 2))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["here", "two"])
def test_errors_come_where_the_result_would(kind: str, two: Processes) -> None:
    engine: Engine = InProcess() if kind == "here" else two
    results = engine.map(double, iter([1, 2, -3, 4]))
    assert [next(results), next(results)] == [2, 4]
    with pytest.raises(DataError, match="-3 is too small"):
        next(results)
    assert list(engine.map(double, iter([7]))) == [14]


@pytest.mark.slow
def test_small_inputs_stay_in_this_process(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"x")
    source = Source(tmp_path, "npz", (tmp_path / "a.npz",))
    assert isinstance(local_engine([source]), InProcess)
    assert isinstance(local_engine([source], jobs=2), Processes)
