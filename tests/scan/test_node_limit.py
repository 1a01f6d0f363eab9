"""The limit of what is traced."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from limner.errors import DataError
from limner.scan.node_limit import check_node_count, count_nodes
from limner.scan.page import GreyPage
from limner.scan.pipeline import ScanPipeline
from limner.scan.scan import scan_grey
from limner.scan.settings import ScanSettings, StageSettings

if TYPE_CHECKING:
    from tests.scan.conftest import Inked


def test_ends_and_junctions_are_counted() -> None:
    lines = np.zeros((20, 20), bool)
    lines[10, 2:18] = True
    assert count_nodes(lines) == 2
    lines[3:18, 9] = True
    assert count_nodes(lines) > 4


def test_sentences() -> None:
    check_node_count(5, 5, name="x.png")
    with pytest.raises(DataError, match=r"^x\.png: lines end or meet in 6 places, and up to 5 are followed"):
        check_node_count(6, 5, name="x.png")
    with pytest.raises(DataError, match="up to 5 are drawn in one line"):
        check_node_count(6, 5, name="x.png", single_line=True)
    with pytest.raises(DataError, match=r"^x\.png looks like a photograph"):
        check_node_count(6, 5, name="x.png", photograph=True)


def test_too_much_is_refused(inked: Inked, monkeypatch: pytest.MonkeyPatch) -> None:
    grey = inked([[10, 10], [150, 110]], [[10, 110], [150, 10]])
    few, none = (ScanPipeline(GreyPage(grey, "x", max_nodes=limit)) for limit in (3, 0))
    few.clean(StageSettings())
    with pytest.raises(DataError, match="up to 3 are followed"):
        few.read(StageSettings())
    with pytest.raises(DataError, match="up to 0 are followed"):
        none.clean(StageSettings())
    monkeypatch.setattr(sys.modules["limner.scan.skeleton_tracer"], "MAX_SINGLE_LINE_NODES", 3)
    assert len(scan_grey(grey, name="x").drawing) == 2
    with pytest.raises(DataError, match="up to 3 are drawn in one line"):
        scan_grey(grey, ScanSettings(single_line=True), name="x")
