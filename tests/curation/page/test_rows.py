"""Pages to rows: kinds of pages lie apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from limner.curation.items import PictureItems
from limner.curation.page.rows import PAGE_PX, page_rows
from limner.curation.whitening import Whitening


@pytest.mark.slow
def test_the_nearest_page_is_of_the_same_kind(pages: Path) -> None:
    items = PictureItems.of([pages])
    rows = page_rows([items.picture(i, PAGE_PX) for i in range(len(items.ids))])
    assert np.isfinite(rows).all()
    unit = Whitening.fit(rows).apply(rows)
    alike = unit @ unit.T
    np.fill_diagonal(alike, -2)
    found = [items.labels[i] for i in alike.argmax(axis=1)]
    assert np.mean([a == b for a, b in zip(found, items.labels, strict=True)]) > 0.9
