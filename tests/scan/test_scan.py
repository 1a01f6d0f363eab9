"""From picture to strokes, as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from scipy.spatial import cKDTree
from skimage.filters import threshold_otsu
from skimage.morphology import skeletonize
from tests.scan.ink import NEAR_PX, Paper, any_paper, known_drawings, nearness, on_paper, samples

from limner.errors import DataError
from limner.scan.picture import grey_of_image
from limner.scan.scan import scan, scan_grey
from limner.scan.settings import ScanSettings
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from tests.scan.conftest import Inked

CURVE = [[80 + 60 * np.cos(t), 60 + 40 * np.sin(2 * t)] for t in np.linspace(0.3, 5.5, 80)]


def test_the_public_name_is_the_function() -> None:
    """Although a room has the same name, and is imported."""
    import limner.scan.graph

    assert limner.scan.__module__ == "limner.scan.scan"
    assert limner.scan is scan


def test_a_curve_comes_back(inked: Inked) -> None:
    result = scan(inked(CURVE).astype(np.uint8))
    near = nearness(Drawing.from_polylines((CURVE,)), result.drawing, touch_px=3)
    assert near.distance < 0.3
    assert near.recall > 0.98
    assert (result.width, result.height) == (160, 120)
    assert result.warnings == ()
    assert result.seconds > 0


def test_paths_images_and_arrays_are_the_same(inked: Inked, tmp_path: Path) -> None:
    pixels = inked(CURVE).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "x.png")
    found = [
        scan(pixels),
        scan(Image.fromarray(pixels)),
        scan(tmp_path / "x.png"),
        scan(str(tmp_path / "x.png")),
    ]
    assert all(result.drawing == found[0].drawing for result in found)


def test_the_same_again(inked: Inked) -> None:
    grey = inked(CURVE, [[20, 20], [140, 100]])
    assert scan_grey(grey, name="x").drawing == scan_grey(grey, name="x").drawing


def test_pixel_centres(inked: Inked) -> None:
    for at in (30.0, 30.5, 31.0):
        found = scan(inked([[at, 20], [at, 100]]).astype(np.uint8)).drawing
        assert np.abs(found.points[:, 0] - at).max() < 0.3


def test_tolerance_and_shortest(inked: Inked) -> None:
    grey = inked(CURVE, [[10, 10], [16, 10]]).astype(np.uint8)
    fine, coarse = (scan(grey, ScanSettings(tolerance_px=t)).drawing.n_points for t in (0.1, 2))
    assert fine > 2 * coarse
    assert len(scan(grey).drawing) == len(scan(grey, ScanSettings(shortest_px=15)).drawing) + 1


def test_light_on_dark(inked: Inked) -> None:
    dark, light = (scan(grey.astype(np.uint8)).drawing for grey in (inked(CURVE), 255 - inked(CURVE)))
    assert nearness(dark, light, touch_px=3).distance < 0.1


@pytest.mark.parametrize("tone", [0, 120, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (60, 80), (300, 300)])
def test_blank_pages_are_refused(shape: tuple[int, int], tone: int) -> None:
    with pytest.raises(DataError, match="blank"):
        scan(np.full(shape, tone, np.uint8))


def test_noise_alone_is_refused() -> None:
    pixels = np.random.default_rng(0).normal(230, 6, (300, 300)).clip(0, 255).astype(np.uint8)
    with pytest.raises(DataError, match="blank"):
        scan(pixels)


@pytest.mark.parametrize("settings", [{"tolerance_px": -1}, {"shortest_px": float("nan")}])
def test_wrong_settings(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        ScanSettings(**settings)  # type: ignore[arg-type]


def test_what_was_left_out_is_said(inked: Inked) -> None:
    grey = inked(CURVE)
    grey[2, 2] = grey[117, 80] = 0
    grey[:, :9] = 90
    warnings = scan(grey.astype(np.uint8)).warnings
    assert any("1 band along the edge" in w for w in warnings)
    assert any("speck" in w for w in warnings)


def test_filled_areas_are_reported(inked: Inked) -> None:
    grey = inked(CURVE)
    grey[5:25, 5:30] = 0
    assert any("1 filled area" in w for w in scan(grey.astype(np.uint8)).warnings)


def test_svg(inked: Inked) -> None:
    result = scan(inked(CURVE, [[20, 20]]).astype(np.uint8))
    svg = result.to_svg()
    assert 'viewBox="0 0 160 120"' in svg
    assert 'fill="none"' in svg
    assert svg.count("<path ") == len(result.drawing)
    assert result.report_entry()["strokes"] == len(result.drawing)
    assert result.report_entry()["points"] == result.drawing.n_points


@pytest.mark.slow
def test_known_drawings(data_dir: Path) -> None:
    """Eighteen pictures; the full figures are those of scripts/scan_quality.py."""
    rng = np.random.default_rng(4)
    found = []
    for kind, drawing in known_drawings(data_dir, 18, rng):
        paper = any_paper(rng)
        image, truth = on_paper(drawing, paper, rng)
        result = scan_grey(grey_of_image(image), name=kind)
        found.append(nearness(truth, result.drawing, touch_px=paper.pen_px))
    assert np.median([n.recall for n in found]) >= 0.99
    assert np.median([n.precision for n in found]) >= 0.99
    assert np.median([n.distance for n in found]) <= 0.45
    assert 0.95 <= np.median([n.length_ratio for n in found]) <= 1.05
    assert np.median([n.stroke_ratio for n in found]) <= 1.1
    assert np.percentile([n.stroke_ratio for n in found], 90) <= 1.6


@pytest.mark.slow
def test_sketchbook(data_dir: Path) -> None:
    strokes, singles, again = [], [], []
    for file in sorted((data_dir / "scans" / "sketchbook").glob("*.png")):
        plain, single = scan(file).drawing, scan(file, ScanSettings(single_line=True)).drawing
        strokes.append(len(plain))
        singles.append(len(single))
        again.append(single.ink_length / plain.ink_length - 1)
        grey = np.asarray(Image.open(file).convert("L"))
        thin = np.argwhere(skeletonize(grey <= threshold_otsu(grey)))[:, ::-1] + 0.5
        assert (cKDTree(samples(plain)).query(thin)[0] <= NEAR_PX).mean() >= 0.98
        assert (cKDTree(thin).query(samples(plain))[0] <= NEAR_PX).mean() >= 0.94
    assert len(strokes) == 8
    assert np.median(strokes) <= 10
    assert np.median(singles) <= 2
    assert np.median(again) <= 0.15


@pytest.mark.parametrize("pen_px", [1.0, 1.5])
def test_thin_pens_are_looked_at_enlarged(pen_px: float) -> None:
    rng = np.random.default_rng(0)
    image, truth = on_paper(
        Drawing.from_polylines((CURVE,)), Paper(side_px=200, pen_px=pen_px, blur_px=0.4), rng
    )
    near = nearness(truth, scan(image).drawing, touch_px=2)
    assert near.distance < 0.3
    assert near.stroke_ratio == 1
