"""The plot of a training."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from limner.demo.curve import TRAIN, VALID, training_curve

HEAD = "step,train_L_R,valid_L_R\n"
SVG = "{http://www.w3.org/2000/svg}"


def written(path: Path, *lines: str) -> Path:
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines))
    return path


def spots(svg: ElementTree.Element, name: str) -> list[tuple[float, float]]:
    line = svg.find(f"{SVG}polyline[@class='{name}']")
    assert line is not None
    return [(float(x), float(y)) for x, y in (spot.split(",") for spot in line.attrib["points"].split())]


def test_three_lines_and_their_names(tmp_path: Path) -> None:
    rows = [f"{step},{2 - step / 100}," for step in range(10, 101, 10)] + ["50,,1.5", "100,,0.5"]
    svg = ElementTree.fromstring(training_curve(written(tmp_path / "metrics.csv", *rows)))
    raw = spots(svg, f"c{TRAIN} faint")
    assert len(raw) == len(spots(svg, f"c{TRAIN}")) == 10
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(raw))  # falls
    first, last = spots(svg, f"c{VALID}")
    assert first[0] == pytest.approx(spots(svg, f"c{TRAIN}")[4][0])  # both at step 50
    assert first[1] < last[1]
    texts = [text.text for text in svg.findall(f"{SVG}text")]
    assert {"100 steps", "training", "validation", "1", "1.5"} <= set(texts)


def test_the_smooth_line_is_smoother(tmp_path: Path) -> None:
    rows = [f"{step},{step % 2}," for step in range(1, 101)]
    svg = ElementTree.fromstring(training_curve(written(tmp_path / "metrics.csv", *rows)))

    def roughness(name: str) -> float:
        heights = [y for _, y in spots(svg, name)]
        return sum(abs(a - b) for a, b in pairwise(heights))

    assert roughness(f"c{TRAIN}") < roughness(f"c{TRAIN} faint") / 3


@pytest.mark.parametrize("rows", [[], ["5,,"], ["5,nan,inf"]])
def test_nothing_to_plot(tmp_path: Path, rows: list[str]) -> None:
    assert training_curve(written(tmp_path / "metrics.csv", *rows)) == ""
