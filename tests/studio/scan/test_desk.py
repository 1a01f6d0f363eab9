"""The desk: pictures are held, bounded in number, size and time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from tests.studio.scan.pictures import CURVE, DASHES, pages, picture, pixels

from limner.errors import DataError, LimnerError
from limner.studio.deadline import Deadline
from limner.studio.limits import Limits
from limner.studio.scan import desk as desk_module
from limner.studio.scan.desk import Desk, GoneError
from limner.studio.scan.shapes import Wish

LONG = Deadline(1e9)  # however long the tests before took


def desk(**limits: Any) -> Desk:
    return Desk(replace(Limits(), **limits))


def test_pictures_make_room_for_new_ones() -> None:
    """Those that were not used for longest go first."""
    table = desk(scans=2)
    one, two = (table.put(picture(), name, LONG).id for name in ("one", "two"))
    table.take(one)
    three = table.put(picture(), "three", LONG).id
    assert len(table) == 2
    assert {table.take(name).name for name in (one, three)} == {"one", "three"}
    with pytest.raises(GoneError, match="send it again"):
        table.take(two)


def test_bytes_are_bounded_but_one_picture_may_lie_there() -> None:
    table = desk(scan_bytes=10)
    first = table.put(picture(), "one", LONG).id
    assert table.take(first).name == "one"
    table.put(picture(), "two", LONG)
    assert len(table) == 1


def test_pictures_that_nobody_looks_at_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    table = desk(scan_seconds=50)
    name = table.put(picture(), "one", LONG).id
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 40)
    table.take(name)
    monkeypatch.setattr(time, "monotonic", lambda: now + 80)
    table.take(name)
    monkeypatch.setattr(time, "monotonic", lambda: now + 200)
    with pytest.raises(GoneError):
        table.take(name)


def test_names_cannot_be_guessed() -> None:
    table = desk()
    names = {table.put(picture(), "x", LONG).id for _ in range(5)}
    assert len(names) == 5
    assert min(map(len, names)) >= 16


def test_what_is_refused_does_not_lie_there() -> None:
    table = desk()
    with pytest.raises(DataError, match=r"letter\.png is no picture"):
        table.put(b"a letter", "letter.png", LONG)
    assert not len(table)


def test_pages_are_read_when_they_are_asked_for() -> None:
    """And again when they have been forgotten."""
    table = desk()
    upload = table.put(pages(pixels(CURVE), pixels(*DASHES), pixels(CURVE)), "book.tif", LONG)
    assert upload.pages == 3
    found = {page: table.easel(upload.id, page, LONG) for page in (1, 2, 3)}
    assert len(found[2].read(Wish(), LONG).result.drawing) == 2
    assert table.easel(upload.id, 3, LONG) is found[3]
    assert table.easel(upload.id, 1, LONG) is not found[1]
    with pytest.raises(LimnerError, match=r"book.tif has 3 pages\."):
        table.easel(upload.id, 4, LONG)


def test_large_pictures_are_made_smaller() -> None:
    table = desk(scan_pixels=5_000)  # of 19,200
    upload = table.put(picture(pen_px=6), "x", LONG)
    result = table.easel(upload.id, 1, LONG).read(Wish(), LONG).result
    assert (result.width, result.height) == (160, 120)
    assert "looked at 2 times smaller" in result.warnings


def test_shown_pictures_are_not_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "SHOWN_PX", 80)
    table = desk()
    upload = table.put(picture(), "x", LONG)
    assert table.shown(upload.id, 1, LONG).size == (80, 60)
