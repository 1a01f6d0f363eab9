"""Polylines of a million points: read whole, in work that grows as their length."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from limner.corpus.load import load_corpus

MANY = 1_000_000
SHORT = 500
"""Points, at which fixed costs are already small beside those of points."""

Points = list[tuple[int, int]]


def _points(n: int) -> Points:
    return [(i % 1000, i // 1000) for i in range(n)]


def _columns(points: Points) -> str:
    return json.dumps({"drawing": [[[x for x, _ in points], [y for _, y in points]]]})


def _objects(points: Points) -> str:
    return json.dumps({"strokes": [[{"x": x, "y": y} for x, y in points]]})


def _rows_of_csv(points: Points) -> str:
    return "x,y,stroke\n" + "".join(f"{x},{y},0\n" for x, y in points)


def _inkml(points: Points) -> str:
    return f"<ink><trace>{', '.join(f'{x} {y}' for x, y in points)}</trace></ink>"


def _iam(points: Points) -> str:
    inner = "".join(f'<Point x="{x}" y="{y}"/>' for x, y in points)
    return f"<WhiteboardCaptureSession><Stroke>{inner}</Stroke></WhiteboardCaptureSession>"


def _unipen(points: Points) -> str:
    return ".VERSION 1.0\n.PEN_DOWN\n" + "".join(f"{x} {-y}\n" for x, y in points)


def _omniglot(points: Points) -> str:
    return "START\n" + "".join(f"{x},{-y},0\n" for x, y in points) + "BREAK\n"


def _svg(points: Points) -> str:
    line = " ".join(f"{x},{y}" for x, y in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"><polyline points="{line}" fill="none" stroke="red"/></svg>'
    )


LAYOUTS: dict[str, Callable[[Points], str]] = {
    "a.ndjson": _columns,
    "a.json": lambda points: json.dumps([points]),
    "objects.json": _objects,
    "flat.json": lambda points: json.dumps({"paths": [[value for point in points for value in point]]}),
    "a.csv": _rows_of_csv,
    "a.inkml": _inkml,
    "a.xml": _iam,
    "a.unp": _unipen,
    "a.txt": _omniglot,
    "a.svg": _svg,
}


def _operations(path: Path) -> int:
    """Count the lines of Python and the calls that reading a file executes."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        del frame, event, argument
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        load_corpus(path)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("layout", LAYOUTS)
def test_work_grows_as_the_number_of_points(tmp_path: Path, layout: str) -> None:
    counts = []
    for k in (1, 2, 4):
        (tmp_path / str(k)).mkdir()
        path = tmp_path / str(k) / layout
        path.write_text(LAYOUTS[layout](_points(k * SHORT)))
        load_corpus(path)  # what is imported or cached is not counted
        counts.append(_operations(path))
    first, second = counts[1] - counts[0], counts[2] - counts[1]
    assert second <= 2.5 * max(first, SHORT)  # of a quadratic reader it would be four times


@pytest.mark.parametrize(
    "name", ["a.ndjson", *(pytest.param(name, marks=pytest.mark.slow) for name in ("a.json", "a.unp"))]
)
def test_a_million_points_are_read_whole(tmp_path: Path, name: str) -> None:
    points = _points(MANY)
    (tmp_path / name).write_text(LAYOUTS[name](points))
    rows = load_corpus(tmp_path / name).splits["train"][0]
    assert len(rows) == MANY
    assert rows[:, 2].sum() == 1
    assert rows[0].tolist() == [0, 0, 0]
    np.testing.assert_array_equal(rows[:, :2].sum(axis=0, dtype=np.float64), points[-1])
