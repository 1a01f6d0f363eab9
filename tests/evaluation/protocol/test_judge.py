"""Who tells classes apart, and what share is recognised."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.evaluation.protocol.stand_in import Counting

from limner.corpus.doodles.make import make_doodles
from limner.evaluation.feature_extractor import FeatureExtractor, FeatureMatrix
from limner.evaluation.protocol import judge as judge_module
from limner.evaluation.protocol.encoder import shipped_encoder
from limner.evaluation.protocol.judge import (
    EncoderJudge,
    Judge,
    Labels,
    RegressionJudge,
    find_judge,
    predict_classes,
    recognition_accuracy,
)
from limner.strokes.drawing import Drawing

KINDS = ("star", "snail", "house")


def _seen(drawings: Sequence[Drawing]) -> tuple[FeatureMatrix, Labels]:
    return Counting().features(drawings), [drawing.label for drawing in drawings]


TRAINING = _seen(make_doodles(150, seed=1, kinds=KINDS))


def _judge(
    extractor: FeatureExtractor, labels: Collection[str], training: tuple[FeatureMatrix, Labels]
) -> Judge | None:
    features, names = training
    return find_judge(extractor, labels, names, lambda rows: features[rows])


def test_a_regression_learns_the_corpus() -> None:
    judge = _judge(Counting(), set(KINDS), TRAINING)
    assert isinstance(judge, RegressionJudge)
    assert set(judge.classes) == set(KINDS)
    assert recognition_accuracy(judge, *_seen(make_doodles(60, seed=2, kinds=KINDS))) > 0.9


def test_a_regression_learns_only_what_is_asked_for() -> None:
    judge = _judge(Counting(), KINDS[:2], TRAINING)
    assert judge is not None
    assert set(judge.classes) == set(KINDS[:2])


def test_a_regression_is_fitted_to_some_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_module, "MOST_FITTED", 60)
    features, labels = TRAINING
    fitted: list[int] = []

    def rows(index: NDArray[np.intp]) -> FeatureMatrix:
        fitted.extend(index.tolist())
        return features[index]

    assert find_judge(Counting(), set(KINDS), labels, rows) is not None
    assert fitted == list(range(0, len(labels), 3))


def test_wrong_names_are_not_recognised() -> None:
    judge = RegressionJudge(*TRAINING)
    features, names = _seen(make_doodles(20, seed=3, kinds=("star",)))
    assert recognition_accuracy(judge, features, ["snail"] * len(names)) < 0.2


def test_the_encoder_judges_what_it_knows() -> None:
    encoder, (features, names) = shipped_encoder(), TRAINING
    assert isinstance(_judge(encoder, {"star", "house"}, TRAINING), EncoderJudge)
    assert isinstance(_judge(encoder, {"star"}, (features[:0], [])), EncoderJudge)
    assert isinstance(_judge(Counting(), {"star", "house"}, TRAINING), RegressionJudge)
    strange = (features, ["no such class" if name == "house" else name for name in names])
    assert isinstance(_judge(encoder, {"star", "no such class"}, strange), RegressionJudge)
    assert _judge(encoder, {"star", "no such class"}, TRAINING) is None
    assert _judge(encoder, set(), TRAINING) is None


def _nobody_looks(_: NDArray[np.intp]) -> FeatureMatrix:
    pytest.fail("drawings are looked at that nothing can be learnt from")


def test_nobody_can_tell() -> None:
    """And no drawing is looked at to find that out."""
    names = TRAINING[1]
    assert find_judge(Counting(), (), names, _nobody_looks) is None
    assert find_judge(Counting(), ("star",), names, _nobody_looks) is None
    assert find_judge(Counting(), ("star", "house"), [], _nobody_looks) is None
    assert find_judge(Counting(), ("star", "house"), [None] * len(names), _nobody_looks) is None


class _Certain:
    """Takes the first feature for the number of the class."""

    name, classes = "certain", ("a", "b")

    def scores(self, features: FeatureMatrix) -> FeatureMatrix:
        found: FeatureMatrix = np.eye(2, dtype=np.float32)[features[:, 0].astype(int)]
        return found


def test_shares_by_hand() -> None:
    judge: Judge = _Certain()
    features = np.array([[0], [1], [1], [0]], np.float32)
    assert predict_classes(judge, features).tolist() == ["a", "b", "b", "a"]
    assert recognition_accuracy(judge, features, ["a", "a", "b", None]) == 0.5


def test_nothing_to_recognise() -> None:
    with pytest.raises(ValueError, match="cannot be recognised"):
        recognition_accuracy(_Certain(), np.zeros((0, 1), np.float32), [])
    with pytest.raises(ValueError, match="2 drawings with 1 labels"):
        recognition_accuracy(_Certain(), np.zeros((2, 1), np.float32), ["a"])
