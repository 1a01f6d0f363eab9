"""What the page says: how long the model was trained, and which classes its drawings are of."""

from __future__ import annotations

import numpy as np
import pytest

from limner.demo.run import SECONDS, Pictures, _exhibits, time_sentence
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


def test_drawings_are_captioned_with_their_classes() -> None:
    """Samples too, if the model knows what it has drawn; nothing stands where it does not."""
    cat, star = (LINE.replace(label=label) for label in ("cat", "star"))
    pictures = Pictures([star], [cat, LINE], [(star, LINE)], LINE, [cat, LINE], [LINE], 16)
    exhibits = {exhibit.title: exhibit for exhibit in _exhibits(pictures, 100)}
    assert [card.caption for card in exhibits["What it drew"].cards] == ["cat", ""]
    assert [card.caption for card in exhibits["What it was taught"].cards] == ["star"]
    completed = exhibits["How it goes on"].cards
    assert [(card.caption, card.given) for card in completed] == [("cat", LINE), ("", LINE)]
