"""The plot of a training."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from limner.demo.curve import HEIGHT, WIDTH, training_curve

HEAD = "step,train_L_R,valid_L_R\n"


def written(path: Path, *lines: str) -> Path:
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines))
    return path


def spots(svg: ElementTree.Element, name: str) -> list[tuple[float, float]]:
    line = svg.find(f"polyline[@class='{name}']")
    assert line is not None
    return [(float(x), float(y)) for x, y in (spot.split(",") for spot in line.attrib["points"].split())]


def test_lines_and_dots(tmp_path: Path) -> None:
    rows = [f"{step},{2 - step / 100}," for step in range(10, 101, 10)] + ["50,,1.5", "100,,0.5"]
    svg = ElementTree.fromstring(training_curve(written(tmp_path / "metrics.csv", *rows)))
    raw = spots(svg, "raw")
    assert len(raw) == len(spots(svg, "train")) == 10
    assert raw[-1][0] == WIDTH
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(raw))  # falls
    assert spots(svg, "valid") == [(WIDTH / 2, pytest.approx(HEIGHT * 0.4 / 1.4, abs=0.01)), (WIDTH, HEIGHT)]
    assert len(svg.findall("circle")) == 2
    texts = [text.text for text in svg.findall("text")]
    assert "100 steps" in texts
    assert {"1", "1.5"} <= set(texts)


def test_the_smooth_line_is_smoother(tmp_path: Path) -> None:
    rows = [f"{step},{step % 2}," for step in range(1, 101)]
    svg = ElementTree.fromstring(training_curve(written(tmp_path / "metrics.csv", *rows)))

    def roughness(name: str) -> float:
        heights = [y for _, y in spots(svg, name)]
        return sum(abs(a - b) for a, b in pairwise(heights))

    assert roughness("train") < roughness("raw") / 3


@pytest.mark.parametrize("rows", [[], ["5,,"], ["5,nan,inf"]])
def test_nothing_to_plot(tmp_path: Path, rows: list[str]) -> None:
    assert training_curve(written(tmp_path / "metrics.csv", *rows)) == ""


@pytest.mark.parametrize(
    "rows", [["3,1.5,"], ["3,,1.5"], ["3,1.5,", "3,,1.5"], ["3,1,", "4,1,"], ["9,-1e9,"]]
)
def test_few_and_equal_values(tmp_path: Path, rows: list[str]) -> None:
    svg = ElementTree.fromstring(training_curve(written(tmp_path / "metrics.csv", *rows)))
    points = [spot for line in svg.findall("polyline") for spot in spots(svg, line.attrib["class"])]
    assert points
    assert all(math.isfinite(x) and 0 <= y <= HEIGHT for x, y in points)
