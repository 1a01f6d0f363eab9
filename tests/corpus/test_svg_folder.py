from __future__ import annotations

from pathlib import Path

import pytest

from limner.corpus.collector import Collector
from limner.corpus.svg_folder import read_one_svg, read_svgs
from limner.errors import DataError

LINE = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 10 20 L 13 24" fill="none" stroke="black"/></svg>'


def write(path: Path, text: str = LINE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_one_folder_has_no_labels(tmp_path: Path) -> None:
    files = [write(tmp_path / "a.svg"), write(tmp_path / "b.svg")]
    ticks: list[None] = []
    reading = read_svgs(files, tmp_path, Collector(strict=True), tick=lambda: ticks.append(None))
    part = reading.parts[None]
    assert part.sources == ("a.svg#0", "b.svg#0")
    assert part[1].tolist() == [[10, 20, 0], [3, 4, 1]]
    assert reading.label_names == ()
    assert len(ticks) == 2


def test_several_folders_are_labels(tmp_path: Path) -> None:
    files = [write(tmp_path / "cats" / "a.svg"), write(tmp_path / "dogs" / "a.svg")]
    reading = read_svgs(files, tmp_path, Collector(strict=True), tick=lambda: None)
    assert reading.label_names == ("cats", "dogs")
    assert reading.parts[None].labels.tolist() == [0, 1]
    assert reading.parts[None].sources == ("cats/a.svg#0", "dogs/a.svg#0")


@pytest.mark.parametrize("text", ["<svg", "", "hello", "<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_damaged_file_among_others_is_one_bad_drawing(tmp_path: Path, text: str) -> None:
    files = [write(tmp_path / "a.svg"), write(tmp_path / "b.svg", text)]
    with pytest.raises(DataError, match=r"b\.svg"):
        read_svgs(files, tmp_path, Collector(strict=True), tick=lambda: None)
    collector = Collector(strict=False)
    reading = read_svgs(files, tmp_path, collector, tick=lambda: None)
    assert reading.parts[None].sources == ("a.svg#0",)
    assert [one.source for one in collector.rejected] == ["b.svg#0"]


def test_a_single_file(tmp_path: Path) -> None:
    part = read_one_svg(write(tmp_path / "a.svg")).parts[None]
    assert part.sources == ("a.svg#0",)
    assert part.rows.tolist() == [[10, 20, 0], [3, 4, 1]]


def test_a_single_damaged_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.svg"):
        read_one_svg(write(tmp_path / "a.svg", "<svg"))
