from __future__ import annotations

import pickle

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recipes.kit import batch_of, doodles, stepped

from limner.corpus.corpus import Split
from limner.recipes.batch import RecipeBatch
from limner.recipes.steps.shape import SeparateStep


def same(one: RecipeBatch, two: RecipeBatch) -> None:
    np.testing.assert_array_equal(one.drawings.rows, two.drawings.rows)
    np.testing.assert_array_equal(one.drawings.offsets, two.drawings.offsets)
    np.testing.assert_array_equal(one.boxes, two.boxes)
    assert list(one.drawings.sources) == list(two.drawings.sources)
    assert list(one.pages) == list(two.pages)
    assert one.splits.tolist() == two.splits.tolist()
    assert one.labels() == two.labels()


def separated() -> RecipeBatch:
    page = [[(0.0, 0.0), (9.0, 9.0)], [(50.0, 50.0), (60.0, 61.0)]]
    labels = ["cat", None]
    return stepped(SeparateStep(), batch_of(page, page, labels=labels), splits=[1, -1]).state.to_batch()


def test_a_table_and_a_pickle_bring_it_back() -> None:
    for batch in (separated(), doodles(20), RecipeBatch.join(())):
        same(RecipeBatch.from_table(batch.to_table()), batch)
        same(pickle.loads(pickle.dumps(batch)), batch)


def test_the_table_is_a_corpus() -> None:
    rows = separated().to_table().to_pylist()
    assert rows[1] == {
        "stroke3": [[50.0, 50.0, 0.0], [10.0, 11.0, 1.0]],
        "label": "cat",
        "source": "f#0/box-2",
        "split": "valid",
        "page": "f#0",
        "box": [50.0, 50.0, 60.0, 61.0],
    }
    assert doodles(1).to_table().to_pylist()[0]["box"] is None


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 7), max_size=12))
def test_rows_of_a_table_may_be_taken_out(wanted: list[int]) -> None:
    batch = RecipeBatch.join([doodles(4), separated()])
    same(RecipeBatch.from_table(batch.to_table().take(pa.array(wanted, pa.int64()))), batch.take(wanted))


def test_joining_matches_labels_by_name() -> None:
    one, two = (batch_of([[(1.0, 1.0)]], labels=[label]) for label in ("owl", "cat"))
    joined = RecipeBatch.join([one, two, batch_of([[(2.0, 2.0)]])])
    assert joined.labels() == ["owl", "cat", None]
    assert joined.label_names == ("cat", "owl")


def test_a_reading_with_splits() -> None:
    part = Split.from_arrays([np.array([[1, 2, 1]], np.float32)], sources=["a#1"])
    batch = RecipeBatch.from_splits({"test": part, None: part, "train": Split.from_arrays([])})
    assert batch.splits.tolist() == [2, -1]
    assert np.isnan(batch.boxes).all()


def test_strokes_are_counted() -> None:
    rows = np.array([[0, 0, 1], [1, 1, 0], [1, 1, 1], [5, 5, 0]], np.float32)
    counts = RecipeBatch.of(Split.from_arrays([rows[:3], rows[3:]])).counts()
    assert [part.tolist() for part in counts] == [[2, 1], [3, 1], [1, 2, 1]]


def test_what_does_not_fit_is_refused() -> None:
    batch = doodles(2)
    with pytest.raises(ValueError, match="2 drawings need as many pages"):
        RecipeBatch(batch.drawings, (), batch.pages, batch.boxes[:1], batch.splits)
