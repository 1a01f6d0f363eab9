"""Drawings to files, by suffix."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from limner.errors import LimnerError
from limner.render.style import Style
from limner.render.write import find_writer, suffixes, write_drawings, write_with
from limner.render.writers import WriteOptions
from limner.strokes.drawing import Drawing

CROSS = Drawing.from_polylines(([(0, 0), (10, 10)], [(10, 0), (0, 10)]))
DOT = Drawing.from_polylines(([(3, 3)],))
SVG = "{http://www.w3.org/2000/svg}"


def groups(path: Path) -> list[ET.Element]:
    found = ET.parse(path).iter(f"{SVG}g")
    return [group for group in found if group.get("id", "").startswith("drawing-")]


def test_one_drawing_is_a_plain_svg_document(tmp_path: Path) -> None:
    write_drawings([CROSS], tmp_path / "x.svg")
    assert (tmp_path / "x.svg").read_text(encoding="utf-8") == CROSS.to_svg()


def test_several_drawings_are_a_sheet(tmp_path: Path) -> None:
    write_drawings([CROSS, DOT, Drawing(())], tmp_path / "x.svg", captions=["a", "b", "c"])
    assert len(groups(tmp_path / "x.svg")) == 3


def test_one_drawing_with_a_caption_is_a_sheet(tmp_path: Path) -> None:
    write_drawings([CROSS], tmp_path / "x.svg", captions=["a"])
    assert len(groups(tmp_path / "x.svg")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".png", ".gif", ".PNG"])
def test_pictures_are_of_their_kind(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    write_drawings([CROSS, DOT], path, columns=1)
    with Image.open(path) as image:
        assert image.format == suffix[1:].upper()
        assert image.height > image.width
    write_drawings([CROSS], path, padding=0.0)
    with Image.open(path) as sheet:
        sheet_size = sheet.size
    write_drawings([CROSS], path, columns=None)
    with Image.open(path) as alone:
        assert alone.size != sheet_size
        assert alone.width == alone.height


def test_a_path_without_suffix_is_a_folder(tmp_path: Path) -> None:
    write_drawings([CROSS, DOT], tmp_path / "out" / "flock")
    names = sorted(path.name for path in (tmp_path / "out" / "flock").iterdir())
    assert names == ["0000.svg", "0001.svg"]
    assert (tmp_path / "out" / "flock" / "0000.svg").read_text(encoding="utf-8") == CROSS.to_svg()


def test_an_existing_folder_keeps_its_name_and_files(tmp_path: Path) -> None:
    folder = tmp_path / "version.1"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    write_drawings([CROSS], folder)
    assert sorted(path.name for path in folder.iterdir()) == ["0000.svg", "notes.txt"]


def test_a_path_that_ends_in_a_slash_is_a_folder(tmp_path: Path) -> None:
    write_drawings([CROSS], f"{tmp_path}/version.2/")
    assert (tmp_path / "version.2" / "0000.svg").is_file()


@pytest.mark.parametrize("name", ["x.jpg", "x.npz", "x.svgz"])
def test_unknown_suffixes_are_refused_with_what_is_possible(tmp_path: Path, name: str) -> None:
    with pytest.raises(LimnerError) as refusal:
        write_drawings([CROSS], tmp_path / name)
    sentence = str(refusal.value)
    assert name in sentence
    assert all(suffix in sentence for suffix in (".svg", ".png", ".gif", "folder"))
    assert not any(tmp_path.iterdir())
    with pytest.raises(LimnerError, match=r"\.svg, \.png, \.gif, \.mp4, \.zip or no suffix"):
        find_writer(tmp_path / name)


def test_no_drawings_are_refused(tmp_path: Path) -> None:
    for name in ("x.svg", "x.png", "x.gif", "x"):
        with pytest.raises(LimnerError, match="no drawings"):
            write_drawings([], tmp_path / name)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["x.svg", "x.png", "x.gif", "x"])
def test_places_that_cannot_be_written_are_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(LimnerError, match=name):
        write_drawings([CROSS], tmp_path / "file" / name)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_is_not_taken_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "flock").write_text("", encoding="utf-8")
    with pytest.raises(LimnerError, match="is a file"):
        write_drawings([CROSS], tmp_path / "flock")


def test_nothing_is_left_when_an_option_is_refused(tmp_path: Path) -> None:
    for name in ("x.svg", "x.png", "x.gif"):
        with pytest.raises(ValueError, match="captions"):
            write_drawings([CROSS, DOT], tmp_path / name, captions=["only one"])
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["x.svg", "x.png", "x.gif"])
def test_the_same_drawings_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    for folder in ("a", "b"):
        write_drawings([CROSS, DOT], tmp_path / folder / name, title="Two", cell_px=40)
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.slow
def test_the_style_reaches_every_writer(tmp_path: Path) -> None:
    style = Style(ink="#ff0000", paper="#00ff00", tip="#ff0000")
    write_drawings([CROSS], tmp_path / "x.svg", style=style)
    assert "#ff0000" in (tmp_path / "x.svg").read_text(encoding="utf-8")
    for name in ("x.png", "x.gif"):
        write_drawings([CROSS], tmp_path / name, style=style)
        with Image.open(tmp_path / name) as image:
            assert image.convert("RGB").getpixel((1, 1)) == (0, 255, 0)


def test_animations_are_written_by_writers_that_move(tmp_path: Path) -> None:
    assert suffixes(moving=True) == [".gif", ".mp4", ".svg"]
    with pytest.raises(LimnerError, match=r"use \.gif, \.mp4 or \.svg"):
        find_writer(tmp_path / "x.png", moving=True)
    write_with(find_writer("x.svg", moving=True), [CROSS, DOT], tmp_path / "x.svg", WriteOptions())
    assert "@keyframes" in (tmp_path / "x.svg").read_text(encoding="utf-8")


def test_a_refusal_lists_what_the_caller_writes_too() -> None:
    with pytest.raises(LimnerError, match=r"\.zip, \.npz or no suffix"):
        find_writer("x.jpg", others=[".npz"])


def test_a_format_without_transparency_needs_a_ground(tmp_path: Path) -> None:
    pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    with pytest.raises(LimnerError, match=r"x\.mp4: MP4 has no transparency"):
        write_drawings([CROSS], tmp_path / "x.mp4", style=Style(ground="none"))
    assert not any(tmp_path.iterdir())
