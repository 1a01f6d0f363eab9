"""How much is followed on a page."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from limner.errors import DataError
from limner.scan.knots import check_knots, count_knots
from limner.scan.look import look
from limner.scan.scan import Thinned, pick, scan_grey
from limner.scan.settings import ScanSettings

if TYPE_CHECKING:
    from tests.scan.conftest import Inked


def test_knots() -> None:
    lines = np.zeros((20, 20), bool)
    lines[10, 2:18] = True
    assert count_knots(lines) == 2
    lines[3:18, 9] = True
    assert count_knots(lines) > 4


def test_sentences() -> None:
    check_knots(5, 5, name="x.png")
    with pytest.raises(DataError, match=r"^x\.png: lines end or meet in 6 places, and up to 5 are followed"):
        check_knots(6, 5, name="x.png")
    with pytest.raises(DataError, match="up to 5 are drawn in one line"):
        check_knots(6, 5, name="x.png", single=True)
    with pytest.raises(DataError, match=r"^x\.png looks like a photograph"):
        check_knots(6, 5, name="x.png", photograph=True)


def test_too_much_is_refused(inked: Inked, monkeypatch: pytest.MonkeyPatch) -> None:
    grey = inked([[10, 10], [150, 110]], [[10, 110], [150, 10]])
    page = pick(look(grey, name="x"), name="x")
    with pytest.raises(DataError, match="up to 3 are followed"):
        Thinned(page, look(grey, name="x"), name="x", most_knots=3)
    with pytest.raises(DataError, match="up to 0 are followed"):
        pick(look(grey, name="x"), name="x", most_knots=0)
    monkeypatch.setattr(sys.modules["limner.scan.scan"], "MOST_SINGLE_KNOTS", 3)
    assert len(scan_grey(grey, name="x").drawing) == 2
    with pytest.raises(DataError, match="up to 3 are drawn in one line"):
        scan_grey(grey, ScanSettings(single_line=True), name="x")
