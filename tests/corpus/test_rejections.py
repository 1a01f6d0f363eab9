from __future__ import annotations

import pytest

from limner.corpus.rejections import Rejected, Rejections
from limner.errors import DataError


def test_the_first_bad_drawing_is_refused() -> None:
    with pytest.raises(DataError, match=r"^a\.npz, drawing 3: it is bad\. Mend or remove"):
        Rejections(strict=True).reject("a.npz#3", "it is bad", "a.npz, drawing 3")
    error = DataError("b.svg is damaged.")
    with pytest.raises(DataError) as caught:
        Rejections(strict=True).reject_file("b.svg#0", error)
    assert caught.value is error


def test_drawings_without_points_are_left_out_even_so() -> None:
    rejections = Rejections(strict=True)
    rejections.omit("a.npz#3", "it has no points")
    assert rejections.rejected == [Rejected("a.npz#3", "it has no points")]


def test_bad_drawings_and_files_are_recorded() -> None:
    rejections = Rejections(strict=False)
    rejections.reject("a#1", "it is bad", "a, drawing 1")
    rejections.reject_file("b.svg#0", DataError("b.svg is damaged."))
    assert rejections.rejected == [Rejected("a#1", "it is bad"), Rejected("b.svg#0", "b.svg is damaged.")]
    sparing = Rejections(strict=True, spares_files=True)
    sparing.reject_file("b.svg#0", DataError("b.svg is damaged."))
    assert sparing.failed == [Rejected("b.svg#0", "b.svg is damaged.")]
