from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.recipes.kit import doodles

from limner.errors import DataError
from limner.recipes.columns import Columns
from limner.recipes.recipe_state import RecipeState
from limner.recipes.stable_hash import hash_names
from limner.recipes.step_stats import StepStats
from limner.recipes.steps.base import WholeStep
from limner.recipes.steps.choose import CapStep, ChooseStep


def columns(labels: list[int]) -> Columns:
    n = len(labels)
    sources = hash_names([f"f#{i}" for i in range(n)])
    ones = np.ones(n, np.uint32)
    numbers = np.array(labels, np.int32)
    more: dict[str, NDArray[np.generic]] = {"source": sources, "file": hash_names(["f"] * n)}
    return Columns(np.full(n, -1, np.int8), sources, ones, ones, numbers, ("a", "b"), more)


def kept(step: WholeStep, of: Columns, left: NDArray[np.bool_] | None = None, seed: int = 0) -> list[int]:
    mask = np.ones(len(of), np.bool_) if left is None else left.copy()
    for gone in step.choose(of, mask.copy(), seed, 2).dropped.values():
        mask &= ~gone
    return np.flatnonzero(mask).tolist()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = ["source,choice,cluster", "f#0,keep,1", "f#1,drop,2", "f#3,,2", "other#9,keep,7"]
    (tmp_path / "t.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    return tmp_path


def test_a_person_s_choices(table: Path) -> None:
    five = columns([0] * 5)
    assert kept(ChooseStep(table="t.csv").opened(table), five) == [0]
    (table / "t.csv").write_text("source,choice\nf#1,drop\nf#2,\n")
    assert kept(ChooseStep(table="t.csv").opened(table), five) == [0, 2, 3, 4]


def test_clusters(table: Path) -> None:
    five = columns([0] * 5)
    assert kept(ChooseStep(table="t.csv", column="cluster", keep=("1", "2")).opened(table), five) == [0, 1, 3]
    assert kept(ChooseStep(table="t.csv", column="cluster", exclude=("2",)).opened(table), five) == [0, 2, 4]


def test_pages_and_files_speak_for_their_drawings(tmp_path: Path) -> None:
    sources = ["a.png#0/box-1", "a.png#0/box-2", "a.png#1/box-1", "b.png#0/box-1", "b.png#1/box-1", "c.png#0"]
    pages = [source.split("/")[0] for source in sources]
    batch = doodles(len(sources))
    batch = replace(batch, drawings=replace(batch.drawings, sources=sources), pages=pages)
    made = Columns.of(batch, RecipeState.begin(batch, StepStats.empty(0), 0), ChooseStep.needs)
    rows = ["source,kind", "a.png,drawing", "a.png#1,notes", "a.png#0/box-2,bad", "b.png#1,drawing"]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    step = ChooseStep(table="t.csv", column="kind", keep=("drawing",)).opened(tmp_path)
    assert kept(step, made) == [0, 4]
    step = ChooseStep(table="t.csv", column="kind", exclude=("drawing",)).opened(tmp_path)
    assert kept(step, made) == [1, 2, 3, 5]


def test_a_changed_table_is_refused(table: Path) -> None:
    opened = ChooseStep(table="t.csv").opened(table)
    noted = ChooseStep(table="t.csv", sha256=opened.sha256)
    assert noted.opened(table).sha256 == opened.sha256
    (table / "t.csv").write_text("source,choice\nf#1,drop\n")
    with pytest.raises(DataError, match=r"t\.csv has changed"):
        noted.opened(table)


@pytest.mark.parametrize(
    ("text", "column", "sentence"),
    [
        (None, "choice", r"t\.csv cannot be read as a table: no such file"),
        ("", "choice", "has no column 'source'; it has none"),
        ("name,choice\na,b\n", "choice", "has no column 'source'; it has name and choice"),
        ("source,choice\na,b\n", "clutser", "has no column 'clutser'"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, text: str | None, column: str, sentence: str) -> None:
    if text is not None:
        (tmp_path / "t.csv").write_text(text)
    with pytest.raises(DataError, match=sentence):
        ChooseStep(table="t.csv", column=column).opened(tmp_path)


def test_a_value_that_is_not_there_is_refused(table: Path) -> None:
    with pytest.raises(DataError, match=r"has no '9' in its column 'cluster'; there are 1, 2 and 7\."):
        ChooseStep(table="t.csv", column="cluster", keep=("1", "9")).opened(table)
    (table / "t.csv").write_text("source,cluster\n" + "".join(f"f#{i},c{i}\n" for i in range(20)))
    with pytest.raises(DataError, match=r"there are c0, c1, c10, .*, c15 and 12 more\."):
        ChooseStep(table="t.csv", column="cluster", exclude=("people",)).opened(table)
    (table / "t.csv").write_text("source,choice\nf#1,\n")
    with pytest.raises(DataError, match="no 'keep' in its column 'choice', which is empty"):
        ChooseStep(table="t.csv", keep=("keep",)).opened(table)


def test_the_table_does_not_travel(table: Path) -> None:
    opened = ChooseStep(table="t.csv").opened(table)
    assert not hasattr(pickle.loads(pickle.dumps(opened.closed())), "found")


def test_cap_by_label_and_in_all() -> None:
    many = columns([0] * 40 + [1] * 10 + [-1] * 5)
    labels = many.label
    chosen = kept(CapStep(at_most=8), many)
    assert np.unique(labels[chosen], return_counts=True)[1].tolist() == [5, 8, 8]
    assert len(kept(CapStep(in_all=7), many)) == 7
    assert np.unique(labels[kept(CapStep(balance=True), many)], return_counts=True)[1].tolist() == [5, 5, 5]
    assert kept(CapStep(), many) == list(range(55))


def test_random_choice_is_by_source_not_by_position() -> None:
    forth = columns([0] * 30)
    order = np.random.default_rng(1).permutation(30)
    back = replace(forth, label=forth.label[order], more={"source": forth.more["source"][order]})
    chosen = kept(CapStep(in_all=9), forth)
    assert sorted(order[kept(CapStep(in_all=9), back)].tolist()) == chosen
    assert kept(CapStep(in_all=9), forth, seed=1) != chosen


def test_what_is_gone_takes_no_place() -> None:
    left = np.arange(30) >= 20
    assert kept(CapStep(in_all=10), columns([0] * 30), left) == list(range(20, 30))
