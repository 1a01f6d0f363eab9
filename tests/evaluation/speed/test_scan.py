"""The speed of scanning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from limner.evaluation.speed.scan import PAGE_PX, bench_scan, doodle_page


@pytest.mark.slow
def test_the_page_is_always_the_same() -> None:
    page = doodle_page()
    assert page.shape == PAGE_PX[::-1]
    assert 0.002 < float((page < 100).mean()) < 0.1
    assert (page == doodle_page()).all()


@pytest.mark.slow
def test_figures(tmp_path: Path) -> None:
    Image.fromarray(doodle_page()[::4, ::4].astype(np.uint8)).save(tmp_path / "x.png")
    found = bench_scan(tmp_path / "x.png", rounds=2)
    assert (found.width, found.height, found.rounds) == (500, 650, 2)
    assert found.strokes > 5
    assert found.pages_per_s * found.seconds == pytest.approx(1)
    assert found.ratio > 0
    assert found.peak_rss_mb > 20
