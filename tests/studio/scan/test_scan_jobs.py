"""Pages of pictures are read when they are asked for, and the last ones remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.studio.scan.pictures import CURVE, DASHES, pages, picture, pixels

from limner.errors import DataError, LimnerError
from limner.studio.deadline import Deadline
from limner.studio.scan import scan_jobs
from limner.studio.scan.scan_jobs import ScanReader
from limner.studio.scan.schemas import ScanOptions

LONG = Deadline(1e9)  # however long the tests before took
KNOTS = 10_000


def written(folder: Path, data: bytes, name: str = "x.png") -> Path:
    """Write a picture."""
    (folder / name).write_bytes(data)
    return folder / name


def test_what_is_no_picture_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"letter\.png is no picture"):
        ScanReader(10**6, KNOTS).cached_page(written(tmp_path, b"a letter", "letter.png"), 1)


def test_pages_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    """And again when they have been forgotten."""
    book = written(tmp_path, pages(pixels(CURVE), pixels(*DASHES), pixels(CURVE)), "book.tif")
    reader = ScanReader(10**6, KNOTS)
    found = {page: reader.cached_page(book, page) for page in (1, 2, 3)}
    assert {pages for _, pages in found.values()} == {3}
    assert len(found[2][0].read(ScanOptions(), LONG).result.drawing) == 2
    assert reader.cached_page(book, 3)[0] is found[3][0]
    assert reader.cached_page(book, 1)[0] is not found[1][0]
    with pytest.raises(LimnerError, match=r"book.tif has 3 pages\."):
        reader.cached_page(book, 4)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "CMYK", "P", "1", "I;16"])
def test_large_pictures_are_made_smaller(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "x.tif"
    image = Image.fromarray(pixels(CURVE, pen_px=6))
    (image.convert("I").convert(mode) if mode == "I;16" else image.convert(mode)).save(path)
    scan_cache, _ = ScanReader(5_000, KNOTS).cached_page(path, 1)  # of 19,200
    result = scan_cache.read(ScanOptions(), LONG).result
    assert (result.width, result.height) == (160, 120)
    assert "looked at 2 times smaller" in result.warnings
    assert len(result.drawing) == 1


def test_shown_pictures_are_not_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_jobs, "DISPLAY_PX", 80)
    arguments: dict[str, Any] = {"path": str(written(tmp_path, picture())), "options": {}}
    data = scan_jobs.picture(ScanReader(10**6, KNOTS), arguments, LONG)
    with Image.open(written(tmp_path, data, "shown.jpg")) as shown:
        assert shown.size == (80, 60)
