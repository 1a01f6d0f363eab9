from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from limner.corpus.catalogue import catalogue, find_entry, quickdraw_classes
from limner.errors import DataError


def test_there_are_345_classes_each_once() -> None:
    assert len(quickdraw_classes()) == len(set(quickdraw_classes())) == 345
    assert list(quickdraw_classes()) == sorted(quickdraw_classes(), key=str.lower)


def test_the_classes_at_hand_are_among_them(data_dir: Path) -> None:
    words = {path.stem for path in (data_dir / "quickdraw" / "simplified").glob("*.ndjson")}
    assert len(words) == 259
    assert words <= set(quickdraw_classes())


def test_every_entry_says_where_it_is_and_whose() -> None:
    assert {"sheep", "kanji", "omniglot", "quickdraw/cat"} <= set(catalogue())
    for name, entry in catalogue().items():
        assert entry.name == name
        assert re.fullmatch(r"https://[\w.-]+/[\w./%-]+\.npz", entry.url)
        assert entry.file.endswith(".npz")
        assert entry.licence
        assert entry.credit
        assert entry.about
        assert entry.sha256 is None or re.fullmatch("[0-9a-f]{64}", entry.sha256)
    assert len({entry.file for entry in catalogue().values()}) == len(catalogue())


def test_spaces_are_quoted_in_addresses_only() -> None:
    entry = find_entry("quickdraw/The Eiffel Tower")
    assert entry.url.endswith("/The%20Eiffel%20Tower.npz")
    assert entry.file == "quickdraw/The Eiffel Tower.npz"


def test_hashes_and_sizes_are_those_of_the_published_files(data_dir: Path) -> None:
    known = [entry for entry in catalogue().values() if entry.sha256]
    assert len(known) == 5
    for entry in known:
        content = (data_dir / "stroke3" / entry.file).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (entry.sha256, entry.size)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("shep", "sheep"),
        ("Sheep", "sheep"),
        ("cat", "quickdraw/cat"),
        ("quickdraw/catt", "quickdraw/cat"),
        ("quickdraw/eiffel tower", "quickdraw/The Eiffel Tower"),
        ("the mona lisa", "quickdraw/The Mona Lisa"),
        ("omniglott", "omniglot"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(DataError, match=rf"There is no dataset '{name}'; did you mean {near}\?"):
        find_entry(name)


def test_a_name_like_no_other_is_answered_with_the_way_to_the_list() -> None:
    with pytest.raises(DataError, match="limner data list"):
        find_entry("xxxxxxxxxxxx")
