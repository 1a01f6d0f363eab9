"""Widths of ink."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from skimage.morphology import skeletonize

from limner.scan.binarize import pen_width
from limner.scan.widths import Widths

if TYPE_CHECKING:
    from tests.scan.conftest import Inked

LINES = ([[20, 20], [140, 100]], [[20, 100], [140, 90]], [[10, 10], [10, 110]])


def widths_of(grey: np.ndarray) -> Widths:
    mask = grey < 127.5
    return Widths(mask, skeletonize(mask))


@pytest.mark.parametrize("pen_px", [2, 3, 4, 6, 9])
def test_the_pen(inked: Inked, pen_px: float) -> None:
    grey = inked(*LINES, pen_px=pen_px)
    assert widths_of(grey).pen_px == pytest.approx(pen_px, abs=1.6)
    assert pen_width(grey < 127.5) == pytest.approx(pen_px, rel=0.2)


def test_filled_areas_are_counted(inked: Inked) -> None:
    grey = inked(*LINES)
    assert widths_of(grey).filled_areas == 0
    grey[20:45, 90:120] = 0
    grey[60:80, 30:60] = 0
    assert widths_of(grey).filled_areas == 2


def test_no_ink() -> None:
    nothing = np.zeros((5, 5), bool)
    assert Widths(nothing, nothing).pen_px == 1
    assert Widths(nothing, nothing).radius(np.zeros((2, 2))).tolist() == [0.5, 0.5]
