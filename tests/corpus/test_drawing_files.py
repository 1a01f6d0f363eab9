from __future__ import annotations

from pathlib import Path

import pytest
from tests.corpus.reads import ReadBack, read_back

from limner.corpus.builder import CorpusBuilder
from limner.corpus.drawing_files import read_files
from limner.corpus.formats.format import DrawingRecords, ReadOptions
from limner.corpus.formats.json_file import read_json
from limner.corpus.formats.picture_file import read_picture_file
from limner.corpus.formats.svg_file import read_svg_file
from limner.errors import DataError
from limner.scan.settings import ScanSettings

LINE = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 10 20 L 13 24" fill="none" stroke="black"/></svg>'


def write(path: Path, text: str = LINE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def read_svg(file: Path) -> DrawingRecords:
    return read_svg_file(file, ReadOptions())


def read(files: list[Path], root: Path | None, *, strict: bool = True, labelled: bool = False) -> ReadBack:
    def into(builder: CorpusBuilder) -> None:
        read_files(files, root, builder, read_svg, labelled=labelled)

    return read_back(into, strict=strict)


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
    reading = read(files, tmp_path, strict=False)
    assert reading.parts[None].sources == ("a.svg#0",)
    assert [one.source for one in reading.rejected] == ["b.svg#0"]


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

    def decode(file: Path) -> DrawingRecords:
        return read_picture_file(file, ReadOptions(scan=ScanSettings()))

    book = [tmp_path / "book.tif"]
    reading = read_back(lambda builder: read_files(book, tmp_path, builder, decode), strict=False)
    assert reading.parts[None].sources == ("book.tif#0", "book.tif#2")
    assert [one.source for one in reading.rejected] == ["book.tif#1"]
    assert "blank" in reading.rejected[0].reason


def test_birds(tmp_path: Path) -> None:
    bird = '{"all_strokes": [[[[0, 0, 3, 4]]], []]}'
    good, empty = write(tmp_path / "a.json", bird), write(tmp_path / "b.json", '{"all_strokes": []}')

    def decode(file: Path) -> DrawingRecords:
        return read_json(file, ReadOptions())

    reading = read_back(lambda builder: read_files([good, empty], tmp_path, builder, decode), strict=False)
    assert reading.parts[None].rows.tolist() == [[0, 0, 0], [3, 4, 1]]
    assert [one.source for one in reading.rejected] == ["b.json#0"]
