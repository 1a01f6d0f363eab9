from __future__ import annotations

from pathlib import Path

import pytest

from limner.corpus.collector import Collector
from limner.corpus.folder import read_files, scanned, svg_drawings
from limner.corpus.formats.format import ReadOptions
from limner.corpus.formats.json_file import read_json
from limner.corpus.reading import Reading, merge
from limner.errors import DataError
from limner.scan.settings import ScanSettings

LINE = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 10 20 L 13 24" fill="none" stroke="black"/></svg>'


def write(path: Path, text: str = LINE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def read(files: list[Path], root: Path | None, *, strict: bool = True, labelled: bool = False) -> Reading:
    return merge(read_files(files, root, Collector(strict=strict), svg_drawings, labelled=labelled))


def test_one_folder_has_no_labels(tmp_path: Path) -> None:
    reading = read([write(tmp_path / "a.svg"), write(tmp_path / "b.svg")], tmp_path)
    part = reading.parts[None]
    assert part.sources == ("a.svg#0", "b.svg#0")
    assert part[1].tolist() == [[10, 20, 0], [3, 4, 1]]
    assert reading.label_names == ()


def test_several_folders_are_labels(tmp_path: Path) -> None:
    files = [write(tmp_path / "cats" / "a.svg"), write(tmp_path / "dogs" / "a.svg")]
    reading = read(files, tmp_path, labelled=True)
    assert reading.label_names == ("cats", "dogs")
    assert reading.parts[None].labels.tolist() == [0, 1]
    assert reading.parts[None].sources == ("cats/a.svg#0", "dogs/a.svg#0")


@pytest.mark.parametrize("text", ["<svg", "", "hello", "<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_damaged_file_among_others_is_one_bad_drawing(tmp_path: Path, text: str) -> None:
    files = [write(tmp_path / "a.svg"), write(tmp_path / "b.svg", text)]
    with pytest.raises(DataError, match=r"b\.svg"):
        read(files, tmp_path)
    collector = Collector(strict=False)
    reading = merge(read_files(files, tmp_path, collector, svg_drawings))
    assert reading.parts[None].sources == ("a.svg#0",)
    assert [one.source for one in collector.rejected] == ["b.svg#0"]


def test_a_single_file(tmp_path: Path) -> None:
    part = read([write(tmp_path / "a.svg")], None).parts[None]
    assert part.sources == ("a.svg#0",)
    assert part.rows.tolist() == [[10, 20, 0], [3, 4, 1]]


def test_a_single_damaged_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.svg"):
        read([write(tmp_path / "a.svg", "<svg")], None, strict=False)


def test_every_page_of_a_picture_is_a_drawing_and_a_blank_one_is_left_out(tmp_path: Path) -> None:
    from PIL import Image, ImageDraw

    pages = [Image.new("L", (80, 60), 255) for _ in range(3)]
    for page in (pages[0], pages[2]):
        ImageDraw.Draw(page).line([(10, 10), (70, 50)], fill=0, width=3)
    pages[0].save(tmp_path / "book.tif", save_all=True, append_images=pages[1:])
    collector = Collector(strict=False)
    reading = merge(
        read_files([tmp_path / "book.tif"], tmp_path, collector, lambda file: scanned(file, ScanSettings()))
    )
    assert reading.parts[None].sources == ("book.tif#0", "book.tif#2")
    assert [one.source for one in collector.rejected] == ["book.tif#1"]
    assert "blank" in collector.rejected[0].reason


def test_birds(tmp_path: Path) -> None:
    bird = '{"all_strokes": [[[[0, 0, 3, 4]]], []]}'
    good, empty = write(tmp_path / "a.json", bird), write(tmp_path / "b.json", '{"all_strokes": []}')
    collector = Collector(strict=False)
    reading = merge(
        read_files([good, empty], tmp_path, collector, lambda file: read_json(file, ReadOptions()))
    )
    assert reading.parts[None].rows.tolist() == [[0, 0, 0], [3, 4, 1]]
    assert [one.source for one in collector.rejected] == ["b.json#0"]
