from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from limner.corpus.corpus import Corpus, Split
from limner.strokes.segments import offsets_from_lengths

A = np.array([[1, 2, 0], [3, 4, 1]], np.float32)
B = np.array([[5, 6, 1]], np.float32)
C = np.array([[0, 0, 0], [7, 8, 1], [9, 9, 0]], np.float32)


def three() -> Split:
    return Split.from_arrays([A, B, C], [0, 1, -1], ["f#0", "f#7", "f#9"])


def test_split_is_ragged_rows_and_offsets() -> None:
    split = three()
    assert len(split) == 3
    assert split.rows.dtype == np.float32
    assert split.offsets.tolist() == [0, 2, 3, 6]
    assert split.lengths.tolist() == [2, 1, 3]
    for drawing, expected in zip(split, (A, B, C), strict=True):
        np.testing.assert_array_equal(drawing, expected)
    np.testing.assert_array_equal(split[-1], C)
    np.testing.assert_array_equal(split[1], B)


def test_split_ends_where_it_ends() -> None:
    with pytest.raises(IndexError):
        three()[3]


def test_views_of_a_split_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        three()[0][0, 0] = 5


def test_take_reorders_repeats_and_copies() -> None:
    taken = three().take([2, 0, 2])
    assert taken.sources == ("f#9", "f#0", "f#9")
    assert taken.labels.tolist() == [-1, 0, -1]
    assert taken.lengths.tolist() == [3, 2, 3]
    np.testing.assert_array_equal(taken.rows, np.concatenate([C, A, C]))


def test_origins_go_with_their_drawings() -> None:
    assert three().origins.tolist() == [0, 0, 0]
    split = replace(three(), origins=np.array([4, 5, 6], np.int32))
    assert split.take([2, 0, 2]).origins.tolist() == [6, 4, 6]
    assert split.replace_rows(split.rows + 1).origins.tolist() == [4, 5, 6]
    with pytest.raises(ValueError, match="read-only"):
        split.origins[0] = 1
    with pytest.raises(ValueError, match=r"3 sources, .* 2 origins"):
        replace(split, origins=np.zeros(2, np.int32))


def test_take_from_the_end_and_by_a_mask() -> None:
    assert three().take([-1]).rows.tolist() == C.tolist()
    assert three().take([True, False, True]).sources == ("f#0", "f#9")
    with pytest.raises(IndexError):
        three().take([3])


def test_take_nothing() -> None:
    taken = three().take([])
    assert len(taken) == 0
    assert taken.rows.shape == (0, 3)
    assert taken.strokes_mean == 0


def test_strokes_mean_counts_a_last_stroke_without_a_lift() -> None:
    assert three().strokes_mean == pytest.approx((1 + 1 + 2) / 3)


def test_split_refuses_what_does_not_fit() -> None:
    labels = np.zeros(2, np.int32)
    with pytest.raises(ValueError, match="rows must be of shape"):
        Split(np.zeros((4, 2), np.float32), offsets_from_lengths([2, 2]), labels, ("a", "b"))
    with pytest.raises(ValueError, match="sources"):
        Split(np.zeros((4, 3), np.float32), offsets_from_lengths([2, 2]), labels, ("a",))
    with pytest.raises(ValueError, match="do not divide"):
        Split(np.zeros((4, 3), np.float32), offsets_from_lengths([2, 3]), labels, ("a", "b"))
    with pytest.raises(ValueError, match="at least one point"):
        Split(np.zeros((4, 3), np.float32), offsets_from_lengths([4, 0]), labels, ("a", "b"))


def test_corpus_orders_its_splits_and_refuses_others() -> None:
    corpus = Corpus({"test": three(), "train": three()})
    assert list(corpus.splits) == ["train", "test"]
    assert len(corpus) == 6
    with pytest.raises(ValueError, match="not 'dev'"):
        Corpus({"dev": three()})


def test_n_max_is_over_all_splits() -> None:
    corpus = Corpus({"train": Split.from_arrays([A]), "test": Split.from_arrays([C])})
    assert corpus.n_max == 3
    assert Corpus({}).n_max == 0


def test_drawing_has_points_label_and_source() -> None:
    corpus = Corpus({"train": three()}, label_names=("cat", "dog"))
    first, last = corpus.drawing("train", 0), corpus.drawing("train", 2)
    assert (first.label, first.source) == ("cat", "f#0")
    assert first.to_polylines() == [[(1, 2), (4, 6)]]
    assert (last.label, len(last)) == (None, 2)
    np.testing.assert_array_equal(first.to_stroke3(), A)


def test_reprs_count() -> None:
    assert repr(three()) == "<Split: 3 drawings, 6 points>"
    assert repr(Corpus({"train": three()})) == "<Corpus: train 3>"
