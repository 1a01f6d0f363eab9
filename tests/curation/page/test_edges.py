"""Histograms of gradients."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from limner.curation.page.edges import DIRECTIONS, SCALES, edge_rows


def _stripes(axis: int) -> NDArray[np.float32]:
    wave = 128 + 100 * np.sign(np.sin(np.arange(256) / 6))
    return np.broadcast_to(wave[:, None] if axis == 0 else wave, (256, 256)).astype(np.float32)


@pytest.mark.parametrize(("axis", "direction"), [(0, 3), (1, 0)])
def test_stripes_have_one_direction(axis: int, direction: int) -> None:
    cells = SCALES[0][1]
    block = edge_rows(_stripes(axis))[: DIRECTIONS * cells**2].reshape(DIRECTIONS, -1)
    assert block.sum(axis=1).argmax() == direction
    assert block[direction].sum() > 5 * np.delete(block, direction, axis=0).sum()


def test_scales_are_of_length_one_at_most() -> None:
    row = edge_rows(_stripes(0))
    sizes = np.cumsum([DIRECTIONS * cells**2 for _, cells in SCALES])
    assert sizes[-1] == len(row)
    lengths = [np.linalg.norm(part) for part in np.split(row, sizes[:-1])]
    assert all(0.5 < length <= 1 for length in lengths)


def test_blank_pages_have_no_edges() -> None:
    assert not edge_rows(np.full((30, 50), 200, np.float32)).any()
