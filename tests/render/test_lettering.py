"""Lettering: widths and cuts of lines of text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from limner.render.lettering import ELLIPSIS, font, one_line, plain_letters, shortened, width_px


def test_short_text_stays() -> None:
    assert shortened("sheep", 100, 13) == "sheep"


def test_long_text_is_cut_with_an_ellipsis() -> None:
    cut = shortened("a flock of sheep on a hill", 80, 13)
    assert cut.endswith(ELLIPSIS)
    assert "a flock of sheep on a hill".startswith(cut[:-1])
    assert len(cut) > 5


@settings(deadline=None)
@given(text=st.text(max_size=40), room=st.floats(0, 200), size=st.sampled_from([9.0, 13.0, 24.5]))
def test_shortened_text_fits(text: str, room: float, size: float) -> None:
    assert width_px(shortened(text, room, size), size) <= room


@settings(deadline=None)
@given(st.text(max_size=30))
def test_one_line_holds_only_printable_letters(text: str) -> None:
    line = one_line(text)
    assert line == line.strip()
    assert all(letter.isprintable() for letter in line)
    assert one_line(line) == line


def test_line_breaks_and_control_letters_become_spaces() -> None:
    assert one_line(" two\nlines\x00and\ta tab ") == "two lines and a tab"


def test_plain_letters_are_in_the_font() -> None:
    missing = bytes(font(20).getmask("漢"))
    text = plain_letters("Schäfchen \u2013 crème brûlée \xd7 3 …")
    assert text == "Schafchen - creme brulee x 3 …"
    assert not any(bytes(font(20).getmask(letter)) == missing for letter in text)
    assert plain_letters("漢字") == "漢字"


def test_larger_letters_are_wider() -> None:
    assert width_px("sheep", 26) > 1.8 * width_px("sheep", 13)
