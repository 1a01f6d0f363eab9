"""Who tells classes apart, and what share is recognised."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from tests.evaluation.protocol.stand_in import Counting

from limner.corpus.doodles.make import make_doodles
from limner.evaluation.protocol.encoder import Rows, shipped_encoder
from limner.evaluation.protocol.judge import (
    Head,
    Judge,
    Regression,
    head_of,
    named,
    recognised,
    regression_of,
)
from limner.strokes.drawing import Drawing

KINDS = ("star", "snail", "house")


def _seen(drawings: Sequence[Drawing]) -> tuple[Rows, list[str | None]]:
    return Counting().features(drawings), [drawing.label for drawing in drawings]


TRAINING = _seen(make_doodles(150, seed=1, kinds=KINDS))


def test_a_regression_learns_the_corpus() -> None:
    judge = regression_of(*TRAINING, KINDS)
    assert judge is not None
    assert set(judge.classes) == set(KINDS)
    assert recognised(judge, *_seen(make_doodles(60, seed=2, kinds=KINDS))) > 0.9


def test_a_regression_learns_only_what_is_asked_for() -> None:
    judge = regression_of(*TRAINING, KINDS[:2])
    assert judge is not None
    assert set(judge.classes) == set(KINDS[:2])


def test_wrong_names_are_not_recognised() -> None:
    judge = Regression(*TRAINING)
    features, names = _seen(make_doodles(20, seed=3, kinds=("star",)))
    assert recognised(judge, features, ["snail"] * len(names)) < 0.2


def test_the_encoder_judges_what_it_knows() -> None:
    encoder = shipped_encoder()
    assert isinstance(head_of(encoder, {"star", "house"}), Head)
    assert head_of(encoder, {"star", "no such class"}) is None
    assert head_of(encoder, set()) is None
    assert head_of(Counting(), {"star", "house"}) is None


def test_nobody_can_tell() -> None:
    features, names = TRAINING
    assert regression_of(features, names, ()) is None
    assert regression_of(features, names, ("star",)) is None
    assert regression_of(features[:0], [], ("star", "house")) is None
    assert regression_of(features, [None] * len(names), ("star", "house")) is None


class _Certain:
    """Takes the first feature for the number of the class."""

    name, classes = "certain", ("a", "b")

    def scores(self, features: Rows) -> Rows:
        found: Rows = np.eye(2, dtype=np.float32)[features[:, 0].astype(int)]
        return found


def test_shares_by_hand() -> None:
    judge: Judge = _Certain()
    features = np.array([[0], [1], [1], [0]], np.float32)
    assert named(judge, features).tolist() == ["a", "b", "b", "a"]
    assert recognised(judge, features, ["a", "a", "b", None]) == 0.5


def test_nothing_to_recognise() -> None:
    with pytest.raises(ValueError, match="cannot be recognised"):
        recognised(_Certain(), np.zeros((0, 1), np.float32), [])
    with pytest.raises(ValueError, match="2 drawings with 1 names"):
        recognised(_Certain(), np.zeros((2, 1), np.float32), ["a"])
