"""Sentences: one line, bounded, without what would move a cursor."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from limner.errors import LONGEST_SENTENCE, sentence


@given(st.text())
def test_a_sentence_is_one_bounded_line(text: str) -> None:
    found = sentence(text * 20)
    assert len(found) <= LONGEST_SENTENCE
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in found)


def test_a_short_sentence_stays() -> None:
    assert sentence("a.npz is damaged; fetch it again.") == "a.npz is damaged; fetch it again."


def test_both_ends_of_a_long_name_stay() -> None:
    found = sentence(f"/work/{'x' * 500}/page.npz holds {'9' * 9000} points; it is damaged.")
    assert found.startswith("/work/x")
    assert "x/page.npz holds 99" in found
    assert found.endswith("points; it is damaged.")
