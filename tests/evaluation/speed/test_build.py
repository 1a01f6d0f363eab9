"""Speed of building, as ratios; the figures themselves are nobody's promise here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from limner.errors import DataError
from limner.evaluation.speed.build import LARGER, bench_build


@pytest.mark.slow
def test_figures_fit_each_other(tmp_path: Path) -> None:
    drawing = {"word": "cat", "key_id": "7", "drawing": [[[0, 9, 30], [0, 40, 7]]]}
    (tmp_path / "cats.ndjson").write_text(json.dumps(drawing) + "\n\n")
    told: list[str] = []
    found = bench_build(12, lines=tmp_path / "cats.ndjson", recipe="quickdraw", jobs=(1,), tell=told.append)
    assert [(run.jobs, run.drawings) for run in found.runs] == [
        (0, 12), (1, 12), (0, 12 * LARGER), (1, 12 * LARGER),
    ]  # fmt: skip
    bare, build = found.runs[2:]
    assert build.json_ratio == pytest.approx(build.seconds / bare.seconds)
    assert build.drawings_per_s == pytest.approx(120 / build.seconds)
    assert bare.json_ratio == 1
    assert all(run.peak_rss_mb > 5 for run in found.runs)
    assert found.memory_growth["1"] == pytest.approx(found.runs[3].peak_rss_mb / found.runs[1].peak_rss_mb)
    assert 50 < found.bytes_per_drawing < 80
    assert told[0] == "12 drawings: JSON alone"


@pytest.mark.slow
def test_doodles_are_drawn_where_no_file_is_given() -> None:
    found = bench_build(5, lines=None, recipe="quickdraw", jobs=(), tell=lambda _: None)
    assert len(found.runs) == 2
    assert found.bytes_per_drawing > 100


def test_a_file_without_drawings(tmp_path: Path) -> None:
    (tmp_path / "none.ndjson").write_text("\n")
    with pytest.raises(DataError, match=r"none\.ndjson holds no drawings"):
        bench_build(5, lines=tmp_path / "none.ndjson", recipe="quickdraw", jobs=(), tell=lambda _: None)
