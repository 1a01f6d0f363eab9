"""Numbers with limits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import tyro
from hypothesis import given
from hypothesis import strategies as st

from limner.cli.values import not_negative, optional_numbers, positive, whole


@given(st.integers(-5, 5), st.integers(-10, 10))
def test_whole_numbers_from_a_limit_up(low: int, value: int) -> None:
    read = whole(low).instance_from_str
    if value >= low:
        assert read([str(value)]) == value
    else:
        with pytest.raises(ValueError, match=f"must be a whole number from {low} up, not {value}"):
            read([str(value)])


@pytest.mark.parametrize("text", ["0", "5", "1.5", "x", "", "1e1", "inf"])
def test_whole_numbers_between_limits(text: str) -> None:
    with pytest.raises(ValueError, match="must be a whole number from 1 to 4, not "):
        whole(1, 4).instance_from_str([text])


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), ("0.25", 0.25), ("1e-9", 1e-9)])
def test_positive_numbers(text: str, value: float) -> None:
    assert positive(1).instance_from_str([text]) == value


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1.01", "x"])
def test_what_is_no_positive_number(text: str) -> None:
    with pytest.raises(ValueError, match=f"must be a number above 0 and at most 1, not {text}"):
        positive(1).instance_from_str([text])


def test_without_an_upper_limit_infinity_is_refused_too() -> None:
    assert positive().instance_from_str(["1e300"]) == 1e300
    with pytest.raises(ValueError, match="must be a number above 0, not inf"):
        positive().instance_from_str(["inf"])


def test_zero_is_not_negative() -> None:
    read = not_negative(600).instance_from_str
    assert read(["0"]) == 0
    for text in ("-0.1", "601", "nan"):
        with pytest.raises(ValueError, match=f"must be a number from 0 to 600, not {text}"):
            read([text])


@dataclass(frozen=True)
class Optional:
    count: int | None = None
    share: float | None = 0.5


def _optional(*words: str) -> Optional:
    return tyro.cli(Optional, args=words, registry=optional_numbers())


def test_numbers_that_may_be_none() -> None:
    assert _optional() == Optional()
    assert _optional("--count", "3", "--share", "1e-3") == Optional(3, 1e-3)
    assert _optional("--share", "none", "--count", "None") == Optional(None, None)


@pytest.mark.parametrize("words", [("--count", "1.5"), ("--count", "x"), ("--share", "x"), ("--share", "")])
def test_what_is_neither_a_number_nor_none(
    words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        _optional(*words)
    assert "number or none, not" in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_help_speaks_of_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _optional("--help")
    page = capsys.readouterr().out
    assert "--count INT" in page
    assert "--share FLOAT" in page
    assert "(default: none)" in page
