"""What is on the paper."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.curation.page.ink import SIZE_EDGES, ink_rows

AMOUNTS = 11
PIECES = len(SIZE_EDGES) + 4
ROWS = slice(AMOUNTS + PIECES, AMOUNTS + PIECES + 8)


def _page() -> NDArray[np.float32]:
    return np.full((300, 200), 240, np.float32)


def _lines(step: int) -> NDArray[np.float32]:
    page = _page()
    for y in range(30, 270, step):
        for x in range(20, 180, 9):
            page[y : y + 4, x : x + 6] = 30
    return page


def test_more_ink_more_of_it() -> None:
    little, much = _page(), _page()
    little[100:104, 50:150] = 20
    much[100:120, 50:150] = 20
    assert 0 < ink_rows(little)[0] < ink_rows(much)[0]
    assert ink_rows(little)[3] < ink_rows(much)[3]  # and it is wider


def test_writing_comes_in_rows() -> None:
    figure = _page()
    figure[60:240, 40:44] = figure[60:240, 150:154] = figure[60:64, 40:154] = 30
    written, drawn = ink_rows(_lines(15)), ink_rows(figure)
    assert written[ROWS][0] > 0.4 > drawn[ROWS][0] + 0.1
    assert written[AMOUNTS] > drawn[AMOUNTS]  # more pieces
    assert written[AMOUNTS + 1] < drawn[AMOUNTS + 1]  # the largest has less of the ink


def test_dark_borders() -> None:
    page = _page()
    page[:, -30:] = 10
    assert ink_rows(page)[-4:].argmax() == 3
    assert ink_rows(_page())[-4:] == pytest.approx([0] * 4, abs=1e-3)


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2), (40, 40)])
@pytest.mark.parametrize("tone", [0, 130, 255])
def test_blank_pages_of_any_size(shape: tuple[int, int], tone: int) -> None:
    row = ink_rows(np.full(shape, tone, np.float32))
    assert np.isfinite(row).all()
    assert row.shape == ink_rows(_page()).shape
