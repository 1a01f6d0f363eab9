"""Printed ruling is left out; what a hand drew is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.spatial import cKDTree
from tests.scan.ink import samples
from tests.scan.papers import ROWS_A_COLUMN, cover_of, hand, page

from limner.errors import DataError
from limner.scan.batch import scan_files
from limner.scan.contact_sheet import caption
from limner.scan.ruling import erase_ruling
from limner.scan.scan import scan, scan_grey
from limner.scan.settings import ScanSettings
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.scan.result import ScanResult

RULED = {"ruled": "lines", "squared": "squares", "dotted": "dots"}


def shares(result: ScanResult, height: int) -> tuple[float, float]:
    """Return how much of the strokes was found, and how much of what was found are the strokes."""
    near = max(2.0, height / 250)
    truth = samples(Drawing.from_polylines([stroke * round(height / ROWS_A_COLUMN) for stroke in hand()]))
    found = samples(result.drawing)
    recall, precision = cKDTree(found).query(truth)[0], cKDTree(truth).query(found)[0]
    return float((recall <= near).mean()), float((precision <= near).mean())


@pytest.mark.slow
@pytest.mark.parametrize("height", [480, 800])
@pytest.mark.parametrize("kind", ["ruled", "squared", "dotted", "brush", "pencil", "through"])
def test_the_strokes_are_found_on_any_paper_at_any_resolution(kind: str, height: int) -> None:
    result = scan_grey(page(kind, height), name="x")
    recall, precision = shares(result, height)
    assert recall >= 0.95
    if kind != "through":  # what shines through is faint ink, too
        assert precision >= 0.95
    if result.ruling:
        assert result.ruling.kind == RULED[kind]


@pytest.mark.slow
@pytest.mark.parametrize("tilt", [0.0, 0.035])
@pytest.mark.parametrize("kind", list(RULED))
@pytest.mark.parametrize("shade", [0.3, 0.6])
def test_darker_and_turned_ruling(kind: str, shade: float, tilt: float) -> None:
    result = scan_grey(page(kind, 700, shade=shade, tilt=tilt), name="x")
    assert result.ruling is not None
    assert result.ruling.kind == RULED[kind]
    assert result.ruling.spacing == pytest.approx(700 / 36, rel=0.01)
    recall, precision = shares(result, 700)
    assert recall >= 0.98
    assert precision >= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("shade", [0.2, 0.5])
@pytest.mark.parametrize("tilt", [0.0, 0.035])
def test_dense_squares_leave_no_dots(shade: float, tilt: float) -> None:
    """Squares of ten pixels, as those of 5 mm are at 50 dpi."""
    recall, precision = shares(scan_grey(page("squared", 360, shade=shade, tilt=tilt), name="x"), 360)
    assert recall >= 0.98
    assert precision >= 0.96


@pytest.mark.slow
def test_lines_that_a_corner_cuts_are_removed() -> None:
    grey = page("ruled", 500, shade=0.5, tilt=0.06, spacing_share=1 / 25)
    result = scan_grey(grey, name="x")
    assert shares(result, 500)[1] >= 0.98
    assert len(result.drawing) <= 4


@pytest.mark.slow
def test_strokes_across_ruling_stay_whole() -> None:
    assert len(scan_grey(page("ruled", 700), name="x").drawing) == 3
    assert len(scan_grey(page("squared", 700), name="x").drawing) == 3


@pytest.mark.slow
def test_ruling_is_kept_on_demand() -> None:
    grey = page("ruled", 700, shade=0.6)
    kept, left_out = (scan_grey(grey, ScanSettings(ruling=r), name="x") for r in ("keep", "auto"))
    assert kept.ruling is None
    assert kept.drawing.ink_length > 3 * left_out.drawing.ink_length
    with pytest.raises(ValueError, match="ruling must be one of auto, keep"):
        ScanSettings(ruling="maybe")  # type: ignore[arg-type]


@pytest.mark.slow
def test_ruling_is_said_in_the_report(tmp_path: Path) -> None:
    Image.fromarray(page("squared", 500).astype(np.uint8)).save(tmp_path / "page.png")
    scan_files([tmp_path / "page.png"], tmp_path / "out")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["settings"]["ruling"] == "auto"
    assert report["pages"][0]["ruling"]["kind"] == "squares"
    assert report["pages"][0]["ruling"]["spacing"] == pytest.approx(500 / 36, rel=0.01)
    assert caption("page.svg", scan_grey(page("squared", 500), name="x")).endswith(", ruling removed")
    assert any("left out printed squares of 13.9 pixels" in w for w in report["pages"][0]["warnings"])


def shaky(start: tuple[float, float], end: tuple[float, float], rng: np.random.Generator) -> NDArray[Any]:
    """Return a line as a hand draws it, on a page one unit wide."""
    t = np.linspace(0, 1, 60)
    line = np.outer(1 - t, start) + np.outer(t, end)
    wobble = np.cumsum(rng.normal(0, 1, (60, 2)), axis=0)
    return line + 0.0006 * (wobble - np.outer(t, wobble[-1]))


def window(rng: np.random.Generator, panes: int, low: float, high: float) -> list[NDArray[Any]]:
    """Return a drawn window of so many panes a side."""
    places = np.linspace(low, high, panes + 1)
    return [shaky((low, at), (high, at), rng) for at in places] + [
        shaky((at, low), (at, high), rng) for at in places
    ]


@pytest.mark.slow
@pytest.mark.parametrize("height", [400, 900])
@pytest.mark.parametrize(
    "strokes",
    [
        [[[0.0, 0.5], [1.0, 0.52]]],
        [[[0.02, 0.3], [0.98, 0.3]], [[0.02, 0.6], [0.98, 0.6]], [[0.02, 0.9], [0.98, 0.9]]],
        window(np.random.default_rng(0), 2, 0.2, 0.8),
        window(np.random.default_rng(1), 4, 0.1, 0.9),
        window(np.random.default_rng(2), 8, 0.1, 0.9),
        [shaky((0.0, y), (1.0, y), np.random.default_rng(3)) for y in np.linspace(0.1, 1.2, 12)],
    ],
)
def test_drawn_lines_and_grids_are_no_ruling(strokes: list[Any], height: int) -> None:
    rng = np.random.default_rng(0)
    lines: list[Any] = [
        line + rng.normal(0, 0.006, 2) for line in map(np.asarray, strokes)
    ]  # as even as a hand is
    cover = cover_of(lines, height, height / 200)
    dark = (0.9 * cover + rng.normal(0, 0.01, cover.shape)).astype(np.float32)
    same, ruling = erase_ruling(dark)
    assert ruling is None
    assert same is dark or (same == dark).all()


@pytest.mark.slow
def test_nothing_but_ruling() -> None:
    grey = 255 - 120 * (np.arange(400) % 12 < 2)[:, None].repeat(300, axis=1).astype(np.float32)
    with pytest.raises(DataError, match=r"blank but for printed lines every 12 pixels"):
        scan_grey(grey, name="x")
    assert len(scan_grey(grey, ScanSettings(ruling="keep"), name="x").drawing) >= 30


def test_case_51(data_dir: Path) -> None:
    file = data_dir.parent / "cases" / "51-ruled-every10.png"
    if not file.exists():
        pytest.skip(f"{file} is not there")
    result = scan(file)
    assert len(result.drawing) == 1
    assert result.ruling is not None
    assert result.ruling.spacing == pytest.approx(10, rel=0.01)
    assert 4 <= result.pen_px <= 6


@pytest.mark.parametrize("drop", [0, 7, 14, 28])
@pytest.mark.parametrize(("step", "shade"), [(16, 200), (22, 90), (22, 150), (30, 200)])
def test_thin_jagged_lines_are_found_however_they_are_turned(drop: int, step: int, shade: int) -> None:
    """Lines of one pixel without soft edges have harmonics as strong as their own frequency."""
    image = Image.new("L", (700, 500), 248)
    pen = ImageDraw.Draw(image)
    for y in range(20, 500, step):
        pen.line([(0, y), (700, y + drop)], fill=shade)
    pen.line([(100, 100), (300, 380), (420, 150), (600, 400)], fill=20, width=4, joint="curve")
    pen.ellipse([200, 60, 330, 190], outline=25, width=4)
    result = scan(image)
    assert result.ruling is not None
    assert (result.ruling.kind, round(result.ruling.spacing)) == ("lines", step)
    assert len(result.drawing) <= 4
    assert result.drawing.ink_length == pytest.approx(1360, rel=0.05)
