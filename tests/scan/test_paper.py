"""Taking the paper away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from limner.scan.paper import darkness

if TYPE_CHECKING:
    from tests.scan.conftest import Inked

LINES = ([[20, 20], [140, 100]], [[20, 100], [140, 20]])


def test_even_paper_is_no_darkness(inked: Inked) -> None:
    dark = darkness(inked(*LINES))
    assert dark[60, 80] > 0.95
    assert np.median(dark) == 0
    assert dark.min() >= -1e-3


@pytest.mark.parametrize("tone", [0.3, 0.6, 0.9])
def test_the_tone_of_the_paper_does_not_matter(inked: Inked, tone: float) -> None:
    assert np.abs(darkness(inked(*LINES) * tone) - darkness(inked(*LINES))).max() < 0.02


@pytest.mark.parametrize("way", ["across", "corner", "gutter"])
def test_shading_goes(inked: Inked, way: str) -> None:
    y, x = np.mgrid[0:1:120j, 0:1:160j]
    shade = {"across": x, "corner": (x + y) / 2, "gutter": np.exp(-((x / 0.15) ** 2))}[way]
    grey = (inked(*LINES) * (1 - 0.4 * shade)).astype(np.float32)
    dark, even = darkness(grey), darkness(inked(*LINES))
    assert np.abs(dark - even)[even < 0.02].mean() < 0.03
    assert dark[even > 0.9].min() > 0.8


def test_light_lines_on_dark_paper(inked: Inked) -> None:
    assert np.abs(darkness(255 - inked(*LINES)) - darkness(inked(*LINES))).max() < 0.02


def test_a_large_filled_area_stays_dark(inked: Inked) -> None:
    grey = inked(*LINES)
    grey[10:110, 10:70] = 20
    assert darkness(grey)[30:90, 25:55].min() > 0.8


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (3, 2)])
@pytest.mark.parametrize("tone", [0, 128, 255])
def test_tiny_pages_of_one_tone(shape: tuple[int, int], tone: int) -> None:
    dark = darkness(np.full(shape, tone, np.float32))
    assert dark.shape == shape
    assert np.isfinite(dark).all()
