"""The table of drawing writers, every entry of it, and those of other packages."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.docs import python_blocks
from tests.plugins import installed, read_again

from limner.errors import LimnerError
from limner.render.pace import Pace
from limner.render.style import Style
from limner.render.write import find_writer, suffixes, write_drawings, write_with
from limner.render.writers import FOLDER, WRITERS, DrawingWriter, WriteOptions
from limner.strokes.drawing import Drawing

DRAWINGS = [Drawing.from_polylines([[(0, 0), (k, 9), (9, k)]]) for k in range(1, 4)]
QUICK = WriteOptions(size_px=48, pace=Pace(seconds=0.5, fps=10, hold_seconds=0))
PAGE = "docs/adding/writer.md"


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the example of the documentation as another package."""
    read_again(monkeypatch, WRITERS)
    (tmp_path / "stranger.py").write_text("\n".join(python_blocks(PAGE)), encoding="utf-8")
    installed(tmp_path, monkeypatch, "limner.writers", points="stranger:POINTS")
    return tmp_path


@pytest.mark.parametrize("name", [name for name, _ in WRITERS.built_in()])
@pytest.mark.parametrize("n", [1, 3])
def test_every_writer_writes_one_file_or_folder_and_the_same_again(tmp_path: Path, name: str, n: int) -> None:
    writer = WRITERS[name]
    if name == "mp4":
        pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    path, again = (tmp_path / folder / f"x{writer.suffix}" for folder in ("a", "b"))
    for place in (path, again):
        write_with(writer, DRAWINGS[:n], place, QUICK)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    if writer.suffix == FOLDER:
        assert len(list(path.iterdir())) == n
    else:
        assert path.read_bytes() == again.read_bytes() != b""


@pytest.mark.parametrize("name", [name for name, _ in WRITERS.built_in()])
def test_entries_are_whole(name: str) -> None:
    writer = WRITERS[name]
    assert writer.title
    assert writer.suffix == writer.suffix.lower()
    assert (writer.suffix == FOLDER) is (writer.media_type == "")
    others = [w for other, w in WRITERS.built_in() if other != name and w.suffix == writer.suffix]
    assert all(w.mark != writer.mark for w in others)  # names of files tell them apart


@pytest.mark.parametrize("kind", ["draw", "sheet", "morph"])
@pytest.mark.parametrize("name", [name for name, writer in WRITERS.built_in() if writer.moves])
def test_animations_of_every_kind(tmp_path: Path, name: str, kind: str) -> None:
    if name == "mp4":
        pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    path = tmp_path / f"x{WRITERS[name].suffix}"
    write_with(WRITERS[name], DRAWINGS, path, WriteOptions(**{**vars(QUICK), "kind": kind}))
    assert path.stat().st_size > 500


@pytest.mark.parametrize("name", ["gif", "zip"])
def test_work_can_be_ended_from_outside(tmp_path: Path, name: str) -> None:
    def stop(_: object) -> None:
        raise TimeoutError

    options = WriteOptions(**{**vars(QUICK), "tick": stop})
    with pytest.raises(TimeoutError):
        write_with(WRITERS[name], DRAWINGS, tmp_path / "x", options)
    assert list(tmp_path.iterdir()) == []


def test_members_of_a_zip_are_the_files_of_a_folder(tmp_path: Path) -> None:
    style = Style(smooth=True)
    write_drawings(DRAWINGS, tmp_path / "x.zip", style=style)
    write_drawings(DRAWINGS, tmp_path / "x", style=style)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert members == {file.name: file.read_bytes() for file in (tmp_path / "x").iterdir()}


def test_the_page_shows_a_writer_that_another_package_adds(stranger: Path) -> None:
    assert list(WRITERS)[-1] == "points"
    assert isinstance(WRITERS["points"], DrawingWriter)
    write_drawings(DRAWINGS[:1], stranger / "x.csv")
    assert (stranger / "x.csv").read_text() == "drawing,stroke,x,y\n0,0,0,0\n0,0,1,9\n0,0,9,1\n"
    assert ".csv" in suffixes()
    with pytest.raises(LimnerError, match=r"\.csv or no suffix"):
        find_writer("x.jpg")
