"""What the base draws: by class, and from plain strokes."""

from __future__ import annotations

import numpy as np
import pytest

from limner.demo.base_drawings import (
    BY_CLASS,
    CAREFUL,
    FUTURES,
    GOES_ON,
    MORE_POINTS,
    STEADY,
    draw_by_class,
    go_on,
    load_base,
    plain_strokes,
    sampling_for,
    show_base,
)
from limner.demo.gallery import Exhibit
from limner.sampling.model import Model, load_model


def test_classes_that_it_knows(base: Model) -> None:
    drawn = list(draw_by_class(base, seed=1))
    assert all(drawing.n_points for drawing in drawn)
    assert [drawing.label for drawing in drawn] == ["cat", "face"]


def test_plain_strokes_lie_on_the_page() -> None:
    strokes = plain_strokes()
    assert list(strokes) == ["circle", "line", "square", "triangle", "spiral", "two dots"]
    assert [len(drawing) for drawing in strokes.values()] == [1, 1, 1, 1, 1, 2]
    points = np.concatenate([drawing.points for drawing in strokes.values()])
    assert (points >= 0).all()
    assert (points <= 255).all()


@pytest.mark.slow
def test_no_beginning_is_answered_with_nothing(base: Model) -> None:
    for beginning in plain_strokes().values():
        for drawing in go_on(base, beginning, 2, seed=3):
            assert (
                drawing.n_points >= beginning.n_points + MORE_POINTS / 2
            )  # dots of a stroke may fall together


def test_how_a_model_draws(base: Model) -> None:
    """As its card says, and else by what it is."""
    assert sampling_for(base) == STEADY
    assert sampling_for(load_model("doodles")) == CAREFUL


def test_without_a_base_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("limner.demo.base_drawings.shipped_names", lambda: ["doodles"])
    assert load_base() is None
    assert not show_base(lambda _: pytest.fail("there is nothing to show"))


@pytest.mark.slow
@pytest.mark.usefixtures("with_base")
def test_the_exhibits() -> None:
    shown: list[Exhibit] = []
    assert show_base(shown.append)
    assert [exhibit.title for exhibit in shown] == [BY_CLASS, GOES_ON]
    assert [card.caption for card in shown[0].cards] == ["cat", "face"]
    assert len(shown[1].cards) == 6 * FUTURES
    assert all(card.given is not None for card in shown[1].cards)
