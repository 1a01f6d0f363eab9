from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from limner.corpus import scale
from limner.corpus.corpus import Corpus, Split
from limner.corpus.load import load_corpus
from limner.corpus.scale import moves_of, scale_factor, scale_notes, settled, settled_blocks
from limner.strokes.drawing import Drawing
from limner.strokes.ragged import blocks

SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]


def square_at(x: float, y: float, size: float = 10) -> np.ndarray:
    points = np.array(SQUARE) * size / 10 + (x, y)
    return Drawing.from_polylines([points]).to_stroke3()


def corpus_of(*drawings: np.ndarray, split: str = "train") -> Corpus:
    return Corpus({split: Split.from_arrays(drawings)})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "expected"), [("aaron_sheep", 18.5198), ("omniglot", 53.4370), ("short_kanji", 99.7125)]
)
def test_published_scale_factors(data_dir: Path, name: str, expected: float) -> None:
    corpus = load_corpus(data_dir / "stroke3" / f"{name}.npz")
    assert round(corpus.scale_factor, 4) == expected
    assert all(len(moves.rows) == 0 for moves in moves_of(corpus.splits).values()), "drawings were moved"


def test_scale_factor_is_the_deviation_of_the_train_offsets() -> None:
    train = Split.from_arrays([np.array([[0, 2, 0], [4, -2, 1]], np.float32)])
    test = Split.from_arrays([np.array([[900, -900, 1]], np.float32)])
    corpus = Corpus({"train": train, "test": test})
    assert corpus.scale_factor == pytest.approx(np.std([0, 2, 4, -2]))
    assert scale_notes(corpus.splits)[:1] != (
        "There is no train split, so the scale factor is taken over all drawings.",
    )


def test_without_train_all_drawings_count() -> None:
    corpus = corpus_of(square_at(0, 0), square_at(0, 0, 40), split="test")
    assert corpus.scale_factor == pytest.approx(corpus.splits["test"].rows[:, :2].std())
    assert "no train split" in scale_notes(corpus.splits)[0]


@pytest.mark.parametrize("drawings", [[np.array([[0, 0, 1]], np.float32)], [square_at(0, 0, 0)]])
def test_offsets_that_do_not_vary_give_one(drawings: list[np.ndarray]) -> None:
    corpus = corpus_of(*drawings)
    assert scale_factor(corpus.splits) == 1.0
    assert "scale factor is 1" in scale_notes(corpus.splits)[0]


def test_drawings_on_a_page_are_moved_to_the_origin() -> None:
    split = Split.from_arrays([square_at(500, 300), square_at(0, 0, 5), square_at(-400, 20)])
    after = settled(split)
    for drawing, size in zip(after, (10, 5, 10), strict=True):
        low_x, low_y, high_x, high_y = Drawing.from_stroke3(drawing).bounds
        assert (low_x, low_y, high_x, high_y) == (0, 0, size, size)
    np.testing.assert_array_equal(
        np.delete(after.rows, split.offsets[:-1], 0), np.delete(split.rows, split.offsets[:-1], 0)
    )
    assert after.sources == split.sources


def test_moving_changes_neither_the_original_nor_the_shape() -> None:
    split = Split.from_arrays([square_at(500, 300)])
    before = split.rows.copy()
    drawing, moved = Drawing.from_stroke3(split[0]), Drawing.from_stroke3(settled(split)[0])
    np.testing.assert_array_equal(split.rows, before)
    np.testing.assert_array_equal(drawing.points - drawing.points[0], moved.points - moved.points[0])


def test_a_stray_among_many_is_moved_and_the_rest_stay() -> None:
    split = Split.from_arrays([square_at(1, 2)] * 5 + [square_at(2000, 0)])
    after = settled(split)
    np.testing.assert_array_equal(after.rows[:25], split.rows[:25])
    assert after[5][0].tolist() == [0, 0, 0]
    notes = scale_notes({"train": split})
    assert notes == ("The scale factor and training move 1 drawing from far away to the origin.",)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 20])
def test_scribbles_without_a_page_are_left_alone(n: int) -> None:
    rng = np.random.default_rng(n)
    rows = rng.integers(-20, 20, (300, n, 3)).astype(np.float32)
    rows[:, :, 2] = rows[:, :, 2] > 0
    split = Split.from_arrays(list(rows))
    assert settled(split) is split


def test_drawings_about_the_origin_are_left_alone() -> None:
    split = Split.from_arrays([square_at(-3, 4), square_at(0, 0), square_at(2, 2)])
    assert settled(split) is split


def test_the_train_split_decides_for_the_others() -> None:
    pages = Split.from_arrays([square_at(100, 100)] * 3)
    near = Split.from_arrays([square_at(1, 2)])
    assert settled(near) is near
    assert settled(near, reference=pages)[0][0].tolist() == [0, 0, 0]
    moves = moves_of({"train": pages, "valid": near})
    assert moves["valid"].corners.tolist() == [[1, 2]]


def test_a_page_position_does_not_reach_the_scale_factor() -> None:
    at_home = corpus_of(*[square_at(0, 0)] * 4).scale_factor
    far_away = corpus_of(*[square_at(5000, -7000)] * 4).scale_factor
    assert far_away == pytest.approx(at_home)


@pytest.mark.slow
def test_raw_quickdraw_is_settled(data_dir: Path) -> None:
    corpus = load_corpus(data_dir / "quickdraw" / "raw")
    plain = np.std(corpus.splits["train"].rows[:, :2])
    assert corpus.scale_factor < 0.8 * plain


def test_an_empty_split_is_settled() -> None:
    empty = Split.from_arrays([])
    assert settled(empty) is empty


def test_an_empty_judge_is_none() -> None:
    pages = Split.from_arrays([square_at(100, 100)])
    assert settled(pages, reference=Split.from_arrays([]))[0][0].tolist() == [0, 0, 0]


@pytest.mark.parametrize("size", [1, 7, 25, 1 << 20])
def test_blocks_change_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the drawings are cut into blocks, the same ones move, and the figures are the same."""
    rng = np.random.default_rng(3)
    places = rng.integers([-3, -3, 5], [4, 4, 30], (30, 3)).tolist()
    drawings = [square_at(x, y, size) for x, y, size in places]
    drawings[4], drawings[11] = square_at(900, 0), square_at(-40, 800, 20)
    corpus = Corpus({"train": Split.from_arrays(drawings[:20]), "valid": Split.from_arrays(drawings[20:])})
    whole = np.concatenate([settled(corpus.splits["train"]).rows])
    monkeypatch.setattr(scale, "blocks", lambda offsets: blocks(offsets, size))
    assert moves_of(corpus.splits)["train"].rows.tolist() == [20, 55]
    assert scale_factor(corpus.splits) == pytest.approx(whole[:, :2].astype(float).std(), rel=1e-12)
    parts = list(settled_blocks(corpus.splits["train"], moves_of(corpus.splits)["train"]))
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert scale_notes(corpus.splits) == (
        "The scale factor and training move 2 drawings from far away to the origin.",
    )
