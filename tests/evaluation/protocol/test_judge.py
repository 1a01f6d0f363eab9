"""Who tells classes apart, and what share is recognised."""

from __future__ import annotations

import pytest
from tests.evaluation.protocol.stand_in import Counting

from limner.corpus.doodles.make import make_doodles
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.evaluation.protocol.judge import Head, Regression, judge_of, recognised

KINDS = ("star", "snail", "house")
TRAINING = make_doodles(150, seed=1, kinds=KINDS)


def test_a_regression_learns_the_corpus() -> None:
    judge = judge_of(Counting(), set(KINDS), TRAINING)
    assert isinstance(judge, Regression)
    assert set(judge.classes) == set(KINDS)
    assert recognised(judge, make_doodles(60, seed=2, kinds=KINDS)) > 0.9


def test_wrong_names_are_not_recognised() -> None:
    judge = Regression(Counting(), TRAINING)
    stars = [drawing.replace(label="snail") for drawing in make_doodles(20, seed=3, kinds=("star",))]
    assert recognised(judge, stars) < 0.2


def test_the_encoder_judges_what_it_knows() -> None:
    encoder = shipped_encoder()
    assert isinstance(judge_of(encoder, {"star", "house"}, TRAINING), Head)
    assert isinstance(judge_of(encoder, {"star"}, []), Head)
    strange = [d.replace(label="no such class") if d.label == "house" else d for d in TRAINING]
    assert isinstance(judge_of(encoder, {"star", "no such class"}, strange), Regression)


def test_nobody_can_tell() -> None:
    assert judge_of(Counting(), set(), TRAINING) is None
    assert judge_of(Counting(), {"star"}, TRAINING) is None
    assert judge_of(Counting(), {"star", "house"}, []) is None


def test_nothing_to_recognise() -> None:
    with pytest.raises(ValueError, match="no drawings"):
        recognised(Head(shipped_encoder()), [])
