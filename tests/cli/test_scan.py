"""``limner scan``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from limner.corpus.formats.format import DrawingRecord, ReadOptions
from limner.corpus.formats.picture_file import read_picture_file
from limner.scan.mend import trail_of
from limner.scan.settings import ScanSettings
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused


@pytest.fixture
def page(tmp_path: Path) -> Path:
    image = Image.new("L", (160, 120), 250)
    ImageDraw.Draw(image).line([(20, 20), (140, 100), (20, 100)], fill=20, width=3)
    image.save(tmp_path / "page.png")
    return tmp_path / "page.png"


def test_what_is_written_and_said(limner: Limner, page: Path) -> None:
    said = limner("scan", page, "--out", "out")
    assert (said.code, said.err) == (0, "")
    assert "page.svg: 1 stroke," in said.out
    assert sorted(p.name for p in Path("out").iterdir()) == ["contact.png", "page.svg", "report.json"]
    assert 'viewBox="0 0 160 120"' in Path("out/page.svg").read_text()


def test_json(limner: Limner, page: Path) -> None:
    said = limner("scan", page, "--out", "out", "--json", "--single-line", "--tolerance-px", 1)
    assert said.json["pages"][0]["strokes"] == 1
    assert said.json["failures"] == {}
    settings = json.loads(Path("out/report.json").read_text())["settings"]
    assert (settings["single_line"], settings["tolerance_px"]) == (True, 1.0)


@pytest.mark.slow
def test_the_rest_is_done_and_failures_come_last(limner: Limner, page: Path) -> None:
    for index in range(5):
        (page.parent / f"bad{index}.png").write_bytes(b"nothing")
    said = limner("scan", page.parent / "bad0.png", page, "--out", "out")
    assert said.code == 1
    assert said.err.startswith("limner: bad0.png is no picture")
    assert Path("out/page.svg").exists()
    assert "bad0.png" in Path("out/report.json").read_text()
    many = limner("scan", page.parent, "--out", "out2", "--json")
    assert many.code == 1
    assert len(many.err.splitlines()) == 3
    assert "3 more files failed" in many.err
    assert len(many.json["failures"]) == 5


@pytest.mark.parametrize(
    ("name", "pixels"),
    [
        ("white.png", np.full((80, 80), 255, np.uint8)),
        ("black.png", np.zeros((80, 80), np.uint8)),
        ("dot.png", np.zeros((1, 1), np.uint8)),
        ("white16.png", np.full((80, 80), 65535, np.uint16)),
        ("clear.png", np.zeros((80, 80, 4), np.uint8)),
    ],
)
def test_blank_pages(refused: Refused, tmp_path: Path, name: str, pixels: np.ndarray) -> None:
    Image.fromarray(pixels).save(tmp_path / name)
    assert "blank" in refused("scan", tmp_path / name, "--out", "out", names=name)


def test_damaged_and_missing_files(refused: Refused, page: Path) -> None:
    data = page.read_bytes()
    (page.parent / "cut.png").write_bytes(data[: len(data) // 2])
    (page.parent / "empty.png").touch()
    for name in ("cut.png", "empty.png", "nosuch.png"):
        refused("scan", page.parent / name, "--out", "out", names=name)
        refused("scan", page.parent / name, "--out", "out", "--json", names=name)
    refused("scan", "x*.png", "--out", "out", names="x*.png")


def test_the_folder_cannot_be_a_file(refused: Refused, page: Path) -> None:
    refused("scan", page, "--out", page, names="page.png")


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("scan --out out", "IMAGE is missing"),
        ("scan x.png", "--out is missing"),
        ("scan x.png --out out --tolerance-px -1", "tolerance"),
        ("scan x.png --out out --jobs 0", "jobs"),
        ("scan x.png --out out --single-lines", "--single-line"),
    ],
)
def test_bad_usage(refused: Refused, command: str, what: str) -> None:
    refused(*command.split(), names=what, code=2)


def test_bench(limner: Limner, page: Path) -> None:
    found = limner("bench", "scan", "--image", page, "--rounds", 1, "--json").json
    assert (found["width"], found["height"], found["strokes"]) == (160, 120, 1)
    assert found["ratio"] == pytest.approx(found["seconds"] / found["bare_seconds"])
    assert "pages/s" in limner("bench", "scan", "--image", page, "--rounds", 1).out


@pytest.mark.slow
def test_what_was_changed_by_hand_is_applied_or_ignored(limner: Limner, page: Path) -> None:
    drawn = limner("scan", page, "--out", "plain", "--json").json["pages"][0]
    assert drawn["fixes"] == 0
    (stroke,) = Drawing.from_svg(Path("plain/page.svg"))
    points = ", ".join(str([round(x, 2), round(y, 2)]) for x, y in trail_of(stroke))
    fix = f'[[fix]]\nkind = "reverse"\nstroke = [{points}]\n'
    page.with_name("page.fixes.toml").write_text(fix)
    said = limner("scan", page, "--out", "fixed")
    assert "1 fix by hand" in said.out
    (turned,) = Drawing.from_svg(Path("fixed/page.svg"))
    assert turned.tolist() == stroke[::-1].tolist()
    limner("scan", page, "--out", "again", "--fixes", "ignore")
    assert Path("again/page.svg").read_text() == Path("plain/page.svg").read_text()
    page.with_name("page.fixes.toml").write_text("[[fix]]\nkind = 'mend'\n")
    refused = limner("scan", page, "--out", "refused")
    assert refused.code == 1
    assert "page.fixes.toml: fix 1 cannot be used: kind must be one of flip" in refused.err


@pytest.mark.slow
def test_a_recipe_applies_what_was_changed_by_hand(limner: Limner, page: Path) -> None:
    limner("scan", page, "--out", "plain")
    (stroke,) = Drawing.from_svg(Path("plain/page.svg"))
    points = ", ".join(str([round(x, 2), round(y, 2)]) for x, y in trail_of(stroke))
    fix = f'[[fix]]\nkind = "split"\nstroke = [{points}]\nat = [60.0, 46.6]\n'
    page.with_name("page.fixes.toml").write_text(fix)
    (record,) = read_picture_file(page, ReadOptions(scan=ScanSettings()))
    assert isinstance(record, DrawingRecord)
    assert len(Drawing.from_stroke3(record.rows)) == 2


def test_outlines(limner: Limner, page: Path) -> None:
    limner("scan", page, "--out", "out", "--variable-width")
    assert "stroke" not in Path("out/page.svg").read_text()
