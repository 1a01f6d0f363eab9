"""Google's way from raw to simplified drawings, against the drawings it published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from limner.strokes.drawing import Drawing
from limner.strokes.quickdraw import quickdraw_simplified

if TYPE_CHECKING:
    from pathlib import Path


def drawings_by_key(file: Path) -> dict[str, Any]:
    records = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {record["key_id"]: record["drawing"] for record in records}


@pytest.mark.slow
def test_published_drawings_come_out(data_dir: Path) -> None:
    close, equal, total = 0, 0, 0
    for file in sorted((data_dir / "quickdraw" / "raw").glob("*.ndjson")):
        published = drawings_by_key(data_dir / "quickdraw" / "simplified" / file.name)
        for key, raw in drawings_by_key(file).items():
            if key not in published:
                continue
            ours = quickdraw_simplified(Drawing.from_quickdraw(raw))
            theirs = Drawing.from_quickdraw(published[key])
            assert len(ours) == len(theirs)
            for a, b in zip(ours, theirs, strict=True):
                apart = np.abs(a - b).max() if len(a) == len(b) else np.inf
                close, equal, total = close + (apart <= 1), equal + (apart == 0), total + 1
    assert total > 500
    assert close / total > 0.985  # the rest are ties: points of one distance, which rounding tells apart
    assert equal / total > 0.98


def test_corner_size_and_integers() -> None:
    slow = Drawing.from_polylines([[(100, 50), (150, 50), (150.2, 74.9)], [(120, 60)]], label="x", source="y")
    small = quickdraw_simplified(slow)
    assert small.to_polylines() == [[(0, 0), (254, 0), (255, 126)], [(102, 51), (102, 51)]]
    assert (small.label, small.source) == ("x", "y")


def test_wobbles_below_two_pixels_go() -> None:
    x = np.arange(256.0)
    line = Drawing.from_polylines([np.column_stack([x, 0.9 * np.sin(x / 5)])])
    assert quickdraw_simplified(line).n_points == 2


def test_nothing_and_dots() -> None:
    assert quickdraw_simplified(Drawing(())) == Drawing(())
    dot = quickdraw_simplified(Drawing.from_polylines([[(8, 9)]]))
    assert dot.to_polylines() == [[(0, 0), (0, 0)]]
