"""Labels of a table."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.evaluation.toys import toy_corpus
from tests.recipes.kit import batch_of, doodles, stepped

from limner.corpus.load import load_corpus
from limner.corpus.npz_writer import write_npz
from limner.corpus.packed_strings import PackedStrings
from limner.errors import DataError
from limner.recipes.build import build
from limner.recipes.steps.relabel import RelabelStep
from limner.recipes.steps.size import LabelsStep

LINE = [[(0.0, 0.0), (9.0, 0.0)]]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = ["source,choice,label", "f#0,keep,tomcat", "f#2,,  sea cow ", "f#1,drop,"]
    (tmp_path / "t.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def _labels(step: RelabelStep, labels: list[str | None]) -> list[str | None]:
    return stepped(step, batch_of(*[LINE] * len(labels), labels=labels)).state.to_batch().labels()


def test_who_is_in_the_table_gets_its_label(table: Path) -> None:
    step = RelabelStep(table="t.csv").opened(table)
    assert _labels(step, ["cat", "dog", "dog", None]) == ["tomcat", "dog", "sea cow", None]


def test_names_that_nobody_bears_any_more_are_gone(table: Path) -> None:
    step = RelabelStep(table="t.csv").opened(table)
    assert stepped(step, batch_of(LINE, labels=["cat"])).state.label_names == ("tomcat",)


def test_pages_and_files_speak_for_their_drawings(tmp_path: Path) -> None:
    sources = ["a.png#0/box-1", "a.png#0/box-2", "a.png#1/box-1", "b.png#0"]
    batch = doodles(4)
    drawings = replace(batch.drawings, sources=PackedStrings.of(sources))
    batch = replace(batch, drawings=drawings, pages=PackedStrings.of(s.split("/")[0] for s in sources))
    (tmp_path / "t.tsv").write_text("source\tlabel\na.png#0/box-2\tear\na.png#0\tface\na.png\thead\n")
    found = stepped(RelabelStep(table="t.tsv").opened(tmp_path), batch).state.to_batch().labels()
    assert found[:3] == ["face", "ear", "head"]
    assert found[3] == batch.labels()[3]


def test_later_steps_know_the_labels(table: Path) -> None:
    done = stepped(RelabelStep(table="t.csv").opened(table), batch_of(LINE, LINE, labels=["cat", "cat"]))
    left = LabelsStep(keep=("tomcat",)).apply(done.state)
    assert list(left.sources) == ["f#0"]


def test_points_stay_as_they_are(table: Path) -> None:
    batch = doodles(5)
    after = stepped(RelabelStep(table="t.csv").opened(table), batch).state.to_batch()
    np.testing.assert_array_equal(after.drawings.rows, batch.drawings.rows)
    assert list(after.drawings.sources) == list(batch.drawings.sources)


def test_it_travels_with_its_table(table: Path) -> None:
    step = RelabelStep(table="t.csv").opened(table)
    assert pickle.loads(pickle.dumps(step)) == step
    assert step.closed() == RelabelStep(str(table / "t.csv"), "label", step.sha256)


def test_tables_that_say_nothing_are_refused(table: Path) -> None:
    with pytest.raises(DataError, match="no column 'kind'"):
        RelabelStep(table="t.csv", column="kind").opened(table)
    with pytest.raises(DataError, match="take sha256 out of the step relabel"):
        RelabelStep(table="t.csv", sha256="0" * 64).opened(table)
    (table / "t.csv").write_text("source,label\nf#0,\n")
    with pytest.raises(DataError, match="has no label in its column 'label'"):
        RelabelStep(table="t.csv").opened(table)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_recipe_with_labels(tmp_path: Path, jobs: int) -> None:
    """And what is written beside the corpus builds the same again."""
    write_npz(toy_corpus(20, 5), tmp_path / "toys.npz")
    (tmp_path / "t.csv").write_text("source,label\ntoys.npz#3,odd\n")
    (tmp_path / "r.toml").write_text('[[step]]\nstep = "relabel"\ntable = "t.csv"\n')
    made = build([tmp_path / "toys.npz"], tmp_path / "a.parquet", recipe=tmp_path / "r.toml", jobs=jobs)
    named = _named(tmp_path / "a.parquet")
    assert [source for source, label in named.items() if label == "odd"] == ["toys.npz#3"]
    build([tmp_path / "toys.npz"], tmp_path / "b.parquet", recipe=made.files["recipe"], jobs=jobs)
    assert _named(tmp_path / "b.parquet") == named


def _named(path: Path) -> dict[str, str | None]:
    """Return the label of each drawing by its source."""
    corpus = load_corpus(path)
    return {
        split.sources[i]: corpus.drawing(name, i).label
        for name, split in corpus.splits.items()
        for i in range(len(split))
    }
