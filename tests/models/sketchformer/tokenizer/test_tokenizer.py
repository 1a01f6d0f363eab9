"""Words: what is spelt, what is read again, and how far it may be amiss.

Letters: ``n`` points of a drawing, ``K`` words.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.models.sketchformer.tokenizer.tokenizer import (
    PAD,
    PRESETS,
    SPECIALS,
    Scheme,
    Tokenizer,
    TokenSettings,
)

SCHEMES: tuple[Scheme, ...] = ("joint", "by-state", "grid")
SQUARE = np.array([[2, 0, 0], [0, 2, 0], [-2, 0, 1], [0, -1, 0], [0, -1, 1]], np.float32)
AXES = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [0, 0]], np.float32)


def _lattice(scheme: Scheme, scale: float = 1.0, step: float = 0.25) -> Tokenizer:
    """Words on a lattice of 9 x 9 about the origin; by state 81 for each."""
    line = np.arange(-4, 5) * step
    centres = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2).astype(np.float32)
    if scheme == "by-state":
        centres = np.concatenate([centres, centres])
    made = TokenSettings(scheme, 9 if scheme == "grid" else 81, 81)
    return Tokenizer(made, scale, centres, np.full_like(centres, step / 3))


def _by_hand(scheme: Scheme) -> Tokenizer:
    """Four directions and nothing, in units of two."""
    centres = np.concatenate([AXES, AXES]) if scheme == "by-state" else AXES
    return Tokenizer(TokenSettings(scheme, 5, 5), 2.0, centres, np.ones_like(centres))


def test_spelling_of_one_dictionary() -> None:
    """Start 7, right, down, left, separator 6, up, up, separator, end 8; half units fall to the first."""
    tokenizer = _by_hand("joint")
    assert (tokenizer.separator, tokenizer.start, tokenizer.end, tokenizer.vocab_size) == (6, 7, 8, 9)
    numbers = tokenizer.encode(SQUARE)
    assert numbers[:5].tolist() == [7, 1, 2, 3, 6]
    assert numbers[-2:].tolist() == [6, 8]
    assert len(numbers) == 5 + 2 + 2


def test_spelling_of_two_dictionaries() -> None:
    """Last points have words of their own, and nothing separates."""
    tokenizer = _by_hand("by-state")
    numbers = tokenizer.encode(SQUARE)
    assert numbers[:4].tolist() == [12, 1, 2, 8]
    assert numbers[-1] == 13
    assert len(numbers) == 5 + 2


def test_spelling_of_a_grid() -> None:
    """Cells are places on the page, from the left to the right and then down."""
    tokenizer = _lattice("grid")
    rows = np.array([[-1, -1, 0], [1, 0, 0], [0, 2, 1]], np.float32)
    assert tokenizer.encode(rows).tolist() == [83, 1, 5, 77, 82, 84]
    np.testing.assert_array_equal(tokenizer.decode([83, 1, 5, 77, 82, 84]), rows)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_presets_have_the_sizes_of_the_sources(scheme: Scheme) -> None:
    found = {(made.scheme, made.tokens, made.tokens + SPECIALS) for made in PRESETS.values()}
    wanted = {"joint": ("joint", 1000, 1004), "by-state": ("by-state", 1000, 1004)}
    assert wanted.get(scheme, ("grid", 10_000, 10_004)) in found
    assert (PRESETS["slml"].count, PRESETS["slml"].lifts) == (960, 40)


@st.composite
def wandering(draw: st.DrawFn) -> np.ndarray:
    """Rows of a drawing that stays within half a unit of the origin; ends with or without a lift."""
    n = draw(st.integers(1, 60))
    places = draw(st.lists(st.floats(-0.5, 0.5, width=32), min_size=2 * n, max_size=2 * n))
    lifts = draw(st.lists(st.sampled_from([0, 0, 0, 1]), min_size=n, max_size=n))
    offsets = np.diff(np.reshape(places, (n, 2)), axis=0, prepend=0.0)
    return np.column_stack([offsets, lifts]).astype(np.float32)


@pytest.mark.slow
@settings(deadline=None)
@given(wandering(), st.sampled_from(SCHEMES), st.sampled_from([0.5, 1.0, 20.0]))
def test_no_point_strays_farther_than_a_cell(rows: np.ndarray, scheme: Scheme, scale: float) -> None:
    """Errors do not add up, however long the drawing is; lifts stay where they are."""
    rows = rows * np.array([scale, scale, 1], np.float32)
    tokenizer = _lattice(scheme, scale)
    found = tokenizer.decode(tokenizer.encode(rows))
    np.testing.assert_array_equal(found[:, 2], rows[:, 2])
    gaps = np.cumsum(found[:, :2] - rows[:, :2], axis=0, dtype=np.float64)
    assert np.abs(gaps).max() <= 0.5001 * 0.25 * scale


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(wandering(), max_size=5), st.sampled_from(SCHEMES))
def test_many_are_encoded_as_one_by_one(drawings: list[np.ndarray], scheme: Scheme) -> None:
    tokenizer = _lattice(scheme)
    together = tokenizer.encode_all(drawings)
    assert [numbers.tolist() for numbers in together] == [tokenizer.encode(r).tolist() for r in drawings]


@settings(deadline=None)
@given(st.lists(st.integers(0, 84), max_size=40))
def test_any_numbers_of_the_vocabulary_can_be_read(numbers: list[int]) -> None:
    """Padding, starts and loose separators are passed over; nothing follows the end."""
    tokenizer = _lattice("joint")
    rows = tokenizer.decode(numbers)
    assert rows.dtype == np.float32
    before = numbers[: numbers.index(tokenizer.end)] if tokenizer.end in numbers else numbers
    assert len(rows) == sum(1 <= number <= 81 for number in before)
    np.testing.assert_array_equal(tokenizer.decode([PAD, *numbers, PAD]), rows)


@pytest.mark.parametrize("numbers", [[-1], [85], [1, 400]])
def test_other_numbers_are_refused(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="ids of this vocabulary are 0 to 84"):
        _lattice("joint").decode(numbers)


def test_tables_that_make_no_sense_are_refused() -> None:
    sound = _lattice("joint")
    with pytest.raises(ValueError, match=r"must be of shape \(82, 2\)"):
        replace(sound, settings=TokenSettings("joint", 82))
    with pytest.raises(ValueError, match="finite numbers"):
        replace(sound, centres=np.full_like(sound.centres, np.nan))
    with pytest.raises(ValueError, match="sigmas above 0"):
        replace(sound, sigmas=np.zeros_like(sound.sigmas))
    with pytest.raises(ValueError, match="scale must be above 0"):
        replace(sound, scale=0.0)


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        TokenSettings(count=0)
    with pytest.raises(ValueError, match="tolerance"):
        TokenSettings(tolerance=-1.0)
