"""Colours of pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from limner.curation.page.colour import CHROMA_EDGES, HUES, LIGHTNESS_EDGES, colour_rows

FIRST_CHROMA = len(LIGHTNESS_EDGES) + 1
FIRST_HUE = FIRST_CHROMA + len(CHROMA_EDGES) + 1


def _flat(colour: str) -> NDArray[np.float32]:
    return colour_rows(Image.new("RGB", (40, 60), colour))


def test_black_and_white_lie_at_both_ends() -> None:
    assert _flat("white")[:FIRST_CHROMA].argmax() == FIRST_CHROMA - 1
    assert _flat("black")[:FIRST_CHROMA].argmax() == 0
    for name in ("white", "black", "grey"):
        assert not _flat(name)[FIRST_HUE : FIRST_HUE + HUES].any()


def test_hues_differ() -> None:
    hues = [_flat(name)[FIRST_HUE : FIRST_HUE + HUES].argmax() for name in ("red", "yellow", "green", "blue")]
    assert len(set(hues)) == 4


def test_where_a_colour_lies_counts() -> None:
    picture = Image.new("RGB", (40, 40), "white")
    picture.paste("blue", (0, 0, 20, 40))
    left, right = colour_rows(picture), colour_rows(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    np.testing.assert_allclose(left[: FIRST_HUE + HUES], right[: FIRST_HUE + HUES], atol=1e-6)
    assert np.abs(left - right).max() > 0.1
