"""What a person chose."""

from __future__ import annotations

from pathlib import Path

import pytest

from limner.curation.choices import mask_of_ids, read_choices, read_ids
from limner.errors import DataError

IDS = ("a#0", "a#1", "a#2")


def _choices(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "choices.csv"
    path.write_text("".join(f"{row}\n" for row in ("source,choice,label", *rows)), encoding="utf-8")
    return path


def test_what_is_dropped_goes(tmp_path: Path) -> None:
    found = read_choices(_choices(tmp_path, "a#1,drop,", 'a#2,,"a cat, sitting"'))
    assert found.kept(IDS).tolist() == [True, False, True]
    assert found.label == {"a#2": "a cat, sitting"}


def test_what_is_kept_stays_alone(tmp_path: Path) -> None:
    found = read_choices(_choices(tmp_path, "a#1,keep,", "a#2,drop,"))
    assert found.kept(IDS).tolist() == [False, True, False]


def test_other_columns_and_a_mark_of_excel_do_not_disturb(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("\ufefflabel,more,source,choice\n,x,a#0,keep\n", encoding="utf-8")
    assert read_choices(path).choice == {"a#0": "keep"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no column 'source'"),
        ("source,label\na,b\n", "no column 'choice'"),
        ("source,choice,label\n", "no rows"),
        ("source,choice,label\na,maybe,\n", "line 2: a choice is keep, drop or empty, not 'maybe'"),
    ],
)
def test_strange_choices(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "choices.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=what):
        read_choices(path)


def test_lists_of_ids(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("a#0\n\n  a#2 \n")
    assert read_ids(tmp_path / "ids.txt") == ["a#0", "a#2"]
    assert read_ids(_choices(tmp_path, "a#1,keep,")) == ["a#1"]
    for name, text in (("empty.txt", "\n"), ("odd.csv", "id\na#0\n")):
        (tmp_path / name).write_text(text)
        with pytest.raises(DataError, match=name):
            read_ids(tmp_path / name)
    with pytest.raises(DataError, match="nosuch"):
        read_ids(tmp_path / "nosuch.txt")


def test_among() -> None:
    assert mask_of_ids(IDS, ["a#2"], Path("x")).tolist() == [False, False, True]
    with pytest.raises(DataError, match=r"ids\.txt names b#0 and 1 more"):
        mask_of_ids(IDS, ["a#0", "b#0", "b#1"], Path("ids.txt"))
