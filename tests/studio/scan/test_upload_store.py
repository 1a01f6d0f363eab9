"""The desk: pictures are held as files, bounded in number, size and time, and swept away."""

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
from limner.studio.scan.upload_store import PREFIX, Desk, GoneError, sweep

NOBODY = 999_999_999
"""Number of a process that is not there: beyond what systems give."""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def desk() -> Iterator[Callable[..., Desk]]:
    """Give what makes desks."""
    made: list[Desk] = []

    def make(**limits: Any) -> Desk:
        made.append(Desk(replace(Limits(), **limits)))
        return made[-1]

    yield make
    for table in made:
        table.close()
        assert not table.folder.exists()


def put(table: Desk, name: str) -> str:
    """Lay a picture on a desk, and give its id."""
    path = table.folder / "coming"
    path.write_bytes(picture())
    return table.put(path, name).id


def test_pictures_make_room_for_new_ones(desk: Callable[..., Desk]) -> None:
    """Those that were not used for longest go first, and their files with them."""
    table = desk(scans=2)
    one, two = (put(table, name) for name in ("one", "two"))
    table.take(one)
    three = put(table, "three")
    assert len(table) == 2
    assert {table.take(name).name for name in (one, three)} == {"one", "three"}
    assert sorted(path.name for path in table.folder.rglob("*") if path.is_file()) == ["one", "three"]
    with pytest.raises(GoneError, match="send it again"):
        table.take(two)


def test_bytes_are_bounded_but_one_picture_may_lie_there(desk: Callable[..., Desk]) -> None:
    table = desk(scan_bytes=10)
    first = put(table, "one")
    assert table.take(first).path.read_bytes() == picture()
    put(table, "two")
    assert len(table) == 1


def test_pictures_that_nobody_looks_at_expire(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = desk(scan_seconds=50)
    name = put(table, "one")
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 40)
    table.take(name)
    monkeypatch.setattr(time, "monotonic", lambda: now + 80)
    table.take(name)
    monkeypatch.setattr(time, "monotonic", lambda: now + 200)
    with pytest.raises(GoneError):
        table.take(name)


def test_names_cannot_be_guessed(desk: Callable[..., Desk]) -> None:
    table = desk()
    names = {put(table, "x") for _ in range(5)}
    assert len(names) == 5
    assert min(map(len, names)) >= 16


def test_desks_of_the_dead_are_swept_away(tmp_path: Path) -> None:
    """Those of studios that live stay, and so does whatever is called otherwise."""
    names = (f"{PREFIX}{NOBODY}-a", f"{PREFIX}{os.getpid()}-a", f"{PREFIX}other")
    for name in names:
        (tmp_path / name / "x").mkdir(parents=True)
    sweep()
    assert [(tmp_path / name).exists() for name in names] == [False, True, True]
