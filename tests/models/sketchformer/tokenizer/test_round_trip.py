"""What is lost between a drawing and its words."""

from __future__ import annotations

import numpy as np
import pytest

from limner.models.sketchformer.tokenizer.round_trip import round_trip
from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer, TokenSettings


def test_errors_by_hand() -> None:
    """The only word leads one to the right; the drawing's points lie 1, 2 and 3.5 to the right, 0.5 down."""
    centres = np.array([[1, 0]], np.float32)
    tokenizer = Tokenizer(TokenSettings("joint", 1), 1.0, centres, np.ones_like(centres))
    rows = np.array([[1, 0, 0], [1, 0, 0], [1.5, 0.5, 1]], np.float32)
    found = round_trip(tokenizer, [rows])
    gap = np.hypot(0.5, 0.5)
    assert (found.drawings, found.points) == (1, 3)
    assert found.mean == pytest.approx(gap / 3)
    assert found.mean_relative == pytest.approx(gap / 3 / 2.5)
    assert found.p95 == pytest.approx(np.quantile([0, 0, gap], 0.95))
    assert found.p95_relative == pytest.approx(np.quantile([0, 0, gap / 2.5], 0.95))
    assert found.lifts_kept


def test_a_point_has_no_size_to_relate_to() -> None:
    centres = np.array([[1, 0]], np.float32)
    tokenizer = Tokenizer(TokenSettings("joint", 1), 1.0, centres, np.ones_like(centres))
    assert round_trip(tokenizer, [np.array([[3, 0, 1]], np.float32)]).mean_relative == 0


def test_nothing_to_encode() -> None:
    centres = np.array([[1, 0]], np.float32)
    tokenizer = Tokenizer(TokenSettings("joint", 1), 1.0, centres, np.ones_like(centres))
    with pytest.raises(ValueError, match="no drawings"):
        round_trip(tokenizer, [])
