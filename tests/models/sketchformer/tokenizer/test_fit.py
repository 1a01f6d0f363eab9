"""Finding the words of a corpus."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.doodles.make import make_doodles
from limner.corpus.load import load_corpus
from limner.models.sketchformer.tokenizer.fit import fit_tokenizer
from limner.models.sketchformer.tokenizer.round_trip import round_trip
from limner.models.sketchformer.tokenizer.tokenizer import PRESETS, Scheme, TokenSettings

BOTH = pytest.mark.parametrize("scheme", ["joint", "by-state"])


@pytest.fixture(scope="module")
def toys() -> list[np.ndarray]:
    return [drawing.to_stroke3() for drawing in make_doodles(40, seed=1)]


def test_dictionaries_find_what_there_is() -> None:
    """Four offsets with a little noise each, and two of last points, come out as words."""
    rng = np.random.default_rng(0)
    ways = np.array([[3, 0], [0, 3], [-3, 0], [0, -3]])
    rows = [np.column_stack([ways[rng.integers(4, size=9)], np.zeros(9)]) for _ in range(60)]
    for k, drawing in enumerate(rows):
        drawing[-1] = [7 if k % 2 else -7, 7, 1]
        drawing[:, :2] += rng.normal(size=(9, 2)) * 0.1
    made = fit_tokenizer([r.astype(np.float32) for r in rows], TokenSettings("by-state", 4, 2), 2.0)
    downs, lifts = made.centres[:4] * 2, made.centres[4:] * 2
    np.testing.assert_allclose(sorted(downs.tolist()), sorted(ways.tolist()), atol=0.1)
    np.testing.assert_allclose(sorted(lifts.tolist()), [[-7, 7], [7, 7]], atol=0.1)
    np.testing.assert_allclose(made.sigmas * 2, 0.1, atol=0.04)


@BOTH
def test_the_same_seed_finds_the_same_words(scheme: Scheme, toys: list[np.ndarray]) -> None:
    asked = TokenSettings(scheme, 30, 5)
    one, same = (fit_tokenizer(toys, asked, 10.0) for _ in range(2))
    np.testing.assert_array_equal(one.centres, same.centres)
    other = fit_tokenizer(toys, replace(asked, seed=1), 10.0)
    assert not np.array_equal(one.centres, other.centres)


@BOTH
def test_scale_is_no_matter_to_words(scheme: Scheme, toys: list[np.ndarray]) -> None:
    asked = TokenSettings(scheme, 20, 5)
    large = [rows * np.array([8, 8, 1], np.float32) for rows in toys]
    one, other = fit_tokenizer(toys, asked, 10.0), fit_tokenizer(large, asked, 80.0)
    np.testing.assert_allclose(one.centres, other.centres, rtol=1e-4, atol=1e-5)


@BOTH
def test_fewer_offsets_than_words(scheme: Scheme) -> None:
    """Words stand twice, and a drawing is spelt exactly."""
    rows = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 1], [2, 2, 1]], np.float32)
    made = fit_tokenizer([rows], TokenSettings(scheme, 50, 20), 1.0)
    np.testing.assert_allclose(made.decode(made.encode(rows)), rows, atol=1e-6)
    assert (made.sigmas > 0).all()


def test_a_single_point_and_no_lifts_at_all() -> None:
    for scheme in ("joint", "by-state", "grid"):
        made = fit_tokenizer([np.zeros((1, 3), np.float32)], TokenSettings(scheme, 3, 2), 1.0)
        assert made.decode(made.encode(np.zeros((1, 3), np.float32))).tolist()[0][2] == 0


def test_a_grid_covers_the_page(toys: list[np.ndarray]) -> None:
    made = fit_tokenizer(toys, TokenSettings("grid", 20), 10.0)
    places = np.concatenate([np.cumsum(rows[:, :2], axis=0) for rows in toys]) / 10
    for axis in (0, 1):
        assert len(np.unique(made.centres[:, axis])) == 20
        cell = made.sigmas[0, axis] * np.sqrt(12)
        assert np.ptp(made.centres[:, axis]) == pytest.approx(19 * cell, rel=1e-4)
        within = np.abs(places[:, axis] - made.centres[:, axis].mean()) <= 10 * cell
        assert 0.99 < within.mean() <= 1


def test_more_words_say_it_better(toys: list[np.ndarray]) -> None:
    coarse, fine = (round_trip(fit_tokenizer(toys, TokenSettings("joint", k), 10.0), toys) for k in (10, 200))
    assert fine.mean < coarse.mean / 2
    assert fine.lifts_kept


def test_simplified_first_if_it_is_asked(toys: list[np.ndarray]) -> None:
    asked = TokenSettings("joint", 50, tolerance=4.0)
    found = round_trip(fit_tokenizer(toys, asked, 10.0), toys)
    assert found.points < sum(map(len, toys))


def test_nothing_to_make_words_of() -> None:
    with pytest.raises(ValueError, match="no drawings"):
        fit_tokenizer([], TokenSettings(), 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_words_of_sketchbooks_say_drawings_within_a_hundredth(name: str, data_dir: Path) -> None:
    corpus = load_corpus(data_dir / "stroke3" / "look_i16__minn10_epsilon1.npz")
    made = fit_tokenizer(list(corpus.splits["train"]), PRESETS[name], corpus.scale_factor)
    found = round_trip(made, list(corpus.splits["valid"]))
    assert found.mean_relative < 0.01
    assert found.lifts_kept
