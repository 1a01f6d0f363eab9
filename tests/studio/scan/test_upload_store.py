"""The upload_store: pictures are held as files, bounded in number, size and time, and swept away."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.studio.scan.pictures import picture

from limner.studio.limits import Limits
from limner.studio.scan.upload_store import PREFIX, UploadGoneError, UploadStore, remove_stale_folders

NOBODY = 999_999_999
"""Number of a process that is not there: beyond what systems give."""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def upload_store() -> Iterator[Callable[..., UploadStore]]:
    """Return what makes desks."""
    made: list[UploadStore] = []

    def make(**limits: Any) -> UploadStore:
        made.append(UploadStore(replace(Limits(), **limits)))
        return made[-1]

    yield make
    for table in made:
        table.close()
        assert not table.folder.exists()


def put(table: UploadStore, name: str) -> str:
    """Lay a picture on a upload_store, and return its id."""
    path = table.folder / "coming"
    path.write_bytes(picture())
    return table.put(path, name).id


def test_pictures_make_room_for_new_ones(upload_store: Callable[..., UploadStore]) -> None:
    """Those that were not used for longest go first, and their files with them."""
    table = upload_store(uploads=2)
    one, two = (put(table, name) for name in ("one", "two"))
    table.get(one)
    three = put(table, "three")
    assert len(table) == 2
    assert {table.get(name).name for name in (one, three)} == {"one", "three"}
    assert sorted(path.name for path in table.folder.rglob("*") if path.is_file()) == ["one", "three"]
    with pytest.raises(UploadGoneError, match="send it again"):
        table.get(two)


def test_bytes_are_bounded_but_one_picture_may_lie_there(upload_store: Callable[..., UploadStore]) -> None:
    table = upload_store(uploaded_bytes=10)
    first = put(table, "one")
    assert table.get(first).path.read_bytes() == picture()
    put(table, "two")
    assert len(table) == 1


def test_pictures_that_nobody_looks_at_expire(
    upload_store: Callable[..., UploadStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = upload_store(upload_idle_seconds=50)
    name = put(table, "one")
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 40)
    table.get(name)
    monkeypatch.setattr(time, "monotonic", lambda: now + 80)
    table.get(name)
    monkeypatch.setattr(time, "monotonic", lambda: now + 200)
    with pytest.raises(UploadGoneError):
        table.get(name)


def test_names_cannot_be_guessed(upload_store: Callable[..., UploadStore]) -> None:
    table = upload_store()
    names = {put(table, "x") for _ in range(5)}
    assert len(names) == 5
    assert min(map(len, names)) >= 16


def test_desks_of_the_dead_are_swept_away(tmp_path: Path) -> None:
    """Those of studios that live stay, and so does whatever is called otherwise."""
    names = (f"{PREFIX}{NOBODY}-a", f"{PREFIX}{os.getpid()}-a", f"{PREFIX}other")
    for name in names:
        (tmp_path / name / "x").mkdir(parents=True)
    remove_stale_folders()
    assert [(tmp_path / name).exists() for name in names] == [False, True, True]
