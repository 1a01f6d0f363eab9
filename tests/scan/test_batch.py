"""Many pictures at once, and the contact sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from limner.errors import DataError, LimnerError
from limner.scan.batch import scan_files
from limner.scan.contact_sheet import PAIR_PX, contact_sheet, side_by_side
from limner.scan.scan import scan_grey
from limner.scan.settings import ScanSettings
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from tests.scan.conftest import Inked


@pytest.fixture
def pages(tmp_path: Path, inked: Inked) -> Path:
    """Three pages in two folders, two of them with the same name, and a file that is none."""
    for index, name in enumerate(("a/1.png", "b/1.jpg", "b/2.tif")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        grey = inked([[20, 20 + index], [140, 100]]).astype(np.uint8)
        Image.fromarray(grey).save(tmp_path / name)
    (tmp_path / "b" / "bad.png").write_bytes(b"no picture")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_one_svg_each_and_a_report(pages: Path, jobs: int) -> None:
    seen: list[tuple[int, int | None]] = []
    out = pages / "out"
    batch = scan_files(
        [pages / "a", pages / "b"], out, jobs=jobs, progress=lambda done, of: seen.append((done, of))
    )
    assert sorted(p.name for p in out.iterdir()) == [
        "1-2.svg",
        "1.svg",
        "2.svg",
        "contact.png",
        "report.json",
    ]
    assert len(Drawing.from_svg(out / "1-2.svg")) == 1
    report = json.loads((out / "report.json").read_text())
    assert [Path(page["file"]).name for page in report["pages"]] == ["1.png", "1.jpg", "2.tif"]
    assert report["pages"] == batch.pages
    assert {"strokes", "points", "ink_length_px", "seconds", "warnings"} <= set(report["pages"][0])
    assert report["settings"]["single_line"] is False
    assert list(batch.failures) == [str(pages / "b" / "bad.png")]
    assert "bad.png" in batch.failures[str(pages / "b" / "bad.png")]
    assert seen == [(i, 4) for i in (1, 2, 3, 4)]


def test_all_pages_of_a_tiff(tmp_path: Path, inked: Inked) -> None:
    images = [Image.fromarray(inked([[20, y], [140, 100]]).astype(np.uint8)) for y in (20, 50)]
    images[0].save(tmp_path / "book.tif", save_all=True, append_images=images[1:])
    batch = scan_files([tmp_path / "book.tif"], tmp_path / "out")
    assert [page["svg"] for page in batch.pages] == ["book.svg", "book-2.svg"]


def test_nothing_is_left_of_failures_alone(pages: Path) -> None:
    batch = scan_files([pages / "b" / "bad.png"], pages / "out")
    assert len(batch.failures) == 1
    assert not (pages / "out").exists()


def test_settings_reach_every_page(pages: Path) -> None:
    batch = scan_files([pages / "a"], pages / "out", ScanSettings(shortest_px=1000))
    assert batch.pages[0]["strokes"] == 0


def test_a_file_is_no_folder_to_write_to(pages: Path) -> None:
    with pytest.raises(LimnerError, match="is a file"):
        scan_files([pages / "a"], pages / "b" / "bad.png")
    with pytest.raises(DataError, match="No file fits"):
        scan_files([f"{pages}/x*"], pages / "out")


def test_the_sheet_shows_page_and_strokes(inked: Inked) -> None:
    grey = inked([[20, 20], [140, 100]])
    image = side_by_side(grey, scan_grey(grey, name="x"))
    half = image.width // 2
    assert (image.height, half) == (PAIR_PX * 120 // 160, PAIR_PX)
    left, right = (np.asarray(image.convert("L"))[:, part] for part in (slice(half), slice(half + 1, None)))
    assert left[135, 180] < 100
    assert right[133:137, 178:182].min() < 160
    assert right[20, 300] == left[20, 300] == 255
    whole = contact_sheet([(f"page {i}", image) for i in range(5)])
    assert whole.width > 4 * image.width
    assert whole.height > 2 * image.height
