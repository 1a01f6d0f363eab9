"""``limner animate``: one drawing or many, to every kind of file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

QUICK = ("--seconds", 0.5, "--fps", 10, "--size-px", 48, "--hold-seconds", 0)


def test_a_sheet_of_several(limner: Limner, npz: Path, svg: Path, work: Path) -> None:
    said = limner("animate", svg, f"{npz}#train/2", "--out", "sheet.gif", *QUICK)
    assert (said.code, said.out) == (0, "sheet.gif\n")
    with Image.open(work / "sheet.gif") as image:
        assert image.width > image.height


def test_a_whole_corpus_one_after_another(limner: Limner, npz: Path, work: Path) -> None:
    assert limner("animate", npz, "--as", "morph", "--out", "way.svg", *QUICK).code == 0
    assert (work / "way.svg").read_text().count("<g ") == 8  # the five of its test split, and back


def test_a_moving_svg_in_colours(limner: Limner, svg: Path, work: Path) -> None:
    assert limner("animate", svg, "--out", "a.svg", "--colour-by", "order", *QUICK).code == 0
    assert "@keyframes" in (work / "a.svg").read_text()


def test_mp4(limner: Limner, svg: Path, work: Path) -> None:
    pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    assert limner("animate", svg, "--out", "a.mp4", "--no-tip", *QUICK).code == 0
    assert (work / "a.mp4").read_bytes()[4:8] == b"ftyp"


def test_mp4_without_its_extra(refused: Refused, svg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    refused("animate", svg, "--out", "new/a.mp4", names="limner[video]")


def test_what_was_skipped_in_a_single_svg(limner: Limner, svg: Path, work: Path) -> None:
    """Stands on stderr, for every verb that reads one; nothing is said of a file that is read whole."""
    (work / "letter.svg").write_text(svg.read_text().replace("</svg>", "<text>hello</text></svg>"))
    for command in (
        ("animate", "letter.svg", "--out", "a.gif", *QUICK),
        ("complete", "doodles", "letter.svg"),
    ):
        said = limner(*command)
        assert said.code == 0
        assert said.err == "letter.svg: Passed over: texts (1).\n"
    assert limner("animate", svg, "--out", "b.gif", *QUICK).err == ""
