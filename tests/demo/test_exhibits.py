"""What the page says: how long the model was trained, and which classes its drawings are of."""

from __future__ import annotations

import numpy as np
import pytest

from limner.corpus.corpus import Corpus, Split, number_labels
from limner.corpus.select import beginning_of
from limner.demo.exhibition import after_exhibit, drawn_exhibit, taught_exhibit
from limner.demo.run import SECONDS, time_sentence
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

LINE = Drawing.from_polylines([np.array([[0, 0], [10, 20]])])


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (60, "It learned for only 1 minute: with the usual 4 minutes it draws better."),
        (20, "It learned for only 20 seconds: with the usual 4 minutes it draws better."),
        (SECONDS, "It learned for 4 minutes."),
    ],
)
def test_a_short_training_is_called_short(seconds: float, sentence: str) -> None:
    assert time_sentence(seconds) == sentence


def test_drawings_are_captioned_with_their_classes(base: Model) -> None:
    """Samples too, if the model knows what it has drawn; nothing stands where it does not."""
    cat = LINE.replace(label="cat")
    assert [card.caption for card in drawn_exhibit([cat, LINE], "").cards] == ["cat", ""]
    completed = after_exhibit(base, cat, 0).cards
    assert {card.caption for card in completed} == {"cat"}
    assert {card.given for card in completed} == {beginning_of(cat, 0.4)[0]}


def test_one_of_each_kind_was_taught() -> None:
    labels, names = number_labels(["cat", "star", "cat"])
    corpus = Corpus({"train": Split.from_arrays([LINE.to_stroke3()] * 3, labels)}, names)
    exhibit = taught_exhibit(corpus, 0)
    assert sorted(card.caption for card in exhibit.cards) == ["cat", "star"]
    assert exhibit.text.startswith("One of each kind; there are 3 doodles")
