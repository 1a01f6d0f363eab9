"""Names to pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from limner.errors import DataError
from limner.scan.files import find_pictures, free_name


@pytest.fixture
def book(tmp_path: Path) -> Path:
    for name in ("b/2.PNG", "b/10.jpg", "b/.hidden.png", "b/notes.txt", "a/1.tif", ".git/x.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_folders_at_any_depth(book: Path) -> None:
    assert [p.relative_to(book).as_posix() for p in find_pictures([book])] == [
        "a/1.tif",
        "b/10.jpg",
        "b/2.PNG",
    ]


def test_patterns(book: Path) -> None:
    assert [p.name for p in find_pictures([f"{book}/*/*.PNG", f"{book}/?"])] == ["2.PNG", "1.tif", "10.jpg"]


def test_each_once_and_missing_files_too(book: Path) -> None:
    names = [book / "b" / "notes.txt", book / "b", book / "b" / "2.PNG", book / "nosuch.png"]
    assert [p.name for p in find_pictures(names)] == ["notes.txt", "10.jpg", "2.PNG", "nosuch.png"]


def test_a_name_with_brackets_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "page[1].png").touch()
    assert find_pictures([tmp_path / "page[1].png"]) == [tmp_path / "page[1].png"]


@pytest.mark.parametrize(("name", "words"), [("*.webp", "No file fits"), ("empty", "no pictures")])
def test_what_stands_for_nothing(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=words):
        find_pictures([tmp_path / name])


def test_free_names() -> None:
    taken: set[str] = set()
    assert [free_name(n, taken) for n in ("a", "A", "a", "a-2", "b")] == ["a", "A-2", "a-3", "a-2-2", "b"]
