"""What is no drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from limner.scan.binarize import Ink
from limner.scan.clean import CleanedInk, clean_ink, without_marks

if TYPE_CHECKING:
    from tests.scan.conftest import Inked

CIRCLE = [[80 + 30 * np.cos(t), 60 + 30 * np.sin(t)] for t in np.linspace(0, 2 * np.pi, 60)]


def clean(grey: np.ndarray, *, drop_marks: bool = False, pen_px: float = 3) -> CleanedInk:
    dark = (1 - grey / 255).astype(np.float32)
    ink = Ink(dark > 0.5, dark > 0.5, "otsu", 0.5, 1.0)
    page = clean_ink(ink, dark, pen_px)
    return without_marks(page) if drop_marks else page


def test_a_clean_page_stays(inked: Inked) -> None:
    grey = inked(CIRCLE, [[80, 60]])
    found = clean(grey)
    assert (found.mask == (grey < 127.5)).all()
    assert (found.specks, found.edges, found.marks) == (0, 0, 0)


def test_specks_go_and_dots_of_the_pen_stay(inked: Inked) -> None:
    grey = inked(CIRCLE, [[80, 60]])
    grey[10, 10] = grey[100, 140] = 0
    found = clean(grey)
    assert found.specks == 2
    assert not found.mask[10, 10]
    assert found.mask[60, 80]


def test_pinholes_are_filled_and_rings_stay_open(inked: Inked) -> None:
    grey = inked(CIRCLE, pen_px=5)
    grey[60, 110] = 255
    found = clean(grey)
    assert found.mask[60, 110]
    assert not found.mask[60, 80]


@pytest.mark.parametrize("side", range(4))
def test_a_dark_edge_goes(inked: Inked, side: int) -> None:
    grey = inked(CIRCLE)
    edge = np.rot90(grey, side)
    edge[:8, 5:70] = 60
    found = clean(grey)
    assert found.edges == 1
    assert (found.mask == (inked(CIRCLE) < 127.5)).all()


def test_a_line_that_leaves_the_page_stays(inked: Inked) -> None:
    for stroke in ([[40, 0], [60, 119]], [[0, 1], [100, 1], [120, 60]], [[0, 10], [60, 0]]):
        grey = inked(CIRCLE, stroke)
        assert (clean(grey).mask == (grey < 127.5)).all()


def test_page_numbers_go_if_asked(inked: Inked) -> None:
    number = ([[150, 110], [150, 116]], [[154, 110], [157, 113], [154, 116]])
    grey = inked(CIRCLE, [[80, 60]], *number, pen_px=1.5)
    kept, dropped = clean(grey, pen_px=1.5), clean(grey, pen_px=1.5, drop_marks=True)
    assert kept.mask[113, 150]
    assert kept.marks == 0
    assert not dropped.mask[100:].any()
    assert dropped.marks == 2
    assert dropped.mask[60, 80], "what lies inside the drawing stays"


def test_the_only_figure_is_no_mark(inked: Inked) -> None:
    assert clean(inked([[80, 60], [84, 60]]), drop_marks=True).mask.any()
