"""Pages as files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import limner
from limner.errors import LimnerError
from limner.plot.duration import Motion
from limner.plot.pens import PENS
from limner.plot.plan import plan_page
from limner.plot.plot import plot, plot_to_svg
from limner.plot.preview import check_preview, preview_image, write_preview
from limner.plot.report import plan_report
from limner.plot.true_scale import svg_mm_per_unit
from limner.plot.writers import plot_writers
from limner.render.writers import WriteOptions
from limner.strokes.drawing import Drawing

HOUSE = Drawing.from_polylines([[(0, 50), (50, 0), (100, 50)], [(10, 50), (10, 100), (90, 100), (90, 50)]])


def test_the_name_is_the_function() -> None:
    """Although the room has the same name, and its modules have been imported."""
    assert limner.plot is plot
    assert callable(limner.plot)


@pytest.mark.parametrize(
    ("suffix", "start"), [(".svg", "<svg"), (".gcode", "()"), (".hpgl", "IN;"), (".json", "{")]
)
def test_every_format(tmp_path: Path, suffix: str, start: str) -> None:
    path = limner.plot([HOUSE], tmp_path / f"page{suffix}")
    assert path.read_text(encoding="utf-8").startswith(start)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    again = plot([HOUSE], tmp_path / f"again{suffix}")
    assert again.read_bytes() == path.read_bytes()


def test_a_profile_decides_where_the_suffix_does_not(tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match=r"\.svg, \.gcode, \.hpgl or \.json"):
        plot([HOUSE], tmp_path / "page.ngc")
    assert "G0 Z3" in plot([HOUSE], tmp_path / "page.ngc", profile="grbl-z").read_text()


def test_data_are_the_lines_and_figures(tmp_path: Path) -> None:
    pen_of = [[0, 1]]
    data = json.loads(plot([HOUSE], tmp_path / "page.json", pens=PENS, pen_of=pen_of).read_text())
    plan = plan_page([HOUSE], pens=PENS, pen_of=pen_of)
    assert [layer["name"] for layer in data["layers"]] == [layer.name for layer in plan.layers]
    for layer, same in zip(data["layers"], plan.layers, strict=True):
        for line, stroke in zip(layer["polylines"], same.strokes, strict=True):
            np.testing.assert_allclose(line, stroke, atol=0.0005)
    assert data["after"]["lifts"] == 2


def test_the_figures_add_up() -> None:
    dots = Drawing.from_polylines(np.random.default_rng(0).uniform(0, 9, (40, 3, 2)))
    plan = plan_page([dots], pens=PENS, pen_of=[[k % 3 for k in range(40)]])
    report = plan_report(plan, Motion())
    assert report["after"]["travel_mm"] < 0.7 * report["before"]["travel_mm"]
    assert report["after"]["draw_mm"] == pytest.approx(report["before"]["draw_mm"], rel=1e-3)
    assert sum(layer["draw_mm"] for layer in report["layers"]) == pytest.approx(
        report["after"]["draw_mm"], abs=0.3
    )
    assert sum(layer["lifts"] for layer in report["layers"]) == report["after"]["lifts"] == 40
    assert sum(layer["minutes"] for layer in report["layers"]) == pytest.approx(report["minutes"], abs=0.1)
    assert report["motion"]["draw_mm_s"] == 50


def test_a_preview_shows_ink_and_ways() -> None:
    plan = plan_page([HOUSE], pens=PENS, pen_of=[[0, 1]])
    shown = np.asarray(preview_image(plan, 400), int)
    alone = np.asarray(preview_image(plan, 400, ways=False), int)
    assert shown.shape == (400, 283, 3)
    inks = [np.abs(alone - np.array(PENS[k].colour)).sum(axis=2).min() for k in (0, 1)]
    assert max(inks) < 100
    assert (shown[2:20, 2:20] != alone[2:20, 2:20]).any()  # the way from the corner


def test_previews_as_files(tmp_path: Path) -> None:
    plan = plan_page([HOUSE])
    write_preview(plan, tmp_path / "page.png")
    write_preview(plan, tmp_path / "page.svg")
    with Image.open(tmp_path / "page.png") as image:
        assert max(image.size) == 1600
    assert "animation" in (tmp_path / "page.svg").read_text()
    with pytest.raises(LimnerError, match=r"\.txt is unknown"):
        check_preview(tmp_path / "page.txt")


def test_writers_for_menus(tmp_path: Path) -> None:
    writers = plot_writers({"title": "A house"})
    writers["plotter"].write([HOUSE], tmp_path / "x.svg", WriteOptions())
    assert (tmp_path / "x.svg").read_text() == plot_to_svg([HOUSE], title="A house")
    for name, writer in writers.items():
        writer.write([HOUSE], tmp_path / f"{name}{writer.suffix}", WriteOptions())


def test_the_true_size_of_an_svg_file(tmp_path: Path) -> None:
    path = plot([HOUSE], tmp_path / "page.svg")
    assert svg_mm_per_unit(path) == pytest.approx(1)
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><path d="M0 0H9"/></svg>')
    assert svg_mm_per_unit(path) == pytest.approx(25.4 / 96)
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="2in" viewBox="0 0 10 5"/>')
    assert svg_mm_per_unit(path) == pytest.approx(5.08)
