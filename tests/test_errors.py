"""Sentences for a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.errors import MOST_LETTERS, one_line


@given(st.text(st.characters(exclude_categories=[]), max_size=2000), st.integers(20, MOST_LETTERS))
def test_any_text_becomes_a_short_line_that_can_be_printed(text: str, most: int) -> None:
    line = one_line(text, most)
    assert len(line) <= most
    assert line.isprintable() or not line
    line.encode()


@given(st.lists(st.text("abcxyz.,:", min_size=1, max_size=9), max_size=30))
def test_a_plain_sentence_is_left_alone(words: list[str]) -> None:
    assert one_line(" ".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\tb\n  c", "a b c"),
        ("a\x1b[31mb", "a\N{REPLACEMENT CHARACTER}[31mb"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b", "a\N{REPLACEMENT CHARACTER}b"),
        ("a\udc80b", "a\N{REPLACEMENT CHARACTER}b"),
        ("", ""),
    ],
)
def test_what_cannot_be_printed(text: str, line: str) -> None:
    assert one_line(text) == line


def test_long_words_lose_their_middle() -> None:
    """So that the name of a file, the fault and the remedy stay."""
    line = one_line(f"/work/{'deep/' * 200}cat.npz holds {'9' * 4000} drawings; leave some out.")
    assert len(line) <= MOST_LETTERS
    assert line.startswith("/work/deep/")
    assert "cat.npz holds 999" in line
    assert line.endswith("drawings; leave some out.")
