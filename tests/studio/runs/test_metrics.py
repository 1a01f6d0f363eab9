"""Metrics as they grow: only what is new is read, and what was written anew is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.studio.runs import metrics as module
from limner.studio.runs.metrics import read_metrics

HEAD = "step,train_cost,valid_cost\n"


def lines(first: int, last: int) -> str:
    return "".join(f"{step},{step / 10},\n" for step in range(first, last + 1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.csv"


def test_nothing_yet(path: Path) -> None:
    found = read_metrics(path)
    assert (found.columns, found.rows, found.fresh) == ([], [], True)
    path.write_text(HEAD)
    assert read_metrics(path).columns == ["step", "train_cost", "valid_cost"]


def test_only_what_is_new(path: Path) -> None:
    path.write_text(HEAD + lines(1, 5) + "6,0.")  # being written
    first = read_metrics(path)
    assert [row[0] for row in first.rows] == [1, 2, 3, 4, 5]
    assert first.fresh
    assert first.rows[0] == [1, 0.1, None]
    path.write_text(HEAD + lines(1, 8))
    then = read_metrics(path, first.next, first.mark)
    assert ([row[0] for row in then.rows], then.fresh) == ([6, 7, 8], False)
    last = read_metrics(path, then.next, then.mark)
    assert (last.rows, last.fresh, last.more) == ([], False, False)


def test_a_resumed_training_writes_the_file_anew(path: Path) -> None:
    """What came after its checkpoint is not true any more, even if the file is longer than it was."""
    path.write_text(HEAD + lines(1, 20))
    first = read_metrics(path)
    path.write_text(HEAD + lines(1, 10) + "".join(f"{step},9.75,\n" for step in range(11, 40)))
    then = read_metrics(path, first.next, first.mark)
    assert then.fresh
    assert [row[0] for row in then.rows] == list(range(1, 40))
    path.write_text(HEAD + lines(1, 3))
    assert read_metrics(path, then.next, then.mark).fresh


def test_a_resume_that_loses_nothing_goes_on(path: Path) -> None:
    path.write_text(HEAD + lines(1, 20))
    first = read_metrics(path)
    path.write_text(HEAD + lines(1, 20))  # as MetricsFile does
    with path.open("a") as file:
        file.write(lines(21, 22))
    then = read_metrics(path, first.next, first.mark)
    assert ([row[0] for row in then.rows], then.fresh) == ([21, 22], False)


def test_long_files_come_in_pieces(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK_BYTES", 300)
    path.write_text(HEAD + lines(1, 100))
    steps: list[float | None] = []
    found = read_metrics(path)
    while True:
        steps += [row[0] for row in found.rows]
        if not found.more:
            break
        found = read_metrics(path, found.next, found.mark)
        assert not found.fresh
    assert steps == list(range(1, 101))


def test_what_cannot_be_understood_is_left_out(path: Path) -> None:
    path.write_bytes(HEAD.encode() + b"1,nan,inf\nx,1,2\n\n\xff\xfe,1\n2,1e3,-0.5,7\n3\n")
    assert read_metrics(path).rows == [[1, None, None], [2, 1000, -0.5], [3, None, None]]


@given(st.binary(max_size=400), st.integers(0, 500), st.integers(0, 2**32))
def test_any_file_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, after: int, mark: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "metrics.csv"
    path.write_bytes(data)
    found = read_metrics(path, after, mark)
    assert 0 <= found.next <= len(data)
    assert all(len(row) == len(found.columns) for row in found.rows)


def test_links_are_not_followed(path: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(HEAD + lines(1, 3))
    path.symlink_to(tmp_path / "secret")
    assert read_metrics(path).rows == []
