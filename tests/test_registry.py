"""Tables of what is built in and what other packages add."""

from __future__ import annotations

import warnings
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from tests.plugins import installed

from limner.errors import LimnerError
from limner.registry import Registry

TABLE = "limner.tests"


def _table() -> Registry[int]:
    built_in: dict[str, int | str] = {"one": 1, "size": "limner.errors:LONGEST_SENTENCE"}
    return Registry(TABLE, "number", built_in, lambda entry: isinstance(entry, int))


def test_built_in_entries_come_in_their_order() -> None:
    table = _table()
    assert list(table) == ["one", "size"]
    assert dict(table.items()) == dict(table.built_in()) == {"one": 1, "size": 300}
    assert "one" in table
    assert "two" not in table
    assert len(table) == 2


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(LimnerError, match="there is no number 'siz'; did you mean 'size'"):
        _table()["siz"]


def test_other_packages_add_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numbers_of_others.py").write_text("TWO = 2\nWORD = 'two'\n")
    installed(tmp_path, monkeypatch, TABLE, two="numbers_of_others:TWO", one="numbers_of_others:WORD")
    table = _table()
    assert list(table) == ["one", "size", "two"]
    assert table["two"] == 2
    assert table["one"] == 1  # a built-in name stays what it is


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("no_such_module:TWO", "cannot be imported: no module named"),
        ("numbers_of_others:THREE", "cannot be imported"),
        ("numbers_of_others:WORD", "which is no number"),
    ],
)
def test_broken_entries_are_named_and_cost_no_other(
    value: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numbers_of_others.py").write_text("TWO = 2\nWORD = 'two'\n")
    installed(tmp_path, monkeypatch, TABLE, two="numbers_of_others:TWO", worse=value)
    table = _table()
    with pytest.raises(LimnerError, match=f"^stranger adds .*{words}.*uninstall it"):
        table["worse"]
    with pytest.warns(UserWarning, match=words):
        assert dict(table.items()) == {"one": 1, "size": 300, "two": 2}


def test_nothing_is_imported_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: EntryPoint) -> object:
        raise AssertionError("imported")

    monkeypatch.setattr(EntryPoint, "load", fail)
    with warnings.catch_warnings():
        assert _table()["one"] == 1
