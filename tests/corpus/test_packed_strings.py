from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.corpus.packed_strings import PackedStrings

TEXTS = st.lists(st.text(max_size=6), max_size=20)


@pytest.mark.slow
@settings(deadline=None)
@given(TEXTS)
def test_they_are_what_they_were(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "backslashreplace").decode() for text in texts]
    names = PackedStrings.of(texts)
    assert len(names) == len(texts)
    assert list(names) == texts
    assert [names[i] for i in range(-len(texts), len(texts))] == texts * 2
    assert names == texts
    assert names == tuple(texts)
    assert names == PackedStrings.of(texts)
    assert names[1::2] == texts[1::2]
    assert names[::-1] == texts[::-1]
    assert PackedStrings.of(names) is names


@pytest.mark.slow
@settings(deadline=None)
@given(TEXTS)
def test_arrow_has_the_same_ones(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "backslashreplace").decode() for text in texts]
    names = PackedStrings.of(texts)
    assert pa.array(names).to_pylist() == texts
    assert pa.array(names, pa.string()).to_pylist() == texts
    whole = pa.array(["before", *texts, "after"])
    for array in (whole, whole.cast(pa.large_string()), whole.dictionary_encode()):
        assert PackedStrings.from_arrow(array.slice(1, len(texts))) == texts


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_equal_if_and_only_if_all_texts_are(one: list[str], two: list[str]) -> None:
    spelt = [[text.encode("utf-8", "backslashreplace").decode() for text in part] for part in (one, two)]
    assert (PackedStrings.of(one) == PackedStrings.of(two)) is (spelt[0] == spelt[1])
    assert (PackedStrings.of(one) == tuple(two)) is (spelt[0] == two)


def test_take() -> None:
    names = PackedStrings.of(["é", "", "abc"])
    assert names.take(np.array([2, 0, 0, 1])) == ("abc", "é", "é", "")
    assert names.take(np.zeros(0, np.int64)) == ()


def test_what_utf8_has_no_place_for_is_spelt_out() -> None:
    """As in names of files that are no UTF-8."""
    assert PackedStrings.of(["a\udcffb"]) == ("a\\udcffb",)


def test_they_end_where_they_end() -> None:
    with pytest.raises(IndexError):
        PackedStrings.of(["a"])[1]
    assert "a" in PackedStrings.of(["b", "a"])
    assert PackedStrings.of(["a"]) != 7


def test_a_million_take_little_room() -> None:
    names = PackedStrings.of([f"cat.ndjson#{i}" for i in range(20_000)])
    assert names.packed.rows.nbytes + names.packed.offsets.nbytes < 26 * 20_000
    with pytest.raises(ValueError, match="read-only"):
        names.packed.rows[0] = 0
