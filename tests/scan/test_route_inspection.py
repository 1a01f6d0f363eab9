"""One line through each figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree
from tests.scan.ink import samples

from limner.scan.scan import scan
from limner.scan.settings import ScanSettings

if TYPE_CHECKING:
    from tests.scan.conftest import Inked

SINGLE = ScanSettings(single_line=True)
T = np.linspace(0, 2 * np.pi, 70)
RING = np.column_stack([80 + 30 * np.cos(T), 60 + 30 * np.sin(T)])
FIGURES = {
    "a tee": ([[20, 60], [140, 60]], [[80, 60], [80, 110]]),
    "a grid": (*([[x, 10], [x, 110]] for x in (40, 80, 120)), *([[10, y], [150, y]] for y in (35, 60, 85))),
    "a ring with a tail": (RING, [[110, 60], [150, 60]]),
    "a ring and its spokes": (RING, [[50, 60], [110, 60]], [[80, 30], [80, 90]]),
    "a comb": ([[10, 100], [150, 100]], *([[x, 100], [x, 40]] for x in range(20, 150, 20))),
    "rings in a row": (RING - np.array([40, 0]), RING + np.array([18, 0]), [[10, 60], [150, 60]]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_one_stroke_over_all_of_its_ink(inked: Inked, name: str) -> None:
    grey = inked(*FIGURES[name])
    plain, single = scan(grey), scan(grey, SINGLE)
    assert len(single.drawing) == 1
    away = cKDTree(samples(single.drawing)).query(samples(plain.drawing))[0]
    assert (away < 2).mean() > 0.995


def test_figures_that_do_not_touch_stay_apart(inked: Inked) -> None:
    tee = FIGURES["a tee"]
    apart = [[[x, y + 110] for x, y in stroke] for stroke in tee]
    assert len(scan(inked(*tee, *apart, size=(240, 160)), SINGLE).drawing) == 2


def test_little_is_drawn_twice(inked: Inked) -> None:
    """In a tee, whose ends are three and a crossing, the shortest arm: 50 of 170."""
    single = scan(inked(*FIGURES["a tee"]), SINGLE).drawing
    assert single.ink_length == pytest.approx(170 + 50, abs=6)


def test_a_line_that_crosses_itself_is_not_drawn_twice(inked: Inked) -> None:
    t = np.linspace(-3.6, 3.6, 90)
    stroke = np.column_stack([80 + 12 * t - 34 * np.sin(t), 60 + 34 * np.cos(t)])
    plain, single = (scan(inked(stroke), s).drawing.ink_length for s in (ScanSettings(), SINGLE))
    assert single == pytest.approx(plain, rel=0.01)
