from __future__ import annotations

import pytest

from limner.corpus.numbers import as_numbers, rows_of_lists


def test_numbers_of_any_kind() -> None:
    assert as_numbers([1, 2.5, True]).tolist() == [1, 2.5, 1]


@pytest.mark.parametrize("value", ["1", None, [1], b"1", 1j])
def test_other_values_are_not_numbers(value: object) -> None:
    with pytest.raises(ValueError, match="not numbers"):
        as_numbers([1, value])


def test_a_number_beyond_float64_is_too_large() -> None:
    with pytest.raises(ValueError, match="too large"):
        as_numbers([10**400])


def test_rows_of_lists() -> None:
    assert rows_of_lists([[1, 2, 0], (3, 4, 1)]).tolist() == [[1, 2, 0], [3, 4, 1]]
    assert rows_of_lists([]).shape == (0, 3)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (5, "not numbers"),
        ("abc", "not numbers"),
        ([1, 2, 3], "not numbers"),
        ([[1, 2]], "three wide"),
        ([[1, 2, None]], "not numbers"),
    ],
)
def test_what_is_no_rows(item: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        rows_of_lists(item)
