"""Single-line letters."""

from __future__ import annotations

import string

import numpy as np
import pytest

from limner.plot.lettering import _LETTERS, fitted_letters, letters


def test_there_is_a_drawing_of_each_letter_and_digit() -> None:
    for letter in string.ascii_letters + string.digits + ".,:;-_+=/\\()#'\"!?*%<>[]|~":
        strokes, width = letters(letter, 12)
        assert strokes, letter
        points = np.concatenate(strokes)
        assert -0.6 <= points[:, 0].min() <= 2.5
        assert points[:, 0].max() == pytest.approx(width)
        assert points[:, 1].min() >= -12.6
        assert points[:, 1].max() <= 4.6


def test_no_two_letters_look_alike() -> None:
    assert (
        len(set(_LETTERS.values())) == len(_LETTERS) - 1
    )  # I and | aside: none shares a drawing but l and I
    assert _LETTERS["I"] == _LETTERS["l"]


def test_a_text_runs_to_the_right_at_its_height() -> None:
    strokes, width = letters("Hi", 2.4)
    assert min(s[:, 1].min() for s in strokes) == pytest.approx(-2.4)
    assert max(s[:, 0].max() for s in strokes) == pytest.approx(width)
    assert letters("Hi", 4.8)[1] == pytest.approx(2 * width)
    assert letters("é—\N{MULTIPLICATION SIGN}", 2)[1] == letters("e-x", 2)[1]
    assert letters("ж", 2)[0] == []
    assert letters("", 2) == ([], 0.0)


def test_a_long_text_is_cut() -> None:
    strokes, width = fitted_letters("a rather long caption", 2.4, 20)
    assert 10 < width <= 20
    assert len(strokes) > 5
    assert fitted_letters("abc", 2.4, 0.1) == ([], 0.0)
