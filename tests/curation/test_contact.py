"""Contact sheets."""

from __future__ import annotations

import numpy as np
import pytest

from limner.curation.contact import SHOWN, TILE_PX, contact_sheet, representatives
from limner.curation.items import DrawingItems


@pytest.mark.parametrize("count", [1, 4, 13])
def test_every_item_has_its_place(items: DrawingItems, count: int) -> None:
    sheet = np.asarray(contact_sheet(items, list(range(count)), "a title").convert("L"), np.int64)
    white = int((sheet == 255).sum())
    assert 0.75 * count * TILE_PX**2 < white < count * TILE_PX**2


def test_captions_make_rows_higher(items: DrawingItems) -> None:
    plain = contact_sheet(items, [0, 1], "title")
    told = contact_sheet(items, [0, 1], "title", ["one", "a caption that is much too long for its tile"])
    assert told.width == plain.width
    assert told.height > plain.height


@pytest.mark.parametrize("size", [1, 5, SHOWN - 1, SHOWN, SHOWN + 1, 1000])
def test_a_spread_has_the_middle_and_the_edge(size: int) -> None:
    distances = np.random.default_rng(0).permutation(size + 10).astype(np.float32)
    members = np.arange(size + 10) < size
    found = representatives(distances, members)
    assert len(found) == len(set(found)) == min(size, SHOWN)
    inside = distances[:size]
    assert found[0] == inside.argmin()
    assert int(inside.argmax()) in found
