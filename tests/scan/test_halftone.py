"""Halftones, photographs, patterns: smoothed, named, or refused, within bounds."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import scipy.ndimage as nd
from PIL import Image
from skimage.data import camera
from tests.scan.papers import page
from tests.scan.test_ruling import shares

from limner.errors import DataError
from limner.scan.halftone import halftone_spacing, is_photograph
from limner.scan.scan import scan, scan_grey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SPACE = 2_000_000_000
"""Bytes of address space in which a page must be read or refused, with all libraries."""


@pytest.mark.slow
@pytest.mark.parametrize("tone", [0.05, 0.2])
def test_a_dithered_page_is_smoothed(tone: float) -> None:
    grey = ((1 - tone) * page("plain", 900, noise=0)).astype(np.uint8)
    result = scan(Image.fromarray(grey).convert("1"))
    assert any("halftone" in w for w in result.warnings)
    recall, precision = shares(result, 900)
    assert recall >= 0.98
    assert precision >= 0.95


def test_lines_are_no_halftone_and_no_photograph() -> None:
    for kind in ("plain", "brush", "pencil", "through"):
        dark = (1 - page(kind, 500) / 255).astype(np.float32)
        assert halftone_spacing(dark) is None
        assert not is_photograph(dark)


@pytest.mark.slow
def test_a_photograph_is_called_one() -> None:
    photograph = camera().astype(np.float32)
    try:
        said = " ".join(scan_grey(photograph, name="x").warnings)
    except DataError as error:
        said = str(error)
    assert "photograph" in said
    smooth = nd.gaussian_filter(np.random.default_rng(0).normal(0, 1, (300, 400)), 12)
    tones = (128 + 100 * smooth / np.abs(smooth).max()).astype(np.float32)
    assert is_photograph(1 - tones / 255)


@pytest.mark.parametrize("sigma", [4, 12, 25])
@pytest.mark.parametrize("quality", [0, 40, 85])
def test_grain_without_ink_is_blank(sigma: float, quality: int, tmp_path: Path) -> None:
    grain = np.random.default_rng(0).normal(225, sigma, (400, 300)).clip(0, 255).astype(np.uint8)
    name = "x.jpg" if quality else "x.png"
    Image.fromarray(grain).save(tmp_path / name, quality=quality or 75)
    with pytest.raises(DataError, match="blank"):
        scan(tmp_path / name)


@pytest.mark.parametrize("side", [200, 500, 1000])
@pytest.mark.parametrize("density", [0.1, 0.3, 0.5])
def test_salt_and_pepper_is_blank_at_any_size(side: int, density: float) -> None:
    chance = np.random.default_rng(1).random((side, side))
    grey = np.where(chance < density / 2, 0, 255).astype(np.float32)
    with pytest.raises(DataError, match="blank"):
        scan_grey(grey, name="x")


def _checkerboard() -> NDArray[np.uint8]:
    y, x = np.mgrid[:2000, :2000]
    return np.asarray((x + y) % 2 * 255, np.uint8)


def _grid() -> NDArray[np.uint8]:
    y, x = np.mgrid[:2000, :2000]
    return np.where((x % 4 == 0) | (y % 4 == 0), 0, 255).astype(np.uint8)


def _squares() -> NDArray[np.uint8]:
    y, x = np.mgrid[:2000, :2000]
    return np.asarray((x // 4 + y // 4) % 2 * 255, np.uint8)


def _dithered() -> NDArray[np.uint8]:
    ramp = np.linspace(0, 255, 2000, dtype=np.uint8)[None].repeat(2000, axis=0)
    return np.asarray(Image.fromarray(ramp).convert("1")).astype(np.uint8) * 255


@pytest.mark.slow
@pytest.mark.parametrize("make", [_checkerboard, _grid, _squares, _dithered])
def test_no_pattern_takes_all_memory(make: Callable[[], NDArray[np.uint8]], tmp_path: Path) -> None:
    """With a limit of address space, beyond which nothing can be had."""
    Image.fromarray(make()).save(tmp_path / "pattern.png")
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({SPACE}, {SPACE}))\n"
        "import runpy; runpy.run_module('limner', run_name='__main__')"
    )
    words = ["scan", str(tmp_path / "pattern.png"), "--out", str(tmp_path / "out"), "--drop-marks"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert "Memory" not in done.stderr
    assert done.returncode == 0 or (done.returncode == 1 and "pattern.png" in done.stderr), done.stderr
