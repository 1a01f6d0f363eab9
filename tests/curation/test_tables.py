"""CSV as text alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from limner.curation.tables import read_table, write_table
from limner.errors import DataError

CELLS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.sampled_from(["x.csv", "x.tsv"]))
def test_there_and_back(tmp_path: Path, rows: list[tuple[str, str]], name: str) -> None:
    write_table(tmp_path / name, ("a", "b"), rows)
    found = read_table(tmp_path / name, ("a", "b"))
    assert [(row["a"], row["b"]) for row in found] == rows


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,more\n007\n")
    assert read_table(tmp_path / "x.csv", ("id",)) == [{"id": "007", "more": ""}]


def test_what_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"no column 'c'; it has a and b"):
        read_table(path, ("a", "c"))
    path.write_text("a,b\n")
    with pytest.raises(DataError, match="no rows"):
        read_table(path, ("a",))
    path.write_bytes(b"\xff\xfe\x00a")
    with pytest.raises(DataError, match=r"x\.csv"):
        read_table(path, ("a",))
    with pytest.raises(DataError, match=r"nosuch\.csv"):
        read_table(tmp_path / "nosuch.csv", ("a",))
